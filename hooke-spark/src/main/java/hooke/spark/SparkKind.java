package hooke.spark;

import hooke.Check;
import hooke.sweep.work.Workplace;
import hooke.sweep.work.Workplaces;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens Spark's masters: {@code local[N]} inside this process, and {@code spark://HOST:PORT}. */
public final class SparkKind implements Workplaces.Kind {
    private static final Pattern LOCAL = Pattern.compile("local\\[(\\d{1,4})]");

    @Override
    public Optional<Workplace> open(Workplaces.Asked asked) {
        asked.settings()
                .forEach((key, value) -> Check.that(
                        key.startsWith("spark."), "--conf %s=%s: a setting of Spark begins with spark.", key, value));
        Matcher local = LOCAL.matcher(asked.on());
        if (local.matches()) {
            int size = Integer.parseInt(local.group(1));
            Check.that(size >= 1 && size <= 1024, "--on (%s) must have from 1 to 1024 threads", asked.on());
            SparkLog.off();
            return Optional.of(new SparkWorkplace(
                    asked,
                    OptionalInt.of(size),
                    asked.place().orElseGet(() -> beside(asked.store()).toString())));
        }
        if (!asked.on().startsWith("spark://")) {
            return Optional.empty();
        }
        SparkLog.off();
        Check.that(
                asked.place().isPresent(),
                "--on %s needs --place: a folder that all its machines see, or s3://BUCKET/PREFIX",
                asked.on());
        new Masters(asked.on(), asked.settings()).workers(Masters.PATIENCE, asked.remark());
        return Optional.of(
                new SparkWorkplace(asked, OptionalInt.empty(), asked.place().orElseThrow()));
    }

    private static Path beside(Path store) {
        Path folder = store.toAbsolutePath().normalize();
        return folder.resolveSibling(folder.getFileName() + ".place");
    }
}
