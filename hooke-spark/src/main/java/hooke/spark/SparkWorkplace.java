package hooke.spark;

import hooke.Amounts;
import hooke.Check;
import hooke.InputException;
import hooke.place.Place;
import hooke.store.RunReader;
import hooke.store.Store;
import hooke.sweep.CellResults;
import hooke.sweep.Sweep;
import hooke.sweep.SweepResults;
import hooke.sweep.SweepRun;
import hooke.sweep.work.Workplace;
import hooke.sweep.work.Workplaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/** An application on a Spark cluster, or inside this process. It begins with the first sweep that it is asked about. */
final class SparkWorkplace implements Workplace {
    /** As many tasks as may wait for an executor: with dynamic allocation, executors come when tasks wait. */
    private static final int WAITING = 1024;

    private final Workplaces.Asked asked;
    private final OptionalInt size;
    private final String where;
    private final Place place;
    private final Path temporary;
    private final AtomicLong jobs = new AtomicLong();
    private @Nullable Application application;
    private boolean shipped;

    private record Application(JavaSparkContext context, Post post) {}

    /**
     * @param size of one inside this process
     * @param where the exchange is
     */
    SparkWorkplace(Workplaces.Asked asked, OptionalInt size, String where) {
        this.asked = asked;
        this.size = size;
        this.where = where.startsWith("s3:")
                ? where
                : Path.of(where).toAbsolutePath().toString();
        this.place = Place.make(this.where);
        try {
            this.temporary = Files.createTempDirectory("hooke-spark");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void check(Sweep sweep) {
        if (application == null) {
            int threads = sweep.cells().stream()
                    .mapToInt(cell -> cell.experiment().train().threads())
                    .max()
                    .orElse(1);
            Check.that(
                    size.isEmpty() || threads <= size.getAsInt(),
                    "%s has fewer threads than a run of %s (train.threads: %s)",
                    asked.on(),
                    sweep.name(),
                    threads);
            application = begin(configuration(sweep.name(), threads));
        }
        if (Files.exists(asked.store().resolve("hooke.db"))) {
            send(sweep);
        }
    }

    /** Runs that were begun here go on there. */
    private void send(Sweep sweep) {
        Exchange exchange = exchange();
        try (Store store = Store.openReadOnly(asked.store())) {
            SweepResults results = SweepResults.read(store, sweep);
            for (CellResults row : results.cells()) {
                for (SweepRun run : row.runs()) {
                    RunReader reader = results.reader(run);
                    boolean begun = run.status() == SweepRun.Status.STOPPED || run.status() == SweepRun.Status.FAILED;
                    if (reader != null && begun && run.step() > exchange.step(run.hash())) {
                        exchange.send(reader);
                    }
                }
            }
        }
    }

    private SparkConf configuration(String name, int threads) {
        var conf = new SparkConf()
                .setMaster(asked.on())
                .setAppName("hooke sweep " + name)
                .set("spark.task.maxFailures", "1") // The scheduler tries again.
                .set("spark.task.cpus", Integer.toString(threads))
                .set("spark.ui.enabled", "false")
                .set(
                        "spark.executor.extraJavaOptions",
                        "--enable-native-access=ALL-UNNAMED -Dslf4j.provider=org.apache.logging.slf4j.SLF4JServiceProvider")
                .set("spark.executorEnv.OMP_WAIT_POLICY", "passive");
        if (asked.on().matches("(local|spark://(127\\.|localhost)).*")) {
            conf.set("spark.driver.host", "127.0.0.1");
        }
        asked.settings().forEach(conf::set);
        return conf;
    }

    private Application begin(SparkConf conf) {
        try {
            var context = new JavaSparkContext(conf);
            return new Application(context, Post.open(context.env()));
        } catch (Exception e) { // Scala declares none
            throw new InputException("Spark does not begin on %s: %s".formatted(asked.on(), SparkHand.firstLine(e)), e);
        }
    }

    @Override
    public int hands(int runs) {
        return Math.min(runs, asked.workers().orElse(size.orElse(WAITING)));
    }

    @Override
    public String words(int runs) {
        return size.isPresent() ? "Spark with " + Amounts.of(hands(runs), "thread", "threads") : "on " + asked.on();
    }

    @Override
    public Hand hand() {
        return new SparkHand(this);
    }

    Workplaces.Asked asked() {
        return asked;
    }

    JavaSparkContext context() {
        return begun().context();
    }

    Post post() {
        return begun().post();
    }

    private Application begun() {
        Application begun = application;
        if (begun == null) {
            throw new IllegalStateException("a workplace is asked about a sweep first");
        }
        return begun;
    }

    /** As executors find it. */
    String where() {
        return where;
    }

    Exchange exchange() {
        return new Exchange(place, temporary);
    }

    /** Whether finished runs are for nobody else: nobody named the place. */
    boolean placeIsOurs() {
        return asked.place().isEmpty();
    }

    String nextJob() {
        return Long.toString(jobs.incrementAndGet());
    }

    /** Gives executors what else they need than Spark, also those that come later. */
    synchronized void ship() {
        if (!shipped) {
            Jars.toShip().forEach(context()::addJar);
            shipped = true;
        }
    }

    @Override
    public void close() {
        Application begun = application;
        if (begun != null) {
            begun.context().close();
            Slots.close();
        }
        if (placeIsOurs()) {
            place.tidy(Duration.ZERO);
        }
        place.close();
        Store.deleteAll(temporary);
    }
}
