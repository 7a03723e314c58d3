package hooke.spark;

import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.DefaultConfiguration;

/** Where Spark says what it warns of: in a file, which the user's terminal is not. */
final class SparkLog {
    private SparkLog() {}

    /** Before the first object of Spark, which would choose for itself; a program that has its own idea keeps it. */
    static void to(Path file) {
        var logs = (LoggerContext) LogManager.getContext(false);
        if (logs.getConfiguration() instanceof DefaultConfiguration) {
            System.setProperty("hooke.spark.log", file.toString());
            URL ours = Objects.requireNonNull(SparkLog.class.getResource("driver-log.properties"));
            logs.setConfigLocation(URI.create(ours.toString()));
        }
    }
}
