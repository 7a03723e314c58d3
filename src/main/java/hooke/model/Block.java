package hooke.model;

import hooke.hook.Point;
import hooke.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** One layer: attention, then the MLP if there is one, each adding to the residual stream what it makes of it. */
sealed interface Block {
    /**
     * The residual stream behind this layer, at the positions that are needed afterwards.
     *
     * @param x [batch, pos, d_model]
     */
    Tensor forward(Tensor x, Mixing mixing, Site site);

    static Block of(Weights weights, int layer, @Nullable Rotary rotary) {
        String block = "blocks." + layer + ".";
        Norms ln1 = Norms.of(weights, block + "ln1", Point.LN1_SCALE, Point.LN1_NORMALIZED);
        Attention attn = Attention.of(weights, layer, rotary);
        @Nullable
        Sublayer mlp = weights.config().attnOnly()
                ? null
                : new Sublayer(
                        Norms.of(weights, block + "ln2", Point.LN2_SCALE, Point.LN2_NORMALIZED),
                        Mlp.of(weights, layer));
        return weights.config().norm().isPost() ? new PostNorm(attn, ln1, mlp) : new PreNorm(ln1, attn, mlp);
    }

    /** An MLP with its norm. */
    record Sublayer(Norms ln, Mlp mlp) {}

    /** Normalised where it is read, as in GPT-2, or not at all: {@code x + attn(ln1(x))}. */
    record PreNorm(Norms ln1, Attention attn, @Nullable Sublayer mlp) implements Block {
        @Override
        public Tensor forward(Tensor before, Mixing mixing, Site site) {
            Site behind = mixing.behind(site);
            Tensor x = site.at(Point.RESID_PRE, before);
            x = mixing.sum(x, attn.forward(ln1.forward(x, site), mixing, site)); // [batch, query, d_model]
            if (mlp != null) {
                x = behind.at(Point.RESID_MID, x);
                x = x.plus(mlp.mlp().forward(mlp.ln().forward(x, behind), behind)); // [batch, query, d_model]
            }
            return behind.at(Point.RESID_POST, x);
        }
    }

    /**
     * Normalised where it was written to, as in BERT: {@code ln1(x + attn(x))}. As in TransformerLens' BERT, residMid and residPost are
     * the sums themselves.
     */
    record PostNorm(Attention attn, Norms ln1, @Nullable Sublayer mlp) implements Block {
        @Override
        public Tensor forward(Tensor before, Mixing mixing, Site site) {
            Site behind = mixing.behind(site);
            Tensor x = site.at(Point.RESID_PRE, before);
            x = mixing.sum(x, attn.forward(x, mixing, site)); // [batch, query, d_model]
            if (mlp == null) {
                return ln1.forward(behind.at(Point.RESID_POST, x), behind);
            }
            x = ln1.forward(behind.at(Point.RESID_MID, x), behind);
            x = x.plus(mlp.mlp().forward(x, behind)); // [batch, query, d_model]
            return mlp.ln().forward(behind.at(Point.RESID_POST, x), behind);
        }
    }
}
