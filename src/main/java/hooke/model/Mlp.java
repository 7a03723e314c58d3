package hooke.model;

import hooke.config.ModelConfig;
import hooke.hook.Point;
import hooke.tensor.Dropout;
import hooke.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Two linear maps with an activation between them: {@code act(x W_in + b_in) W_out + b_out}, or, with a gate, {@code (act(x W_gate) * (x
 * W_in + b_in)) W_out + b_out}.
 */
record Mlp(
        ModelConfig.Activation activation,
        @Nullable Tensor W_gate,
        Tensor W_in,
        @Nullable Tensor b_in,
        Tensor W_out,
        @Nullable Tensor b_out) {

    static Mlp of(Weights weights, int layer) {
        String mlp = "blocks." + layer + ".mlp.";
        return new Mlp(
                weights.config().actFn(),
                weights.config().gatedMlp() ? weights.get(mlp + "W_gate") : null,
                weights.get(mlp + "W_in"),
                weights.bias(mlp + "b_in"),
                weights.get(mlp + "W_out"),
                weights.bias(mlp + "b_out"));
    }

    /** @param x [batch, pos, d_model] */
    Tensor forward(Tensor x, Site site) {
        Tensor hidden = W_gate == null ? plain(x, site) : gated(x, W_gate, site); // [batch, pos, d_mlp]
        Tensor post = site.at(Point.MLP_POST, hidden);
        Tensor out = site.at(Point.MLP_OUT, Linear.apply(post, W_out, b_out)); // [batch, pos, d_model]
        return site.dropped(Dropout.Place.MLP_OUT, out);
    }

    private Tensor plain(Tensor x, Site site) {
        return activated(site.at(Point.MLP_PRE, Linear.apply(x, W_in, b_in))); // [batch, pos, d_mlp]
    }

    /** As in TransformerLens, what is activated is MLP_PRE, and what it is multiplied by MLP_PRE_LINEAR. */
    private Tensor gated(Tensor x, Tensor gate, Site site) {
        Tensor pre = site.at(Point.MLP_PRE, Linear.apply(x, gate, null)); // [batch, pos, d_mlp]
        Tensor linear = site.at(Point.MLP_PRE_LINEAR, Linear.apply(x, W_in, b_in)); // [batch, pos, d_mlp]
        return activated(pre).times(linear);
    }

    private Tensor activated(Tensor pre) {
        return switch (activation) {
            case RELU -> pre.relu();
            case GELU -> pre.gelu();
            case GELU_NEW -> pre.geluNew();
            case SILU -> pre.silu();
        };
    }
}
