package hooke.sweep.scale;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.sweep.scale.Cluster.Driver;
import hooke.sweep.scale.Cluster.Machines;
import hooke.sweep.scale.Cluster.Network;
import hooke.sweep.scale.Cluster.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What 10,000 runs and 1,000 machines need, as docs/scale.md tells it. Where the numbers come from stands there, too. */
final class ScaleTest {
    private static final double HOUR = 3600;
    private static final double NEVER = 1e12;

    /** Ten seconds of training, and a small archive. */
    private static final Work SHORT = new Work(10_000, 10, 10, 23e3, 23e3);
    /** {@code modmul-113}: 40,000 updates of 75 ms, a checkpoint every 100. */
    private static final Work LONG = new Work(10_000, 3000, 7.5, 2.7e6, 0.9e6);

    private static final Work LONG_WITH_ALL = new Work(10_000, 3000, 7.5, 2.7e6, 363e6);

    /** For the driver to hand out a run, and to hear how far one is. */
    private static final double ORDER = 0.023;

    private static final double MESSAGE = 0.0001;
    /** Processes of one machine need no other. */
    private static final Driver ITSELF = new Driver(0, 0, 1, 0);

    private static final Network NFS = new Network(1.25e9, 0.5e9);

    private static Cluster cluster(Work work, int machines, double lifetime, double arrivalBytes) {
        return new Cluster(
                work,
                new Machines(machines, 16, 4, lifetime, 120),
                NFS,
                new Driver(ORDER, MESSAGE, 1, 0.026 + work.archive() / arrivalBytes));
    }

    private static Map<String, Cluster> scenarios() {
        double rare = 6000 * HOUR;
        double stored = 67e6;
        double compressed = 38e6;
        Map<String, Cluster> all = new LinkedHashMap<>();
        all.put("short, 10 machines", cluster(SHORT, 10, rare, stored));
        all.put("short, 1,000 machines", cluster(SHORT, 1000, rare, stored));
        all.put("long, 10 machines", cluster(LONG, 10, rare, stored));
        all.put("long, 100 machines", cluster(LONG, 100, rare, stored));
        all.put("long, 1,000 machines", cluster(LONG, 1000, rare, stored));
        all.put("long, 1,000 that live 24 h", cluster(LONG, 1000, 24 * HOUR, stored));
        all.put("long, 1,000 that live 2 h", cluster(LONG, 1000, 2 * HOUR, stored));
        all.put("long, 1,000, all checkpoints kept", cluster(LONG_WITH_ALL, 1000, rare, stored));
        all.put("the same, weights compressed", cluster(LONG_WITH_ALL, 1000, rare, compressed));
        return all;
    }

    private static String table() {
        var table = new StringBuilder(
                "| sweep | takes | at least | trained again | failures | driver busy | sent | slot hours |\n");
        table.append("|---|---|---|---|---|---|---|---|\n");
        scenarios().forEach((name, cluster) -> {
            var result = Simulation.of(cluster, 1);
            double needed = cluster.work().runs() * cluster.work().training();
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %.2f%% | %d | %.0f%% | %.2f TB | %,.0f |\n",
                    name,
                    time(result.seconds()),
                    time(cluster.bound()),
                    100 * (result.trained() / needed - 1),
                    result.failures(),
                    100 * result.driver(),
                    result.sent() / 1e12,
                    result.seconds() * Math.min(cluster.slots(), cluster.work().runs()) / HOUR));
        });
        return table.toString();
    }

    /** Sweeps that were trained here, by what their own runs took: see the page. */
    private static String checks() {
        var table = new StringBuilder("| sweep | simulated | measured |\n|---|---|---|\n");
        check(
                table,
                "8 runs, 1 worker",
                new Work(8, 14.5, 14.5, 0, 0),
                new Machines(1, 1, 42.5, NEVER, 0),
                ITSELF,
                174);
        check(
                table,
                "16 runs, 2 workers",
                new Work(16, 26.8, 26.8, 0, 0),
                new Machines(1, 2, 91.7, NEVER, 0),
                ITSELF,
                339);
        check(
                table,
                "1,000 runs, Spark, 2 workers",
                new Work(1000, 0.376, 0.376, 0, 23e3),
                new Machines(2, 1, 35.9, NEVER, 0),
                new Driver(ORDER, MESSAGE, 1, 0.026),
                224);
        check(
                table,
                "the same again, by the times above",
                new Work(1000, 0.376, 0.376, 0, 23e3),
                new Machines(2, 1, 35.9, NEVER, 0),
                new Driver(ORDER, MESSAGE, 1, 0.026),
                241);
        return table.toString();
    }

    private static void check(
            StringBuilder table, String name, Work work, Machines machines, Driver driver, double measured) {
        table.append(String.format(
                Locale.ROOT,
                "| %s | %.0f s | %.0f s |\n",
                name,
                Simulation.of(new Cluster(work, machines, NFS, driver), 1).seconds(),
                measured));
    }

    private static String time(double seconds) {
        return seconds < 600
                ? String.format(Locale.ROOT, "%.0f s", seconds)
                : seconds < 2 * HOUR
                        ? String.format(Locale.ROOT, "%.0f min", seconds / 60)
                        : String.format(Locale.ROOT, "%.1f h", seconds / HOUR);
    }

    @Test
    void thePageHasWhatTheSimulationPrints() throws IOException {
        assertThat(Files.readString(Path.of("docs/scale.md")).replace("\r\n", "\n"))
                .contains(table(), checks());
    }

    /** On clusters of all kinds: every run is finished, and by nobody twice; nothing is faster than it can be; nothing is trained twice for nothing. */
    @Test
    void whatIsConserved() {
        var random = new SplittableRandom(7);
        for (int i = 0; i < 300; i++) {
            var work = new Work(
                    1 + random.nextInt(200),
                    random.nextDouble(1, 100),
                    random.nextDouble(0.5, 50),
                    random.nextDouble(1e3, 1e7),
                    random.nextDouble(1e3, 1e8));
            boolean fails = random.nextBoolean();
            var machines = new Machines(
                    1 + random.nextInt(20),
                    1 + random.nextInt(8),
                    random.nextDouble(5),
                    fails ? random.nextDouble(200, 5000) : NEVER,
                    random.nextDouble(1, 100));
            var cluster = new Cluster(
                    work,
                    machines,
                    new Network(random.nextDouble(1e6, 1e9), random.nextDouble(1e6, 1e9)),
                    new Driver(random.nextDouble(0.01), random.nextDouble(0.001), 1, random.nextDouble(0.1)));

            var result = Simulation.of(cluster, i);

            assertThat(result.finished()).hasSize(work.runs()).containsOnly(1);
            double needed = work.runs() * work.training();
            assertThat(result.seconds()).as("%s", cluster).isGreaterThanOrEqualTo(cluster.bound() * (1 - 1e-9));
            assertThat(result.trained()).isGreaterThanOrEqualTo(needed * (1 - 1e-9));
            assertThat(result.trained()).isLessThanOrEqualTo(result.seconds() * cluster.slots() * (1 + 1e-9));
            assertThat(result.sent()).isGreaterThanOrEqualTo(work.runs() * work.archive() * (1 - 1e-9));
            assertThat(result.sent() / result.seconds())
                    .isLessThanOrEqualTo(cluster.network().total() * (1 + 1e-9));
            if (result.failures() == 0) {
                assertThat(result.trained()).isCloseTo(needed, org.assertj.core.data.Percentage.withPercentage(1e-6));
            }
            assertThat(Simulation.of(cluster, i)).isEqualTo(result);
        }
    }

    /** Where nothing stands in the way, the time is what a pencil finds. */
    @Test
    void withoutQueuesItIsArithmetic() {
        var cluster = new Cluster(
                new Work(10, 100, 40, 0, 0),
                new Machines(5, 1, 2, NEVER, 0),
                new Network(1e9, 1e9),
                new Driver(0, 0, 1, 0));

        assertThat(Simulation.of(cluster, 0).seconds()).isCloseTo(202, org.assertj.core.data.Offset.offset(1e-6));
        assertThat(Simulation.of(cluster, 0).finished()).isEqualTo(java.util.Collections.nCopies(10, 1));
    }

    /** Prints the page's tables. */
    public static void main(String[] args) {
        System.out.print(table() + "\n" + checks());
    }
}
