package hooke.config;

import hooke.Check;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The width of the residual stream block by block: one for all, or a U, which falls and rises again. Between unequal widths a linear map
 * stands, and where the stream has risen to a level what left this level on the way down is added to it.
 *
 * @param widths of the blocks; empty where all have dModel
 */
public record Widths(List<Integer> widths, int dModel) {
    /** No block. */
    public static final int NONE = -1;

    /** Throws unless they are a U that the rest of the model follows: heads and neurons are narrower by the same factor. */
    void check(int nLayers, int dHead, int dMlp, Positions positions) {
        if (widths.isEmpty()) {
            return;
        }
        Check.that(
                widths.size() == nLayers,
                "model.widths has %s widths for model.n_layers %s: give each block one",
                widths.size(),
                nLayers);
        Check.that(
                widths.equals(widths.reversed()),
                "model.widths (%s) must rise as it has fallen: read backwards it must be the same",
                widths);
        Check.that(
                widths.getFirst() == dModel,
                "model.widths (%s) must begin and end with model.d_model (%s), the width of embedding and unembedding",
                widths,
                dModel);
        Check.that(
                IntStream.rangeClosed(1, (nLayers - 1) / 2).allMatch(i -> widths.get(i) <= widths.get(i - 1)),
                "model.widths (%s) must fall, or stay, up to its middle",
                widths);
        Check.that(
                widths.stream().anyMatch(width -> width < dModel),
                "model.widths (%s) must fall below model.d_model somewhere; leave it out for blocks of one width",
                widths);
        for (int width : widths) {
            Check.that(width >= 1, "model.widths (%s) must be at least 1", width);
            checkFollows("model.d_head", dHead, width);
            checkFollows("model.d_mlp", dMlp, width);
            if (positions instanceof Positions.Rotary rotary) {
                checkFollows("half of model.positions.dims", rotary.dims() / 2, width);
            }
        }
    }

    private void checkFollows(String key, int value, int width) {
        Check.that(
                (long) value * width % dModel == 0,
                "model.widths: %s (%s) cannot be narrower by the same factor in a block of width %s: times %s/%s it must be a whole number",
                key,
                value,
                width,
                width,
                dModel);
    }

    /** Of a block; behind the last, of what is unembedded. */
    public int of(int layer) {
        return widths.isEmpty() || layer == widths.size() ? dModel : widths.get(layer);
    }

    /** Whether a linear map stands before a block. */
    public boolean changeBefore(int layer) {
        return layer > 0 && of(layer) != of(layer - 1);
    }

    /** The block whose stream is added to what a linear map takes to this one, the last of the same level on the way down; or {@link #NONE}. */
    public int skipTo(int layer) {
        return layer > 0 && of(layer) > of(layer - 1) ? widths.size() - 1 - layer : NONE;
    }

    /** Whether a block's stream is kept for the way up. */
    public boolean isKept(int layer) {
        return of(layer) > of(layer + 1);
    }
}
