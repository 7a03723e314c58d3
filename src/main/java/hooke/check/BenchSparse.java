package hooke.check;

import hooke.config.Experiments;
import hooke.config.ModelConfig;
import hooke.config.Parameter;
import hooke.fused.context.ContextModel;
import hooke.fused.kernels.Kernel;
import hooke.hook.Cache;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.model.Plan;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.task.Batch;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.Libtorch;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What one layer of attention (8 heads of 32, a stream of 256, and little else) costs, forward and backward over one sequence, by mask or
 * way to weight keys, engine and length of the context.
 */
public final class BenchSparse {
    /** Causal attention whose pattern is there as a whole. */
    public static final String MATERIALISED = "causal, pattern materialised";

    /** A query sees itself alone: what the layer costs beside attention, its projections above all. */
    public static final String ITSELF = "itself";

    /** A pattern of all queries and keys takes gigabytes beyond. */
    private static final int MOST_MATERIALISED = 4096;

    /** Seconds of one pass beyond which there is no second one. */
    private static final double LONG = 4;

    /** A warm-up ends after so many times the seconds of a measurement even if something is still being compiled. */
    private static final int MOST_WARM_UP = 8;

    /** The process' clock of CPU time ticks a hundred times a second; in so many seconds a tick is a twentieth or less. */
    private static final double MEASURABLE = 0.2;

    /** By the name that tables and pictures show, what it sets of {@code model}. */
    private static final Map<String, String> KINDS = kinds();

    private BenchSparse() {}

    /**
     * One measured kind.
     *
     * @param kind of attention; {@link #MATERIALISED} is causal with a pattern that somebody looks at
     * @param cpuMillis process CPU time of a forward and backward pass, the best of some samples after a warm-up
     * @param bytes what the pass keeps on the heap; empty where it lies elsewhere
     */
    public record Cell(String kind, String engine, int context, double cpuMillis, OptionalLong bytes) {}

    private static Map<String, String> kinds() {
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put("causal", "mask: causal");
        kinds.put("local 256", "mask: {kind: local, window: 256}");
        kinds.put("strided 64", "mask: {kind: strided, stride: 64}");
        kinds.put("strided-half 64", "mask: {kind: strided-half, stride: 64}");
        kinds.put("fixed 128/8", "mask: {kind: fixed, local_context: 128, verts: 8}");
        kinds.put("full", "mask: full");
        kinds.put("top-k 64", "attention: {kind: top-k, k: 64}");
        kinds.put("sparsek 64", "attention: {kind: sparsek, k: 64}");
        kinds.put(ITSELF, "mask: {kind: local, window: 1}");
        return kinds;
    }

    /** The names of all kinds, in their order. */
    public static List<String> names() {
        return List.copyOf(KINDS.keySet());
    }

    /**
     * Measures every kind on both engines, and tells each as it is known.
     *
     * @param seconds for each of them at least
     */
    public static void run(int threads, List<Integer> contexts, double seconds, Consumer<Cell> listener) {
        Libtorch.setThreads(threads);
        // The JIT compiler has seen every kind before one is measured.
        KINDS.forEach((name, kind) -> fused(name, model(kind, contexts.getFirst()), threads, seconds));
        for (int context : contexts) {
            KINDS.forEach((name, kind) -> {
                ModelConfig model = model(kind, context);
                listener.accept(fused(name, model, threads, seconds));
                listener.accept(torch(name, model, false, seconds));
            });
            if (context <= MOST_MATERIALISED) {
                listener.accept(torch(MATERIALISED, model("mask: causal", context), true, seconds));
            }
        }
    }

    private static ModelConfig model(String kind, int context) {
        return Experiments.parse("""
                name: sparse
                task: {kind: own, name: sparse, d_vocab: 16, d_vocab_out: 16, n_ctx: %s, examples: 2}
                model: {n_layers: 1, d_model: 256, n_heads: 8, d_head: 32, attn_only: true, %s}
                train: {steps: 1, batch: 1, engine: torch}
                """.formatted(context, kind), "sparse-attention", List.of())
                .model();
    }

    private static Map<String, RawTensor> weights(ModelConfig model) {
        Map<String, RawTensor> weights = new LinkedHashMap<>();
        for (Parameter parameter : Parameter.of(model)) {
            weights.put(parameter.name(), BenchSpec.fill(weights.size(), parameter, 0x1p-4));
        }
        return weights;
    }

    private static int[] tokens(int context, long first) {
        int[] tokens = new int[context];
        Arrays.setAll(tokens, i -> BenchSpec.number(7, first + i, 16));
        return tokens;
    }

    private static Cell fused(String name, ModelConfig model, int threads, double seconds) {
        long before = heap();
        try (var fused = new ContextModel(
                model, new ContextModel.Options(threads, null, false, false, Kernel.best()), weights(model))) {
            var batch =
                    new Batch.Sequences(new int[][] {tokens(model.nCtx(), 0)}, new int[][] {tokens(model.nCtx(), 1)});
            double millis = millis(() -> fused.differentiate(batch, 1), seconds);
            return new Cell(name, "fused", model.nCtx(), millis, OptionalLong.of(heap() - before));
        }
    }

    /** @param pattern whether somebody looks at the pattern, which must then be there */
    private static Cell torch(String name, ModelConfig config, boolean pattern, double seconds) {
        try (var _ = new Scope()) {
            var model = new Transformer(Weights.of(config, DType.F32, Device.CPU, weights(config)));
            Plan plan = Plan.whole(config, Device.CPU, config.nCtx());
            var input = plan.input(new int[][] {tokens(config.nCtx(), 0)});
            Tensor classes = Tensor.of(tokens(config.nCtx(), 1), config.nCtx());
            double millis = millis(
                    () -> {
                        try (var _ = new Scope()) {
                            Hooks hooks = pattern ? Hooks.read(new Cache(Point.PATTERN.at(0))) : Hooks.NONE;
                            Tensor logits = model.forward(input, hooks);
                            logits.reshape(config.nCtx(), logits.size(-1))
                                    .crossEntropy(classes)
                                    .backward();
                        }
                    },
                    seconds);
            return new Cell(name, "torch", config.nCtx(), millis, OptionalLong.empty());
        }
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** CPU time of one pass once its code is compiled: until then it is slow, and the compiler's time counts as the process'. */
    private static double millis(Runnable pass, double seconds) {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        long begin = System.nanoTime();
        Sample warm;
        long compiled;
        do {
            compiled = compiler.getTotalCompilationTime();
            warm = Sample.of(pass, seconds / 4);
        } while (compiler.getTotalCompilationTime() > compiled && since(begin) < MOST_WARM_UP * seconds);
        if (warm.wallSeconds() > LONG) {
            return warm.cpuMillis();
        }
        double best = Double.POSITIVE_INFINITY;
        long start = System.nanoTime();
        while (best == Double.POSITIVE_INFINITY || since(start) < seconds / 2) {
            best = Math.min(best, Sample.of(pass, Math.min(MEASURABLE, seconds)).cpuMillis());
        }
        return best;
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    /** The means of one pass, of as many as fill some time. */
    private record Sample(double cpuMillis, double wallSeconds) {
        static Sample of(Runnable pass, double seconds) {
            var process = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            long begin = System.nanoTime();
            long cpu = process.getProcessCpuTime();
            int passes = 0;
            do {
                pass.run();
                passes++;
            } while (since(begin) < seconds);
            return new Sample((process.getProcessCpuTime() - cpu) / 1e6 / passes, since(begin) / passes);
        }
    }
}
