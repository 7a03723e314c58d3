package hooke.model;

import hooke.config.Norm;
import hooke.hook.Point;
import hooke.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** One norm of the residual stream, as configured, with what it has of gain and bias, and the points where it is looked at. */
record Norms(Norm kind, @Nullable Tensor gain, @Nullable Tensor bias, Point scale, Point normalized) {

    static Norms of(Weights weights, String name, Point scale, Point normalized) {
        Norm norm = weights.config().norm();
        return new Norms(
                norm,
                norm.hasGain() ? weights.get(name + ".w") : null,
                norm.hasBias() ? weights.get(name + ".b") : null,
                scale,
                normalized);
    }

    Tensor forward(Tensor x, Site site) {
        return switch (kind) {
            case Norm.None() -> x;
            case Norm.RmsNorm rms -> site.at(normalized, rmsNorm(x, rms.eps(), site));
            case Norm.LayerNorm layerNorm -> site.at(normalized, layerNorm(x, layerNorm.eps(), site));
        };
    }

    /** {@code (x - mean) / sqrt(variance + eps) * gain + bias} over each row. */
    private Tensor layerNorm(Tensor x, double eps, Site site) {
        if (!site.touched(scale)) {
            return x.layerNorm(gain, bias, eps);
        }
        return rmsNorm(x.minus(x.mean(true, -1)), eps, site);
    }

    /** {@code x / sqrt(mean(x^2) + eps) * gain + bias} over each row. */
    private Tensor rmsNorm(Tensor x, double eps, Site site) {
        Tensor rms = x.times(x).mean(true, -1).plus(eps).sqrt();
        Tensor normalised = x.dividedBy(site.at(scale, rms));
        Tensor scaled = gain == null ? normalised : normalised.times(gain);
        return bias == null ? scaled : scaled.plus(bias);
    }
}
