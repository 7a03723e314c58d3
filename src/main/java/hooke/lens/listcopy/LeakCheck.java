package hooke.lens.listcopy;

import hooke.Check;
import hooke.hook.Cache;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.lens.Examples;
import hooke.lens.OpenedModel;
import hooke.tensor.DType;
import hooke.tensor.Rng;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Whether anything reaches the outputs around the bottleneck, by exact gradients: of each output's logits with respect to the token
 * embedding at each position, once as the model is and once with the bottleneck's residual stream held constant. Where the mask forbids
 * every path around the bottleneck, the second is exactly 0, not nearly.
 *
 * @param n examples
 * @param outputs positions that answer
 * @param through the largest absolute gradient [output][position], all paths
 * @param around the same [output][position] with the bottleneck held constant: only paths around it
 */
public record LeakCheck(int n, int[] outputs, double[][] through, double[][] around) {

    /** @param bottleneck the position that all must pass */
    public static LeakCheck of(OpenedModel opened, Examples examples, int bottleneck) {
        int length = examples.tokens()[0].length;
        Check.that(
                bottleneck >= 0 && bottleneck < length,
                "position %s does not exist: positions go from 0 to %s",
                bottleneck,
                length - 1);
        int[] outputs = opened.task().answerPositions();
        double[][] through = new double[outputs.length][];
        double[][] around = new double[outputs.length][];
        for (int i = 0; i < outputs.length; i++) {
            through[i] = gradients(opened, examples, outputs[i], Hooks.NONE);
            around[i] = gradients(opened, examples, outputs[i], held(opened, length, bottleneck));
        }
        return new LeakCheck(examples.n(), outputs, through, around);
    }

    /** The largest gradient that reaches an input around the bottleneck: 0 where there is no leak. */
    public double largest(int[] inputs) {
        double largest = 0;
        for (double[] row : around) {
            for (int input : inputs) {
                largest = Math.max(largest, row[input]);
            }
        }
        return largest;
    }

    /** The stream at a position enters every layer as a constant: the same numbers, without their history. */
    private static Hooks held(OpenedModel opened, int length, int bottleneck) {
        byte[] chosen = new byte[length];
        chosen[bottleneck] = 1;
        Tensor mask = Tensor.of(DType.BOOL, MemorySegment.ofArray(chosen), 1, length, 1);
        Hooks hooks = Hooks.NONE;
        for (int layer = 0; layer < opened.model().config().nLayers(); layer++) {
            hooks = hooks.replace(Point.RESID_PRE.at(layer), x -> x.replacedBy(x.detach(), mask));
        }
        return hooks;
    }

    /** The largest absolute gradient at each position of the token embedding, over examples and dimensions. */
    private static double[] gradients(OpenedModel opened, Examples examples, int output, Hooks hooks) {
        double[] largest = new double[examples.tokens()[0].length];
        int batch = 500;
        try (var rng = Rng.stream(0, "leak");
                var _ = new Scope()) {
            // One backward pass for all logits: no two of them cancel in a random mixture.
            Tensor mixture = Tensor.zeros(DType.F32, opened.model().config().dVocabOut());
            rng.normal(mixture, 0, 1);
            for (int first = 0; first < examples.n(); first += batch) {
                try (var _ = new Scope()) {
                    Examples some = examples.range(first, Math.min(first + batch, examples.n()));
                    var embedded = new Cache(Point.EMBED.at());
                    Tensor logits = opened.model().forward(some.tokens(), hooks.andGradients(embedded));
                    logits.select(1, output).times(mixture).sum().backward();
                    Tensor gradient = embedded.gradient(Point.EMBED.at()).abs(); // [batch, pos, d_model]
                    for (int position = 0; position < largest.length; position++) {
                        largest[position] = Math.max(
                                largest[position],
                                gradient.select(1, position).max().item());
                    }
                }
            }
        }
        return largest;
    }
}
