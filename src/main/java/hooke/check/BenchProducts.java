package hooke.check;

import hooke.fused.FusedModel;
import hooke.fused.kernels.Gemm;
import hooke.fused.kernels.Kernel;
import hooke.fused.kernels.Meter;
import hooke.task.FiniteTask;
import hooke.train.Training;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/** At which rate the fused engine's products run, on one thread, beside that of a product of 512-cubes in the same minute. */
final class BenchProducts {
    private static final int CUBE = 512;

    private BenchProducts() {}

    /** Of updates on batches of a training, which stays as it is. */
    static Map<String, Double> of(Training training) {
        var experiment = training.experiment();
        var config = experiment.train().withMachine(experiment.train().engine(), 1);
        var meter = new Meter();
        int[] batch = training.data().batch(0).numbers();
        int steps = 0;
        try (var model = new FusedModel(
                experiment.model(),
                config,
                (FiniteTask) training.task(),
                training.weights(),
                batch.length,
                Kernel.best(),
                meter)) {
            long end = System.nanoTime() + 500_000_000L;
            while (steps < 2 || System.nanoTime() < end) {
                model.differentiate(batch);
                model.update(steps++);
            }
        }
        if (meter.flops() == 0) {
            return Map.of(); // Too small for the library.
        }
        double cube = cubeRate();
        return Map.of(
                "sgemm512_gflops",
                cube,
                "products_gflops",
                meter.gigaflopsPerSecond(),
                "products_of_sgemm512",
                meter.gigaflopsPerSecond() / cube,
                "products_ms_per_update",
                meter.millis() / steps,
                "products_gflop_per_update",
                meter.flops() / steps / 1e9,
                "longest_call_ms",
                meter.longestMillis());
    }

    private static double cubeRate() {
        Gemm library = Gemm.ofFloats();
        var a = MemorySegment.ofArray(new float[CUBE * CUBE]);
        var b = MemorySegment.ofArray(new float[CUBE * CUBE]);
        var c = MemorySegment.ofArray(new float[CUBE * CUBE]);
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 40; i++) {
            long start = System.nanoTime();
            library.multiply(false, false, CUBE, CUBE, CUBE, a, CUBE, b, CUBE, 0, c, CUBE);
            best = Math.min(best, System.nanoTime() - start);
        }
        return 2.0 * CUBE * CUBE * CUBE / best;
    }
}
