package hooke.check;

import hooke.Check;
import hooke.InputException;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.config.Parameter;
import hooke.hook.Cache;
import hooke.hook.HookPoint;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.task.Split;
import hooke.task.Task;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.Libtorch;
import hooke.tensor.NoGrad;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import hooke.train.Training;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Workloads that other programs run, too, from the same weights and data: the numbers that all must agree on, and how long a repetition
 * takes after a warm-up.
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

    private final String workload;
    private final Experiment experiment;
    private final int threads;
    private final double seconds;

    /**
     * A measured workload.
     *
     * @param metric {@code ms_per_epoch}, {@code ms_per_step}, {@code ms_per_run} or {@code us_per_step}
     * @param times of every timed repetition, in the metric's unit
     * @param cpuMillis median process CPU time a unit, all threads of the JVM; NaN where it was not taken
     * @param check numbers from the given weights and data, before the timed part
     */
    public record Measured(
            String workload,
            String engine,
            int threads,
            String metric,
            double[] times,
            double cpuMillis,
            double warmupSeconds,
            List<Double> check,
            String computedBy) {}

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
                "listcopy-step-d128-2L",
                "listcopy-step-d128-3L-ln-bias",
                "listcopy-step-d8-3L",
                "run-with-cache-modmul",
                "run-with-cache-listcopy",
                "logging");
    }

    /** Runs a workload with so many compute threads for about so many seconds of timed repetitions. */
    public static Measured run(String workload, int threads, double seconds) {
        List<String> sets = new ArrayList<>(List.of("train.threads=" + threads));
        String yaml = switch (workload) {
            case "modmul-epoch", "run-with-cache-modmul" -> MODMUL;
            case "listcopy-step-d128-2L", "run-with-cache-listcopy", "logging" -> LIST_COPY;
            case "listcopy-step-d128-3L-ln-bias" -> {
                sets.addAll(List.of("model.n_layers=3", "model.norm=layer-norm", "model.biases=trained"));
                yield LIST_COPY;
            }
            case "listcopy-step-d8-3L" -> {
                sets.addAll(List.of("model.n_layers=3", "model.d_model=8", "model.identity=[W_V, W_O]"));
                yield LIST_COPY;
            }
            default ->
                throw new InputException("workload '" + workload + "' is not one of " + String.join(", ", workloads())
                        + Check.didYouMean(workload, workloads()));
        };
        Experiment experiment = Experiments.parse(yaml, workload, sets).resolved(threads);
        var bench = new Bench(workload, experiment, threads, seconds);
        return switch (workload) {
            case "modmul-epoch" -> bench.modmul();
            case "logging" -> bench.logging();
            case "run-with-cache-modmul" ->
                bench.runWithCache(
                        IntStream.range(0, 113 * 113).toArray(),
                        bench.modmulWeights(),
                        List.of(
                                Point.EMBED.at(),
                                Point.PATTERN.at(0),
                                Point.Z.at(0),
                                Point.MLP_POST.at(0),
                                Point.RESID_POST.at(0)));
            case "run-with-cache-listcopy" ->
                bench.runWithCache(
                        Arrays.copyOfRange(BenchSpec.order(1, 10_000), 8000, 10_000),
                        bench.listCopyWeights(),
                        List.of(
                                Point.EMBED.at(),
                                Point.PATTERN.at(0),
                                Point.RESID_POST.at(0),
                                Point.Z.at(1),
                                Point.RESID_POST.at(1)));
            default -> bench.listCopy();
        };
    }

    private Measured modmul() {
        int[] order = BenchSpec.order(598, 113 * 113);
        Split split = new Split(Arrays.copyOf(order, 3830), Arrays.copyOfRange(order, 3830, order.length));
        try (var training = Training.of(experiment, split, modmulWeights())) {
            List<Double> check = new ArrayList<>();
            for (int epoch = 0; epoch < 3; epoch++) {
                check.add(training.update());
                check.add(training.evaluateTest().loss());
            }
            return time("ms_per_epoch", 1, check, () -> {
                training.update();
                training.evaluateTest();
            });
        }
    }

    private Map<String, RawTensor> modmulWeights() {
        Map<String, RawTensor> weights = new LinkedHashMap<>();
        List<String> numbered = List.of("W_E", "W_pos", "W_Q", "W_K", "W_V", "W_O", "W_in", "W_out", "W_U");
        for (Parameter parameter : Parameter.of(experiment.model())) {
            int k = numbered.indexOf(parameter.shortName());
            weights.put(
                    parameter.name(), k < 0 ? BenchSpec.constant(parameter, 0) : BenchSpec.fill(k, parameter, 0x1p-3));
        }
        return weights;
    }

    /** A forward pass that keeps every hook point's activation at every position; the mean squares of the logits and of some points. */
    private Measured runWithCache(int[] examples, Map<String, RawTensor> weights, List<HookPoint> read) {
        Task task = Task.of(experiment.task());
        int[][] tokens = Arrays.stream(examples).mapToObj(task::tokens).toArray(int[][]::new);
        Libtorch.setThreads(threads);
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var model = new Transformer(Weights.of(experiment.model(), DType.F32, Device.CPU, weights));
            List<Double> check = new ArrayList<>();
            try (var _ = new Scope()) {
                Cache cache = Cache.all();
                check.add(meanSquare(model.forward(tokens, Hooks.read(cache))));
                read.forEach(point -> check.add(meanSquare(cache.get(point))));
            }
            return time("ms_per_run", 1, check, () -> {
                try (var _ = new Scope()) {
                    model.forward(tokens, Hooks.read(Cache.all()));
                }
            });
        }
    }

    private static double meanSquare(Tensor tensor) {
        Tensor wide = tensor.to(DType.F64);
        return wide.times(wide).mean(false).item();
    }

    private Measured listCopy() {
        int[] order = BenchSpec.order(1, 10_000);
        Split split = new Split(Arrays.copyOf(order, 8000), Arrays.copyOfRange(order, 8000, order.length));
        try (var training = Training.of(experiment, split, listCopyWeights())) {
            List<Double> check = new ArrayList<>();
            for (int step = 0; step < 4; step++) {
                check.add(training.update(Arrays.copyOfRange(split.train(), step * 128, step * 128 + 128)));
            }
            return time("ms_per_step", 20, check, () -> {
                for (int step = 0; step < 20; step++) {
                    training.update();
                }
            });
        }
    }

    private Measured logging() {
        double[] times = BenchLogging.microsPerStep(experiment, seconds);
        return new Measured(
                workload, "store", 1, "us_per_step", times, Double.NaN, 0, List.of(), Libtorch.description());
    }

    private Map<String, RawTensor> listCopyWeights() {
        int layers = experiment.model().nLayers();
        boolean small = experiment.model().dModel() < 128;
        Map<String, RawTensor> weights = new LinkedHashMap<>();
        for (Parameter parameter : Parameter.of(experiment.model())) {
            String name = parameter.shortName();
            int layer = parameter.name().startsWith("blocks.")
                    ? Integer.parseInt(parameter.name().split("\\.")[1])
                    : -1;
            int k = switch (name) {
                case "W_E" -> 0;
                case "W_pos" -> 1;
                case "W_Q", "W_K", "W_V", "W_O" -> 2 + 4 * layer + "QKVO".indexOf(name.charAt(2));
                case "W_U" -> 2 + 4 * layers;
                default -> -1;
            };
            boolean identity = experiment.model().identity().stream()
                    .anyMatch(i -> i.name().equals(name));
            weights.put(
                    parameter.name(),
                    identity
                            ? BenchSpec.identity(parameter)
                            : k >= 0
                                    ? BenchSpec.fill(k, parameter, small ? 0x1p-1 : 0x1p-3)
                                    : BenchSpec.constant(parameter, name.equals("w") ? 1 : 0));
        }
        return weights;
    }

    /** At least three repetitions, at most a hundred, after a warm-up in which the JIT compiler has seen everything. */
    private Measured time(String metric, int units, List<Double> check, Runnable repetition) {
        long begin = System.nanoTime();
        for (int i = 0; i < 3 || System.nanoTime() - begin < 3e9; i++) {
            repetition.run();
        }
        double warmup = (System.nanoTime() - begin) / 1e9;
        List<Double> times = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        var process = (com.sun.management.OperatingSystemMXBean)
                java.lang.management.ManagementFactory.getOperatingSystemMXBean();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (times.size() < 100 && (times.size() < 3 || System.nanoTime() < end)) {
            long cpuStart = process.getProcessCpuTime();
            long start = System.nanoTime();
            repetition.run();
            times.add((System.nanoTime() - start) / 1e6 / units);
            cpu.add((process.getProcessCpuTime() - cpuStart) / 1e6 / units);
        }
        return new Measured(
                workload,
                experiment.train().engine().name().toLowerCase(Locale.ROOT),
                threads,
                metric,
                times.stream().mapToDouble(Double::doubleValue).toArray(),
                median(cpu),
                warmup,
                List.copyOf(check),
                Libtorch.description());
    }

    private static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
