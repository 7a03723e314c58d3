package hooke.lens;

import hooke.Headroom;
import hooke.config.ModelConfig;
import hooke.config.Positions;
import hooke.config.Widths;
import hooke.hook.Cache;
import hooke.hook.HookPoint;
import hooke.hook.Hooks;
import hooke.model.Transformer;
import hooke.tensor.DType;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A model run over many examples with a cache, batch by batch, so that memory stays bounded however many there are.
 *
 * @param batch examples computed together
 */
public record Activations(Transformer model, int batch) {
    /**
     * What a batch and its activations may take unless somebody says otherwise: so little that the allocator still has it for the next
     * batch. All points of modmul-113 take 138 ms so, and 216 ms in batches of 128 MiB, whose pages the system hands out anew.
     */
    public static final long BYTES = 32L << 20;

    /**
     * One batch, until its consumer returns.
     *
     * @param first number of its first example
     * @param logits [batch, pos, d_vocab_out]
     * @param cache of the points asked for
     */
    public record Part(int first, int[][] tokens, Tensor logits, Cache cache) {}

    /** With batches as large as the bytes allow for these points, as the pass computed them and as they are read. */
    public static Activations within(Transformer model, int length, Predicate<HookPoint> wanted, long bytes) {
        ModelConfig config = model.config();
        long kept = points(config).stream()
                .filter(wanted)
                .mapToLong(point -> bytes(config, point, length))
                .sum();
        long logits = 4L * length * config.dVocabOut();
        Headroom.now()
                .check(
                        "one example of " + length + " positions with what is asked for",
                        0,
                        2.0 * kept + logits,
                        "fewer hook points need less");
        return new Activations(model, Math.clamp(bytes / (2 * kept + logits), 1, 1 << 20));
    }

    /** The points that a model of this configuration has. */
    public static List<HookPoint> points(ModelConfig config) {
        return HookPoint.all(config.nLayers()).stream()
                .filter(point -> has(config, point))
                .toList();
    }

    private static boolean has(ModelConfig config, HookPoint at) {
        boolean norms = config.norm().normalises();
        return switch (at.point()) {
            case LN1_SCALE, LN1_NORMALIZED, LN_FINAL_SCALE, LN_FINAL_NORMALIZED -> norms;
            case LN2_SCALE, LN2_NORMALIZED -> norms && !config.attnOnly();
            case RESID_MID, MLP_PRE, MLP_POST, MLP_OUT -> !config.attnOnly();
            case KEY_SCORES -> config.attention().scoresKeys();
            case SELECTION -> config.attention().chooses();
            case MLP_PRE_LINEAR -> config.gatedMlp();
            case POS_EMBED ->
                switch (config.positions()) {
                    case Positions.Learned() -> true;
                    case Positions.Rotary _ -> false;
                };
            case ROT_Q, ROT_K ->
                switch (config.positions()) {
                    case Positions.Learned() -> false;
                    case Positions.Rotary _ -> true;
                };
            case RESIZED -> config.levels().changeBefore(at.layer());
            case SKIP -> config.levels().skipTo(at.layer()) != Widths.NONE;
            case EMBED, RESID_PRE, Q, K, V, SCORES, PATTERN, Z, RESULT, ATTN_OUT, RESID_POST -> true;
        };
    }

    /** The shape of a point's tensor for so many examples of so many positions. */
    public static long[] shape(ModelConfig config, HookPoint point, int examples, int length) {
        ModelConfig block = point.layer() == HookPoint.NO_LAYER ? config : config.block(point.layer());
        return point.point().axes().stream()
                .mapToLong(axis -> switch (axis) {
                    case "batch" -> examples;
                    case "pos", "query", "key" -> length;
                    case "head" -> config.nHeads();
                    case "d_head" -> block.dHead();
                    case "d_model" -> block.dModel();
                    case "d_mlp" -> block.dMlp();
                    case "1" -> 1;
                    default -> throw new IllegalStateException("no size for axis " + axis);
                })
                .toArray();
    }

    /** Bytes of a point's tensor, for one example. */
    public static long bytes(ModelConfig config, HookPoint point, int length) {
        return 4 * Arrays.stream(shape(config, point, 1, length)).reduce(1, (a, b) -> a * b);
    }

    /** Runs over the examples; each part is gone when its consumer returns. */
    public void forEach(int[][] tokens, Predicate<HookPoint> wanted, Consumer<Part> use) {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            for (int first = 0; first < tokens.length; first += batch) {
                int[][] some = Arrays.copyOfRange(tokens, first, Math.min(first + batch, tokens.length));
                try (var _ = new Scope()) {
                    var cache = new Cache(wanted);
                    Tensor logits = model.forward(some, Hooks.read(cache));
                    use.accept(new Part(first, some, logits, cache));
                }
            }
        }
    }

    /** The mean over examples of each of these points, in F64 and their order, [1, ..]; in the innermost scope. */
    public List<Tensor> means(int[][] tokens, List<HookPoint> points) {
        List<Tensor> sums = new ArrayList<>();
        for (HookPoint point : points) {
            sums.add(Tensor.zeros(DType.F64, shape(model.config(), point, 1, tokens[0].length)));
        }
        forEach(tokens, points::contains, part -> {
            for (int i = 0; i < points.size(); i++) {
                Tensor sum =
                        part.cache().get(points.get(i)).to(DType.F64).sum(0).unsqueeze(0);
                sums.get(i).copyInPlace(sums.get(i).plus(sum));
            }
        });
        sums.forEach(sum -> sum.divideInPlace(tokens.length));
        return sums;
    }
}
