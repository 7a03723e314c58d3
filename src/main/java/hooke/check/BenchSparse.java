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
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What one layer of attention (8 heads of 32, a stream of 256, and little else) costs, forward and backward over one sequence, by mask,
 * engine and length of the context.
 */
public final class BenchSparse {
    /** Contexts that are measured. */
    public static final List<Integer> CONTEXTS = List.of(512, 1024, 2048, 4096, 8192);

    /** A pattern of all queries and keys takes gigabytes beyond. */
    private static final int MATERIALISED = 4096;

    private static final Map<String, String> MASKS = masks();

    private BenchSparse() {}

    /**
     * One measured kind.
     *
     * @param cpuMillis process CPU time of a forward and backward pass, the best of some after a warm-up
     * @param bytes what the pass keeps on the heap; empty where it lies elsewhere
     */
    public record Cell(String mask, String engine, int context, double cpuMillis, OptionalLong bytes) {}

    private static Map<String, String> masks() {
        Map<String, String> masks = new LinkedHashMap<>();
        masks.put("causal", "causal");
        masks.put("local 256", "{kind: local, window: 256}");
        masks.put("strided 64", "{kind: strided, stride: 64}");
        masks.put("strided-half 64", "{kind: strided-half, stride: 64}");
        masks.put("fixed 128/8", "{kind: fixed, local_context: 128, verts: 8}");
        masks.put("full", "full");
        return masks;
    }

    /** Measures every mask on both engines, and tells each as it is known. */
    public static void run(int threads, List<Integer> contexts, Consumer<Cell> listener) {
        Libtorch.setThreads(threads);
        for (int context : contexts) {
            MASKS.forEach((name, mask) -> {
                ModelConfig model = model(mask, context);
                listener.accept(fused(name, model, threads));
                listener.accept(torch(name, model, false));
            });
            if (context <= MATERIALISED) {
                ModelConfig model = model("causal", context);
                listener.accept(torch("materialised", model, true));
            }
        }
    }

    private static ModelConfig model(String mask, int context) {
        return Experiments.parse("""
                name: sparse
                task: {kind: own, name: sparse, d_vocab: 16, d_vocab_out: 16, n_ctx: %s, examples: 2}
                model: {n_layers: 1, d_model: 256, n_heads: 8, d_head: 32, attn_only: true, mask: %s}
                train: {steps: 1, batch: 1, engine: torch}
                """.formatted(context, mask), "sparse-attention", List.of())
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

    private static Cell fused(String name, ModelConfig model, int threads) {
        long before = heap();
        try (var fused = new ContextModel(
                model, new ContextModel.Options(threads, null, false, false, Kernel.best()), weights(model))) {
            var batch =
                    new Batch.Sequences(new int[][] {tokens(model.nCtx(), 0)}, new int[][] {tokens(model.nCtx(), 1)});
            double millis = millis(() -> fused.differentiate(batch, 1));
            return new Cell(name, "fused", model.nCtx(), millis, OptionalLong.of(heap() - before));
        }
    }

    /** @param pattern whether somebody looks at the pattern, which must then be there */
    private static Cell torch(String name, ModelConfig config, boolean pattern) {
        try (var _ = new Scope()) {
            var model = new Transformer(Weights.of(config, DType.F32, Device.CPU, weights(config)));
            Plan plan = Plan.whole(config, Device.CPU, config.nCtx());
            var input = plan.input(new int[][] {tokens(config.nCtx(), 0)});
            Tensor classes = Tensor.of(tokens(config.nCtx(), 1), config.nCtx());
            double millis = millis(() -> {
                try (var _ = new Scope()) {
                    Hooks hooks = pattern ? Hooks.read(new Cache(Point.PATTERN.at(0))) : Hooks.NONE;
                    Tensor logits = model.forward(input, hooks);
                    logits.reshape(config.nCtx(), logits.size(-1))
                            .crossEntropy(classes)
                            .backward();
                }
            });
            return new Cell(name, "torch", config.nCtx(), millis, OptionalLong.empty());
        }
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static double millis(Runnable pass) {
        var process = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        List<Double> times = new ArrayList<>();
        long end = System.nanoTime() + 1_000_000_000;
        while (times.size() < 3 || System.nanoTime() < end) {
            long start = process.getProcessCpuTime();
            pass.run();
            times.add((process.getProcessCpuTime() - start) / 1e6);
        }
        return times.stream().skip(1).mapToDouble(Double::doubleValue).min().orElseThrow();
    }
}
