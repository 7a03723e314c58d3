package hooke.cli.process;

import hooke.store.Provenance;
import hooke.tensor.Libtorch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;

/** Where the numbers of this process come from, as runs keep it. */
public final class Origin {
    private Origin() {}

    /** @param words of the command line, behind the program's name */
    public static Provenance of(List<String> words) {
        return Provenance.here(
                Version.number(),
                commit(),
                Libtorch.version(),
                Libtorch.blas(),
                "hooke " + String.join(" ", words),
                Clock.system(ZoneId.systemDefault()));
    }

    /** Of the project that the launcher built, with {@code -dirty} where files have been changed since; empty where that is unknown. */
    private static String commit() {
        String home = System.getProperty("hooke.home", "");
        if (home.isEmpty()) {
            return "";
        }
        try {
            Process git = new ProcessBuilder(
                            "git", "-C", home, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String described = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor() == 0 ? described : "";
        } catch (IOException e) {
            return ""; // No git here.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
