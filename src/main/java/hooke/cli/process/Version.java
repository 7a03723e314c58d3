package hooke.cli.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** {@code hooke 0.1.0 (Java 25.0.3, Linux amd64)}. */
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "hooke %s (Java %s, %s %s)"
                    .formatted(
                            number(), Runtime.version(), System.getProperty("os.name"), System.getProperty("os.arch"))
        };
    }

    /** The version of the pom, as a resource repeats it. */
    public static String number() {
        var properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("/hooke/cli/version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "of unknown version");
    }
}
