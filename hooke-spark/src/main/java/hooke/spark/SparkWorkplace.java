package hooke.spark;

import hooke.Amounts;
import hooke.Check;
import hooke.InputException;
import hooke.place.Place;
import hooke.store.RunReader;
import hooke.store.Store;
import hooke.store.archive.CopyFolder;
import hooke.sweep.CellResults;
import hooke.sweep.Sweep;
import hooke.sweep.SweepResults;
import hooke.sweep.SweepRun;
import hooke.sweep.work.Workplace;
import hooke.sweep.work.Workplaces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.FutureAction;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.master.WorkerInfo;
import org.apache.spark.rdd.RDD;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/** An application on a Spark cluster, or inside this process. It begins with the first sweep that it is asked about. */
final class SparkWorkplace implements Workplace {
    /** As many tasks as may wait for an executor: with dynamic allocation, executors come when tasks wait. */
    private static final int WAITING = 1024;
    /** Until the user is told that there is no executor. */
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private static final long LOOK_NANOS = 1_000_000_000;

    private final Workplaces.Asked asked;
    private final OptionalInt size;
    private final String where;
    private final AtomicLong jobs = new AtomicLong();
    private @Nullable Application application;
    private final Set<String> unlike = new HashSet<>();
    private boolean shipped;
    private long executorsSeen;
    private long looked;
    private boolean saidToWait;
    private boolean hadExecutors;

    /** @param one partition, as a task must have one */
    private record Application(
            JavaSparkContext context, RDD<Integer> one, Post post, Place place, CopyFolder temporary, Ending ending) {}

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
    }

    @Override
    public void check(Sweep sweep) {
        if (application == null) {
            int threads = threads(sweep);
            int cores = size.orElseGet(
                    () -> workers().stream().mapToInt(WorkerInfo::cores).max().orElse(Integer.MAX_VALUE));
            Check.that(
                    threads <= cores,
                    "no executor of %s has the %s cores that a run of %s takes (train.threads)",
                    asked.on(),
                    threads,
                    sweep.name());
            application = begin(configuration(sweep.name(), threads));
        }
        if (Files.exists(asked.store().resolve("hooke.db"))) {
            send(sweep);
        }
    }

    private List<WorkerInfo> workers() {
        return new Masters(asked.on(), asked.settings()).workers(Masters.PATIENCE, asked.remark());
    }

    private static int threads(Sweep sweep) {
        return sweep.cells().stream()
                .mapToInt(cell -> cell.experiment().train().threads())
                .max()
                .orElse(1);
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
                        "--enable-native-access=ALL-UNNAMED -Dslf4j.provider=org.apache.logging.slf4j.SLF4JServiceProvider");
        if (asked.on().matches("(local|spark://(127\\.|localhost)).*")) {
            conf.set("spark.driver.host", "127.0.0.1");
        }
        asked.settings().forEach(conf::set);
        return conf;
    }

    private Application begin(SparkConf conf) {
        Place place = Place.make(where);
        SparkLog.to(asked.store().resolve("spark.log"));
        @Nullable CopyFolder temporary = null;
        try {
            temporary = CopyFolder.in(Path.of(System.getProperty("java.io.tmpdir")), "hooke-spark");
            conf.setIfMissing("spark.local.dir", temporary.path().toString());
            var context = new JavaSparkContext(conf);
            executorsSeen = System.nanoTime();
            return new Application(
                    context,
                    context.parallelize(List.of(0), 1).rdd(),
                    Post.open(context.env()),
                    place,
                    temporary,
                    new Ending());
        } catch (Exception e) { // Scala declares none
            place.close();
            if (temporary != null) {
                temporary.close();
            }
            throw new InputException("Spark does not begin on %s: %s".formatted(asked.on(), SparkHand.firstLine(e)), e);
        }
    }

    @Override
    public int hands(int runs) {
        return Math.min(runs, asked.workers().orElse(size.orElse(WAITING)));
    }

    @Override
    public int atOnce(Sweep sweep, int runs) {
        int threads = threads(sweep);
        int slots = size.isPresent()
                ? size.getAsInt() / threads
                : workers().stream()
                        .mapToInt(worker -> worker.cores() / threads)
                        .sum();
        return Math.clamp(hands(runs), 1, Math.max(1, slots));
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

    /**
     * Gives a task to Spark. Not as a map that is collected: for each Spark would look through its own classes for what their closures
     * hold, which takes longer than all the rest.
     */
    FutureAction<String> submit(Trial trial) {
        var answer = new AtomicReference<String>();
        return context()
                .sc()
                .submitJob(
                        begun().one(),
                        trial,
                        CollectionConverters.asScala(List.<Object>of(0)).toSeq(),
                        (_, line) -> {
                            answer.set(line);
                            return BoxedUnit.UNIT;
                        },
                        answer::get);
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
        return new Exchange(begun().place(), begun().temporary().path());
    }

    /** Whether finished runs are for nobody else: nobody named the place. */
    boolean placeIsOurs() {
        return asked.place().isEmpty();
    }

    String nextJob() {
        return Long.toString(jobs.incrementAndGet());
    }

    /** Empty if a machine that computes so may train; else what to tell the user of it, which is nothing where that was said before. */
    synchronized Optional<String> refuses(String host, String likeness) {
        if (asked.alike().isEmpty() || asked.alike().get().admits(likeness)) {
            return Optional.empty();
        }
        return Optional.of(
                unlike.add(likeness)
                        ? "executors that compute with %s, as on %s, are left idle: the runs of this sweep are computed with %s"
                                .formatted(likeness, host, asked.alike().get().wanted())
                        : "");
    }

    /** What to tell the user who waits for the first executor, or for another. */
    synchronized Optional<String> waiting() {
        long now = System.nanoTime();
        if (size.isPresent() || now - looked < LOOK_NANOS || context().sc().isStopped()) {
            return Optional.empty();
        }
        looked = now;
        if (context().sc().statusTracker().getExecutorInfos().length > 1) { // The driver is one.
            executorsSeen = now;
            hadExecutors = true;
            saidToWait = false;
            return Optional.empty();
        }
        if (saidToWait || now - executorsSeen < PATIENCE_NANOS) {
            return Optional.empty();
        }
        saidToWait = true;
        return Optional.of(
                "%s has given no executor yet: the sweep waits until a worker there has free cores and memory for one"
                        .formatted(asked.on()));
    }

    /** Hears that a hand has left. */
    void leave() {
        begun().ending().leave();
    }

    synchronized boolean hadExecutors() {
        return hadExecutors;
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
            try (Place place = begun.place();
                    CopyFolder _ = begun.temporary()) {
                if (placeIsOurs()) {
                    place.tidy(Duration.ZERO);
                }
            } finally {
                begun.ending().close(); // From here on Spark may clear away, too.
            }
        }
    }
}
