package hooke.check;

import hooke.Check;
import hooke.InputException;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.config.TrainConfig;
import hooke.fused.kernels.Gemm;
import hooke.task.Batch;
import hooke.task.EvaluationSet;
import hooke.task.Split;
import hooke.tensor.Libtorch;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import hooke.train.Training;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Workloads that other programs run, too, from the same weights and data: the numbers that all must agree on, and how long a repetition
 * takes after a warm-up. What trains is the engine that {@code auto} chooses, with as many of the threads as it would use.
 */
public final class Bench {
    private static final String MODMUL = """
            name: modmul-epoch
            task: {kind: modular-arithmetic, operation: multiply, modulus: 113, train_fraction: 0.3}
            model: {n_layers: 1, d_model: 128, n_heads: 4, d_mlp: 512, biases: frozen}
            train:
              steps: 1000000
              batch: full
              loss_dtype: float64
              optimizer: {kind: adamw, lr: 1e-3, weight_decay: 1.0, betas: [0.9, 0.98]}
            """;
    private static final String LIST_COPY = """
            name: listcopy-step
            task: {kind: list-copy, list_length: 2, n_digits: 100, train_fraction: 0.8}
            model: {n_layers: 2, d_model: 128, n_heads: 1, attn_only: true, mask: bottleneck, biases: frozen}
            train:
              steps: 1000000000
              batch: 128
              optimizer: {kind: adamw, lr: 1e-3, weight_decay: 0.01}
            """;
    private static final String GROK = """
            name: grok-step
            task: {kind: modular-arithmetic, operation: subtract, modulus: 97, format: equation, train_fraction: 0.5}
            model:
              {n_layers: 2, d_model: 128, n_heads: 4, n_ctx: 5, act_fn: gelu, norm: {kind: layer-norm, placement: post}, init: pytorch}
            train:
              steps: 1000000000
              batch: 512
              order: with-replacement
              schedule: {kind: warmup, steps: 50}
              optimizer: {kind: adamw, lr: 1e-3, weight_decay: 0.5, betas: [0.9, 0.98]}
            """;

    private final String workload;
    private final Experiment experiment;
    private final int threads;
    private final double seconds;

    private Bench(String workload, Experiment experiment, int threads, double seconds) {
        this.workload = workload;
        this.experiment = experiment;
        this.threads = threads;
        this.seconds = seconds;
    }

    /** The names of all workloads. */
    public static List<String> workloads() {
        return List.of(
                "modmul-epoch",
                "modmul-late",
                "listcopy-step-d128-2L",
                "listcopy-step-d128-3L-ln-bias",
                "listcopy-step-d8-3L",
                "listcopy-vmap16-d128-2L",
                "grok-step",
                "run-with-cache-modmul",
                "run-with-cache-listcopy",
                "headlines-step-f32",
                "headlines-step-bf16",
                "headlines-step-f32-drop",
                "lifegpt-train-f32",
                "lifegpt-train-bf16",
                "lifegpt-generate-b1",
                "lifegpt-generate-b32",
                BenchTokenizers.TRAIN,
                BenchTokenizers.ENCODE,
                "logging");
    }

    /** Runs a workload with so many compute threads for about so many seconds of timed repetitions. */
    public static Measured run(String workload, int threads, double seconds) {
        if (workload.equals(BenchTokenizers.TRAIN) || workload.equals(BenchTokenizers.ENCODE)) {
            return BenchTokenizers.of(workload, seconds);
        }
        List<String> sets = new ArrayList<>();
        String yaml = switch (workload) {
            case "modmul-epoch", "modmul-late", "run-with-cache-modmul" -> MODMUL;
            case "grok-step" -> GROK;
            case "listcopy-step-d128-2L", "listcopy-vmap16-d128-2L", "run-with-cache-listcopy", "logging" -> LIST_COPY;
            case "listcopy-step-d128-3L-ln-bias" -> {
                sets.addAll(List.of("model.n_layers=3", "model.norm=layer-norm", "model.biases=trained"));
                yield LIST_COPY;
            }
            case "listcopy-step-d8-3L" -> {
                sets.addAll(List.of("model.n_layers=3", "model.d_model=8", "model.identity=[W_V, W_O]"));
                yield LIST_COPY;
            }
            case "headlines-step-f32", "headlines-step-bf16", "headlines-step-f32-drop" -> BenchHeadlines.YAML;
            case "lifegpt-train-f32", "lifegpt-train-bf16" -> BenchLife.YAML;
            case "lifegpt-generate-b1", "lifegpt-generate-b32" -> {
                sets.add("task.n_ctx=535");
                yield BenchLife.YAML;
            }
            default ->
                throw new InputException("workload '" + workload + "' is not one of " + String.join(", ", workloads())
                        + Check.didYouMean(workload, workloads()));
        };
        if (workload.startsWith("run-with-cache")) {
            sets.add("train.engine=torch"); // only libtorch's forward pass has hooks
        }
        Experiment experiment = Experiments.parse(yaml, workload, sets).resolved(threads);
        var bench = new Bench(workload, experiment, threads, seconds);
        return switch (workload) {
            case "modmul-epoch" -> bench.modmul();
            case "modmul-late" -> bench.late();
            case "grok-step" -> bench.grok();
            case "listcopy-vmap16-d128-2L" -> bench.members();
            case "run-with-cache-modmul", "run-with-cache-listcopy" -> bench.runWithCache();
            case "headlines-step-f32", "headlines-step-bf16", "headlines-step-f32-drop" -> bench.headlines();
            case "lifegpt-train-f32", "lifegpt-train-bf16" -> bench.life();
            case "lifegpt-generate-b1" -> bench.lifeGeneration(1);
            case "lifegpt-generate-b32" -> bench.lifeGeneration(32);
            case "logging" -> bench.logging();
            default -> bench.listCopy();
        };
    }

    private static Split split(long stream, int examples, int train) {
        int[] order = BenchSpec.order(stream, examples);
        return new Split(Arrays.copyOf(order, train), Arrays.copyOfRange(order, train, order.length));
    }

    private Measured modmul() {
        try (var training = Training.of(experiment, split(598, 113 * 113, 3830), BenchWeights.modmul(experiment))) {
            List<Double> check = new ArrayList<>();
            for (int epoch = 0; epoch < 3; epoch++) {
                check.add(training.advance().loss());
                check.add(training.evaluate(EvaluationSet.TEST).loss());
            }
            return time("ms_per_epoch", 1, check, () -> epoch(training)).with(products(training));
        }
    }

    private static void epoch(Training training) {
        training.advance();
        training.evaluate(EvaluationSet.TEST);
    }

    /** How much longer an epoch takes when the training loss has been near zero for long: CPU time of the thread at 4,800, over at 50. */
    private Measured late() {
        try (var training = Training.of(experiment, split(598, 113 * 113, 3830), BenchWeights.modmul(experiment))) {
            double[] millis = new double[2];
            for (int at = 0; at < 2; at++) {
                while (training.step() < (at == 0 ? 50 : 4800)) {
                    epoch(training);
                }
                double[] epochs = new double[20];
                for (int i = 0; i < epochs.length; i++) {
                    long start = System.nanoTime();
                    epoch(training);
                    epochs[i] = (System.nanoTime() - start) / 1e6;
                }
                Arrays.sort(epochs);
                millis[at] = epochs[epochs.length / 2];
            }
            return measured(
                    "ratio",
                    new double[] {millis[1] / millis[0]},
                    Double.NaN,
                    0,
                    List.of(),
                    Map.of(
                            "ms_at_50",
                            millis[0],
                            "ms_at_4800",
                            millis[1],
                            "train_loss",
                            training.evaluate(EvaluationSet.TRAIN).loss()));
        }
    }

    private Measured runWithCache() {
        Libtorch.setThreads(threads);
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var caching = BenchCaching.of(experiment);
            return time("ms_per_run", 1, caching.check(), caching::run)
                    .with(Map.of("ms_with_every_point_read", caching.millisWhenAllIsRead()));
        }
    }

    private Measured listCopy() {
        Split split = split(1, 10_000, 8000);
        try (var training = Training.of(experiment, split, BenchWeights.listCopy(experiment, 0))) {
            List<Double> check = firstLosses(training, split, 128);
            return time("ms_per_step", 20, check, () -> {
                        for (int step = 0; step < 20; step++) {
                            training.advance();
                        }
                    })
                    .with(products(training));
        }
    }

    private Measured grok() {
        Split split = split(97, 97 * 97, 4704);
        try (var training = Training.of(experiment, split, BenchWeights.grok(experiment))) {
            List<Double> check = firstLosses(training, split, 512);
            return time("ms_per_step", 10, check, () -> {
                        for (int step = 0; step < 10; step++) {
                            training.advance();
                        }
                    })
                    .with(products(training));
        }
    }

    private Map<String, Double> products(Training training) {
        return experiment.train().engine() == TrainConfig.Engine.FUSED ? BenchProducts.of(training) : Map.of();
    }

    /** Losses of four steps on the first examples, the next ones, and so on. */
    static List<Double> firstLosses(Training training, Split split, int batch) {
        List<Double> losses = new ArrayList<>();
        for (int step = 0; step < 4; step++) {
            int[] examples = Arrays.copyOfRange(split.train(), step * batch, (step + 1) * batch);
            losses.add(training.advance(new Batch.Examples(examples)).loss());
        }
        return losses;
    }

    private Measured members() {
        try (var members = new BenchMembers(experiment, split(1, 10_000, 8000), threads)) {
            return time("ms_per_member_step", 20 * BenchMembers.COUNT, members.firstLosses(), members::twentySteps);
        }
    }

    /** What multiplies bfloat16 where the workload asks for it; null for float32. */
    private @Nullable Gemm bf16() {
        Libtorch.setThreads(1); // The engine has threads of its own.
        if (!workload.endsWith("bf16")) {
            return null;
        }
        return Gemm.ofBf16()
                .orElseThrow(() -> new InputException(
                        "this processor multiplies no bfloat16 (it lacks avx512_bf16 and AMX), so that %s cannot be timed here"
                                .formatted(workload)));
    }

    private Measured headlines() {
        @Nullable Gemm bf16 = bf16();
        try (var headlines = new BenchHeadlines(experiment, threads, bf16, workload.endsWith("drop") ? 0.1 : 0)) {
            int sequences = BenchHeadlines.SEQUENCES;
            int length = BenchHeadlines.LENGTH;
            Measured timed =
                    time("ms", 1, headlines.check(), headlines::repetition).inTokens(sequences * length, "fused");
            return timed.with(
                    BenchLife.shareOfProducts(experiment.model(), sequences, length, bf16, timed.cpuMillis()));
        }
    }

    private Measured life() {
        @Nullable Gemm bf16 = bf16();
        try (var life = new BenchLife(experiment, threads, bf16)) {
            Measured timed = time("ms", 1, life.check(), life::repetition)
                    .inTokens(BenchLife.SEQUENCES * BenchLife.LENGTH, "fused");
            return timed.with(BenchLife.shareOfProducts(
                    experiment.model(), BenchLife.SEQUENCES, BenchLife.LENGTH, bf16, timed.cpuMillis()));
        }
    }

    private Measured lifeGeneration(int prompts) {
        try (var generation = new BenchLifeGeneration(experiment.model(), prompts, threads)) {
            return time("ms", 1, generation.check(), generation::repetition).inTokens(generation.tokens(), "fused");
        }
    }

    private Measured logging() {
        return measured(
                "us_per_step", BenchLogging.microsPerStep(experiment, seconds), Double.NaN, 0, List.of(), Map.of());
    }

    /** At least two repetitions, at most a hundred, after a warm-up in which the JIT compiler has seen everything. */
    private Measured time(String metric, int units, List<Double> check, Runnable repetition) {
        List<double[]> warmup = new ArrayList<>(); // when it ended, and how long it took
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < 5e9) {
            long start = System.nanoTime();
            repetition.run();
            long end = System.nanoTime();
            warmup.add(new double[] {(end - begin) / 1e9, (end - start) / 1e6 / units});
        }
        double warmupSeconds = (System.nanoTime() - begin) / 1e9;
        List<Double> times = new ArrayList<>();
        var process = (com.sun.management.OperatingSystemMXBean)
                java.lang.management.ManagementFactory.getOperatingSystemMXBean();
        var memory = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long allocated = memory.getTotalThreadAllocatedBytes();
        long cpuStart = process.getProcessCpuTime();
        long first = System.nanoTime();
        long end = first + (long) (seconds * 1e9);
        while (times.size() < 100 && (times.size() < 2 || System.nanoTime() < end)) {
            long start = System.nanoTime();
            repetition.run();
            times.add((System.nanoTime() - start) / 1e6 / units);
        }
        // The clock of the process ticks every 10 ms, longer than some repetitions take: only all together are a
        // measure.
        double cpu = (process.getProcessCpuTime() - cpuStart) / 1e6 / units / times.size();
        double megabytes = (memory.getTotalThreadAllocatedBytes() - allocated) / 1e6;
        double took = (System.nanoTime() - first) / 1e9;
        double median = median(times);
        double full = warmup.stream()
                .filter(w -> w[1] <= 1.2 * median)
                .mapToDouble(w -> w[0])
                .findFirst()
                .orElse(warmupSeconds);
        return measured(
                metric,
                times.stream().mapToDouble(Double::doubleValue).toArray(),
                cpu,
                warmupSeconds,
                List.copyOf(check),
                more(Map.of("full_speed_after_s", full, "allocated_mb_per_s", megabytes / took)));
    }

    /** These measures, and the most memory that the process has held so far, where the system tells. */
    private static Map<String, Double> more(Map<String, Double> measures) {
        Map<String, Double> more = new TreeMap<>(measures);
        Path status = Path.of("/proc/self/status");
        if (Files.exists(status)) {
            try {
                String peak = Files.readString(status).replaceAll("(?s).*VmHWM:\\s+(\\d+) kB.*", "$1");
                more.put("peak_mib", Double.parseDouble(peak) / 1024);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return more;
    }

    private Measured measured(
            String metric, double[] times, double cpu, double warmup, List<Double> check, Map<String, Double> more) {
        String engine = workload.equals("logging")
                ? "store"
                : experiment.train().engine().name().toLowerCase(Locale.ROOT);
        return new Measured(workload, engine, threads, metric, times, cpu, warmup, check, more, Libtorch.description());
    }

    private static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
