package hooke.model;

import hooke.config.Widths;
import hooke.hook.Point;
import hooke.tensor.Tensor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From a block to one of another width: a linear map, to which, on the way up, the stream of the same level on the way down is added.
 *
 * @param W_resize [from, to]
 * @param skipFrom the block that left that stream; {@link Widths#NONE} on the way down
 */
record Resize(Tensor W_resize, int skipFrom) {
    /** What stands before a layer; empty where the stream goes on as it is. */
    static Optional<Resize> of(Weights weights, int layer) {
        Widths levels = weights.config().levels();
        return levels.changeBefore(layer)
                ? Optional.of(new Resize(weights.get("blocks." + layer + ".W_resize"), levels.skipTo(layer)))
                : Optional.empty();
    }

    Tensor forward(Tensor x, @Nullable Tensor skipped, Site site) {
        Tensor resized = site.at(Point.RESIZED, Linear.apply(x, W_resize, null)); // [batch, pos, to]
        return skipped == null ? resized : resized.plus(site.at(Point.SKIP, skipped));
    }
}
