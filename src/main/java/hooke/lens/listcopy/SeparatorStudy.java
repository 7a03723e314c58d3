package hooke.lens.listcopy;

import hooke.Check;
import hooke.InputException;
import hooke.config.task.TaskConfig;
import hooke.hook.Cache;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.lens.Activations;
import hooke.lens.Examples;
import hooke.lens.OpenedModel;
import hooke.tensor.DType;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the separator carries in list copy, and how it holds the order: everything that the outputs know has passed through its residual
 * stream.
 *
 * @param n examples of the analysis of variance: every list
 * @param swapped examples of the exchange: those lists of the test set that read backwards are other lists
 * @param places the separator's stream as each layer reads it, from layer 1 on (before it knows no digit)
 */
public record SeparatorStudy(int n, int swapped, List<Place> places) {
    /** Lists that are looked at all together. */
    private static final int MOST = 200_000;

    /**
     * The separator's stream as one layer reads it.
     *
     * @param shares of its variance over all lists that each digit of the list alone explains
     * @param together the rest: what depends on the digits together
     * @param alignment mean cosine between what a digit adds as the first of the list and what it adds as the last: at 1 the order is held
     *     by sizes alone, at 0 by different directions
     * @param sizes root mean square of what a digit adds, for each place in the list
     * @param reversal mean cosine between the stream of a list and that of the list backwards, both less the mean: at 1 the order is lost
     * @param keeps share of test lists whose outputs still write their own digits, for each output, when from this layer on the separator
     *     has the stream of the list backwards
     * @param follows share whose outputs write the digits backwards then
     */
    public record Place(
            int layer,
            double[] shares,
            double together,
            double alignment,
            double[] sizes,
            double reversal,
            double[] keeps,
            double[] follows) {}

    /** For a run of list copy. */
    public static SeparatorStudy of(OpenedModel opened) {
        opened.model().config().checkOneWidth("what the separator carries from layer to layer");
        TaskConfig.ListCopy task = opened.experiment()
                .task()
                .listCopy()
                .orElseThrow(() -> new InputException("this run's task has no separator: only list copy has one"));
        Check.that(
                task.size() <= MOST,
                "there are %s lists, more than the %s that can be analysed together",
                task.size(),
                MOST);
        Examples all = Examples.all(opened);
        Examples test = ordered(Examples.test(opened));
        List<Place> places = new ArrayList<>();
        for (int layer = 1; layer < opened.model().config().nLayers(); layer++) {
            var effects = Effects.of(streams(opened, all, layer, task.listLength()), all.answers(), task.nDigits());
            Exchange exchange = exchange(opened, test, layer, task.listLength());
            places.add(new Place(
                    layer,
                    effects.shares(),
                    effects.together(),
                    effects.alignment(),
                    effects.sizes(),
                    effects.reversal(),
                    exchange.keeps(),
                    exchange.follows()));
        }
        return new SeparatorStudy(all.n(), test.n(), places);
    }

    /** The stream at the separator as a layer reads it, [example][d_model]. */
    private static double[][] streams(OpenedModel opened, Examples all, int layer, int separator) {
        double[][] streams = new double[all.n()][];
        var at = Point.RESID_PRE.at(layer);
        Activations.within(opened.model(), all.tokens()[0].length, at::equals, Activations.BYTES)
                .forEach(all.tokens(), at::equals, part -> {
                    Tensor rows = part.cache().get(at).select(1, separator); // [batch, d_model]
                    int width = (int) rows.size(1);
                    double[] flat = rows.toDoubles();
                    for (int i = 0; i < part.tokens().length; i++) {
                        streams[part.first() + i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
                    }
                });
        return streams;
    }

    /** Those that are other lists when read backwards at every place, so that each output's answer tells which list it follows. */
    private static Examples ordered(Examples examples) {
        int[] kept = IntStream.range(0, examples.n())
                .filter(i -> {
                    int[] list = examples.answers()[i];
                    return IntStream.range(0, list.length / 2).allMatch(k -> list[k] != list[list.length - 1 - k]);
                })
                .toArray();
        return new Examples(
                examples.name() + " without lists that read the same backwards",
                Arrays.stream(kept).mapToObj(i -> examples.tokens()[i]).toArray(int[][]::new),
                Arrays.stream(kept).mapToObj(i -> examples.answers()[i]).toArray(int[][]::new));
    }

    private record Exchange(double[] keeps, double[] follows) {}

    /** The separator's stream from the list backwards, put in as a layer reads it: whose digits come out? */
    private static Exchange exchange(OpenedModel opened, Examples test, int layer, int separator) {
        int[] positions = opened.task().answerPositions();
        int length = test.tokens()[0].length;
        double[] keeps = new double[positions.length];
        double[] follows = new double[positions.length];
        var at = Point.RESID_PRE.at(layer);
        byte[] chosen = new byte[length];
        chosen[separator] = 1;
        int batch = Activations.within(opened.model(), length, _ -> true, 4 * Activations.BYTES)
                .batch();
        for (int first = 0; first < test.n(); first += batch) {
            try (var _ = new Scope();
                    var _ = new NoGrad()) {
                Examples some = test.range(first, Math.min(first + batch, test.n()));
                int[][] backwards = Arrays.stream(some.tokens())
                        .map(tokens -> backwards(tokens, separator))
                        .toArray(int[][]::new);
                var seen = new Cache(at);
                opened.model().residual(backwards, layer + 1, Hooks.read(seen));
                Tensor mask = Tensor.of(DType.BOOL, MemorySegment.ofArray(chosen), 1, length, 1);
                Tensor logits = opened.model()
                        .forward(
                                some.tokens(),
                                Hooks.NONE.replace(at, x -> x.replacedBy(seen.get(at), mask))); // [batch, pos, vocab]
                for (int i = 0; i < positions.length; i++) {
                    long[] written = logits.select(1, positions[i]).argmax(-1).toLongs();
                    for (int e = 0; e < written.length; e++) {
                        int[] list = some.answers()[e];
                        keeps[i] += written[e] == list[i] ? 1.0 / test.n() : 0;
                        follows[i] += written[e] == list[list.length - 1 - i] ? 1.0 / test.n() : 0;
                    }
                }
            }
        }
        return new Exchange(keeps, follows);
    }

    private static int[] backwards(int[] tokens, int separator) {
        int[] other = tokens.clone();
        for (int i = 0; i < separator; i++) {
            other[i] = tokens[separator - 1 - i];
        }
        return other;
    }
}
