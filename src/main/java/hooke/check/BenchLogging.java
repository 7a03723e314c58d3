package hooke.check;

import hooke.config.Experiment;
import hooke.store.Provenance;
import hooke.store.RunWriter;
import hooke.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/** What it costs a training step to log one point, everything included that brings it to the disk. */
final class BenchLogging {
    private static final int STEPS = 200_000;

    private BenchLogging() {}

    /** Microseconds a step, of repetitions of 200,000 steps each, into a store in a temporary folder. */
    static double[] microsPerStep(Experiment experiment, double seconds) {
        Path folder = temporary();
        List<Double> times = new ArrayList<>();
        try (Store store = Store.open(folder);
                RunWriter run = store.claim(
                        experiment,
                        Provenance.here("", "", "", "", "bench logging", Clock.system(ZoneId.systemDefault())))) {
            run.begin();
            long step = 0;
            long end = System.nanoTime() + (long) (seconds * 1e9);
            while (times.size() < 4 || System.nanoTime() < end && times.size() < 100) {
                long start = System.nanoTime();
                for (long last = step + STEPS; step < last; ) {
                    run.log(++step, "loss", 1 / (1.0 + step));
                }
                run.checkpoint(step, new LinkedHashMap<>(), new LinkedHashMap<>());
                times.add((System.nanoTime() - start) / 1e3 / STEPS);
            }
        } finally {
            remove(folder);
        }
        // The first repetition is the warm-up.
        return times.stream().skip(1).mapToDouble(Double::doubleValue).toArray();
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("hooke-bench");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder.toString(), e);
        }
    }
}
