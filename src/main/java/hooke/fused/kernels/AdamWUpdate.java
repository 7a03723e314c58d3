package hooke.fused.kernels;

import hooke.config.OptimizerConfig;

/**
 * The numbers of one update of Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2), as every
 * weight sees them; in PyTorch's order of operations:
 *
 * <pre>
 *   w = w (1 - lr decay)
 *   m = m + (g - m) (1 - beta1)
 *   v = v beta2 + g g (1 - beta2)
 *   w = w - lr / (1 - beta1^t)  m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
 * </pre>
 *
 * Nothing here may become subnormal, since arithmetic on such numbers is a hundred times slower and the JVM cannot flush them. So
 * gradients below {@link #tiny} count as zero, means below a 1024th of it, and squares below 2^-122: with {@code tiny = eps 2^-30} an
 * update that is lost moves its weight by less than a billionth of the rate. Weights below 2^-100 count as zero, too.
 */
public record AdamWUpdate(
        float keep, float rate1, float beta2, float rate2, float scale, float eps, float step, float tiny) {
    /** Squares of gradients and weights that are nearer to zero count as zero. */
    static final float TINY_SQUARE = 0x1p-122f;

    static final float TINY_VALUE = 0x1p-100f;

    /** Those of update number {@code step}, counted from 1, at a share of the learning rate. */
    public static AdamWUpdate of(OptimizerConfig.AdamW config, long step, double rateFactor) {
        double lr = config.lr() * rateFactor;
        double correction1 = 1 - Math.pow(config.beta1(), step);
        double correction2 = 1 - Math.pow(config.beta2(), step);
        double tiny = Math.max(config.eps() * 0x1p-30, 0x1p-56);
        return new AdamWUpdate(
                (float) (1 - lr * config.weightDecay()),
                (float) (1 - config.beta1()),
                (float) config.beta2(),
                (float) (1 - config.beta2()),
                (float) (1 / Math.sqrt(correction2)),
                (float) config.eps(),
                (float) (-lr / correction1),
                (float) tiny);
    }

    /** The update of weights that do not decay. */
    public AdamWUpdate withoutDecay() {
        return new AdamWUpdate(1, rate1, beta2, rate2, scale, eps, step, tiny);
    }

    /** A mean that is nearer to zero counts as zero. */
    float tinyMean() {
        return tiny / 1024;
    }
}
