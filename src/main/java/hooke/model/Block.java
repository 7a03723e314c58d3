package hooke.model;

import hooke.config.ModelConfig;
import hooke.hook.Point;
import hooke.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * One layer: attention, then the MLP if there is one, each adding to the residual stream what it makes of it. Norms stand before the
 * two (pre-LN) or behind the sums (post-LN); there, as in TransformerLens' BERT, residMid and residPost are the sums themselves.
 */
record Block(
        int layer,
        boolean pre,
        Norms norm1,
        Attention attention,
        Norms norm2,
        @Nullable Mlp mlp) {

    static Block of(Weights weights, int layer) {
        ModelConfig config = weights.config();
        String block = "blocks." + layer + ".";
        boolean pre = !config.norm().isPost();
        return config.attnOnly()
                ? new Block(
                        layer, pre, Norms.of(weights, block + "ln1"), Attention.of(weights, layer), Norms.NONE, null)
                : new Block(
                        layer,
                        pre,
                        Norms.of(weights, block + "ln1"),
                        Attention.of(weights, layer),
                        Norms.of(weights, block + "ln2"),
                        Mlp.of(weights, layer));
    }

    /** The residual stream after this layer, at the positions that are needed afterwards. */
    Stream forward(Stream x, Plan.Layer plan, Site model) {
        Site site = model.in(layer);
        x = site.at(Point.RESID_PRE, x, width(x));
        Stream attended = attention.forward(pre ? norm1(x, site) : x, plan, site);
        x = x.plus(attended);
        if (mlp != null) {
            x = site.at(Point.RESID_MID, x, width(x));
            x = pre ? x : norm1(x, site);
            Tensor added = mlp.forward(pre ? norm2(x, site) : x, site).rows();
            x = x.with(x.rows().plus(added));
        }
        x = site.at(Point.RESID_POST, x, width(x));
        return pre ? x : mlp == null ? norm1(x, site) : norm2(x, site);
    }

    private Stream norm1(Stream x, Site site) {
        return norm1.forward(x, site, Point.LN1_SCALE, Point.LN1_NORMALIZED);
    }

    private Stream norm2(Stream x, Site site) {
        return norm2.forward(x, site, Point.LN2_SCALE, Point.LN2_NORMALIZED);
    }

    private static long width(Stream x) {
        return x.rows().size(1);
    }
}
