package hooke.spark;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.DefaultConfiguration;

/** Where Spark says what it warns of: in a file, which the user's terminal is not. */
final class SparkLog {
    private SparkLog() {}

    /** Before the first object of Spark, which would choose for itself; a program that has its own idea keeps it. */
    static void off() {
        configure("off", "spark.log"); // which is made with its first line
    }

    static void to(Path file) {
        configure("warn", file.toString());
    }

    private static void configure(String level, String file) {
        var logs = (LoggerContext) LogManager.getContext(false);
        URI ours = URI.create(Objects.requireNonNull(SparkLog.class.getResource("driver-log.properties"))
                .toString());
        if (logs.getConfiguration() instanceof DefaultConfiguration || ours.equals(logs.getConfigLocation())) {
            System.setProperty("hooke.spark.log", file);
            System.setProperty("hooke.spark.log.level", level);
            logs.setConfigLocation(ours);
        }
    }
}
