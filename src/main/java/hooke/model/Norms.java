package hooke.model;

import hooke.config.ModelConfig;
import hooke.config.Norm;
import hooke.hook.Point;
import hooke.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** One norm of the residual stream, as configured: nothing, or LayerNorm with the given gain and bias. */
record Norms(Norm kind, @Nullable Tensor gain, @Nullable Tensor bias) {

    static final Norms NONE = new Norms(new Norm.None(), null, null);

    static Norms of(Weights weights, String name) {
        ModelConfig config = weights.config();
        return switch (config.norm()) {
            case Norm.None none -> new Norms(none, null, null);
            case Norm.LayerNorm layer -> new Norms(layer, weights.get(name + ".w"), weights.get(name + ".b"));
        };
    }

    /** {@code (x - mean) / sqrt(variance + eps) * gain + bias} over each row. */
    Stream forward(Stream x, Site site, Point scalePoint, Point normalizedPoint) {
        if (!(kind instanceof Norm.LayerNorm layerNorm) || gain == null || bias == null) {
            return x;
        }
        long width = x.rows().size(1);
        if (!site.touched(scalePoint)) {
            return site.at(normalizedPoint, x.with(x.rows().layerNorm(gain, bias, layerNorm.eps())), width);
        }
        Tensor centred = x.rows().minus(x.rows().mean(true, -1));
        Tensor deviation =
                centred.times(centred).mean(true, -1).plus(layerNorm.eps()).sqrt();
        Tensor scale = site.at(scalePoint, x.with(deviation), 1).rows();
        return site.at(
                normalizedPoint, x.with(centred.dividedBy(scale).times(gain).plus(bias)), width);
    }
}
