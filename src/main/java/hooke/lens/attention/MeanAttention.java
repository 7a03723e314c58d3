package hooke.lens.attention;

import hooke.hook.HookPoint;
import hooke.hook.Point;
import hooke.lens.Activations;
import hooke.lens.Examples;
import hooke.lens.OpenedModel;
import hooke.tensor.DType;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What every head attends to over many examples: on average, how far examples differ, and how much attention crosses from some queries
 * to keys that should be out of their reach.
 *
 * @param n examples
 * @param heads every head of every layer, in order
 */
public record MeanAttention(int n, List<Head> heads) {
    /** Relative and absolute difference up to which two patterns count as the same: those of {@code torch.allclose}. */
    private static final double RELATIVE = 1e-5;

    private static final double ABSOLUTE = 1e-8;

    /**
     * One head.
     *
     * @param mean its mean pattern, [query][key]
     * @param deviation the standard deviation of each entry over examples, [query][key]
     * @param identical whether all examples have the pattern of the first one, as {@code torch.allclose} judges
     * @param leak the largest attention, over examples and queries, from {@code from} to all of {@code to} together
     */
    public record Head(int layer, int head, double[][] mean, double[][] deviation, boolean identical, double leak) {}

    /**
     * Over these examples.
     *
     * @param from queries that should not see
     * @param to these keys
     */
    public static MeanAttention of(OpenedModel opened, Examples examples, int[] from, int[] to) {
        var config = opened.model().config();
        int length = examples.tokens()[0].length;
        List<HookPoint> points =
                IntStream.range(0, config.nLayers()).mapToObj(Point.PATTERN::at).toList();
        try (var scope = new Scope()) {
            List<Sums> sums = new ArrayList<>();
            Activations.within(opened.model(), length, points::contains, Activations.BYTES)
                    .forEach(examples.tokens(), points::contains, part -> {
                        for (int layer = 0; layer < points.size(); layer++) {
                            Tensor patterns =
                                    part.cache().get(points.get(layer)).to(DType.F64);
                            if (part.first() == 0) {
                                Tensor first = patterns.narrow(0, 0, 1).copy().keepIn(scope);
                                sums.add(new Sums(first, config.nHeads(), length));
                            }
                            sums.get(layer).add(patterns, from, to);
                        }
                    });
            List<Head> heads = new ArrayList<>();
            for (int layer = 0; layer < sums.size(); layer++) {
                for (int head = 0; head < config.nHeads(); head++) {
                    heads.add(sums.get(layer).head(layer, head, examples.n()));
                }
            }
            return new MeanAttention(examples.n(), heads);
        }
    }

    /** What a layer's patterns add up to. */
    private static final class Sums {
        private final Tensor first; // [1, head, query, key]
        private final double[] sum;
        private final double[] squares;
        private final boolean[] differ;
        private final double[] leak;
        private final int length;

        Sums(Tensor first, int heads, int length) {
            this.first = first;
            this.sum = new double[heads * length * length];
            this.squares = new double[sum.length];
            this.differ = new boolean[heads];
            this.leak = new double[heads];
            this.length = length;
        }

        void add(Tensor patterns, int[] from, int[] to) {
            double[] s = patterns.sum(0).toDoubles();
            double[] q = patterns.times(patterns).sum(0).toDoubles();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += s[i];
                squares[i] += q[i];
            }
            Tensor beyond = patterns.minus(first)
                    .abs()
                    .minus(first.abs().times(RELATIVE).plus(ABSOLUTE));
            for (int head = 0; head < leak.length; head++) {
                differ[head] |= beyond.select(1, head).max().item() > 0;
                for (int query : from) {
                    Tensor row = patterns.select(1, head).select(1, query); // [batch, key]
                    Tensor crossing =
                            row.indexSelect(1, Tensor.of(to, to.length)).sum(1);
                    leak[head] = Math.max(leak[head], crossing.max().item());
                }
            }
        }

        Head head(int layer, int head, int n) {
            double[][] mean = new double[length][length];
            double[][] deviation = new double[length][length];
            for (int i = 0; i < length * length; i++) {
                double m = sum[head * length * length + i] / n;
                double variance = squares[head * length * length + i] / n - m * m;
                mean[i / length][i % length] = m;
                deviation[i / length][i % length] = Math.sqrt(Math.max(0, variance));
            }
            return new Head(layer, head, mean, deviation, !differ[head], leak[head]);
        }
    }
}
