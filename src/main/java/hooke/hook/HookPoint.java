package hooke.hook;

import hooke.Check;
import java.util.ArrayList;
import java.util.List;

/**
 * One place in a model, {@code PATTERN.at(0)}. It prints as TransformerLens names it, {@code blocks.0.attn.hook_pattern}, and is parsed
 * back from that.
 *
 * @param layer the block, or {@link #NO_LAYER} for a point outside the blocks
 */
public record HookPoint(Point point, int layer) {
    /** The layer of a point outside the blocks. */
    public static final int NO_LAYER = -1;

    public HookPoint {
        Check.that(
                point.inBlock() ? layer >= 0 : layer == NO_LAYER,
                point.inBlock() ? "%s needs a layer of at least 0" : "%s lies outside the blocks and has no layer",
                point.suffix());
    }

    /** The point of this name in a model of so many layers. */
    public static HookPoint parse(String name, int nLayers) {
        List<String> names = new ArrayList<>();
        for (HookPoint point : all(nLayers)) {
            if (point.toString().equals(name)) {
                return point;
            }
            names.add(point.toString());
        }
        throw new hooke.InputException("hook point '" + name + "' does not exist in a model of " + nLayers
                + (nLayers == 1 ? " layer" : " layers") + Check.didYouMean(name, names));
    }

    /** Every point that a model of so many layers can have, in the order of a forward pass. */
    public static List<HookPoint> all(int nLayers) {
        List<HookPoint> points = new ArrayList<>();
        for (Point point : Point.values()) {
            if (point == Point.RESID_PRE) {
                for (int layer = 0; layer < nLayers; layer++) {
                    for (Point inner : Point.values()) {
                        if (inner.inBlock()) {
                            points.add(inner.at(layer));
                        }
                    }
                }
            } else if (!point.inBlock()) {
                points.add(point.at());
            }
        }
        return points;
    }

    @Override
    public String toString() {
        return point.inBlock() ? "blocks." + layer + "." + point.suffix() : point.suffix();
    }
}
