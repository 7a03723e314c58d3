package hooke.model;

import hooke.config.ModelConfig;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** One layer: attention, then the MLP if there is one, each adding to the residual stream what it makes of the normalised one. */
record Block(
        int layer,
        Norms norm1,
        Attention attention,
        Norms norm2,
        @Nullable Mlp mlp) {

    static Block of(Weights weights, int layer) {
        ModelConfig config = weights.config();
        String block = "blocks." + layer + ".";
        return config.attnOnly()
                ? new Block(layer, Norms.of(weights, block + "ln1"), Attention.of(weights, layer), Norms.NONE, null)
                : new Block(
                        layer,
                        Norms.of(weights, block + "ln1"),
                        Attention.of(weights, layer),
                        Norms.of(weights, block + "ln2"),
                        Mlp.of(weights, layer));
    }

    /** The residual stream after this layer, at the positions that are needed afterwards. */
    Stream forward(Stream x, Plan.Layer plan, Hooks hooks) {
        var site = new Site(hooks, layer);
        x = site.at(Point.RESID_PRE, x, width(x));
        Stream normalised = norm1.forward(x, site, Point.LN1_SCALE, Point.LN1_NORMALIZED);
        Stream attended = attention.forward(normalised, plan, site);
        x = attended.with(x.ownAtQueries(plan.queries()).plus(attended.rows()));
        if (mlp != null) {
            x = site.at(Point.RESID_MID, x, width(x));
            Tensor added = mlp.forward(norm2.forward(x, site, Point.LN2_SCALE, Point.LN2_NORMALIZED), site)
                    .rows();
            x = x.with(x.rows().plus(added));
        }
        return site.at(Point.RESID_POST, x, width(x));
    }

    private static long width(Stream x) {
        return x.rows().size(1);
    }
}
