package hooke.model;

import hooke.config.ModelConfig;
import hooke.hook.Point;
import hooke.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Two linear maps with an activation between them: {@code act(x W_in + b_in) W_out + b_out}. */
record Mlp(
        ModelConfig.Activation activation,
        Tensor W_in,
        @Nullable Tensor b_in,
        Tensor W_out,
        @Nullable Tensor b_out) {

    static Mlp of(Weights weights, int layer) {
        String mlp = "blocks." + layer + ".mlp.";
        return new Mlp(
                weights.config().actFn(),
                weights.get(mlp + "W_in"),
                weights.bias(mlp + "b_in"),
                weights.get(mlp + "W_out"),
                weights.bias(mlp + "b_out"));
    }

    Stream forward(Stream x, Site site) {
        long dMlp = W_in.size(1);
        Stream pre = site.at(Point.MLP_PRE, x.with(Linear.apply(x.rows(), W_in, b_in)), dMlp); // [row, d_mlp]
        Tensor activated = switch (activation) {
            case RELU -> pre.rows().relu();
            case GELU -> pre.rows().gelu();
        };
        Stream post = site.at(Point.MLP_POST, x.with(activated), dMlp);
        Stream out = x.with(Linear.apply(post.rows(), W_out, b_out)); // [row, d_model]
        return site.at(Point.MLP_OUT, out, W_out.size(1));
    }
}
