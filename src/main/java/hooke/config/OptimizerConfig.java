package hooke.config;

import hooke.Check;
import hooke.config.form.Since;
import java.util.List;
import java.util.Map;

/**
 * What turns gradients into an update, each kind as PyTorch has it where PyTorch does. Weight decay is of one of two sorts: <i>L2</i>
 * adds {@code weight_decay w} to the gradient, <i>decoupled</i> makes a weight shrink by {@code lr weight_decay} of itself.
 */
public sealed interface OptimizerConfig {
    /** The learning rate. */
    double lr();

    double weightDecay();

    /** Which of the weights that train are decayed. */
    Decay decay();

    /** All learning rates, by key. */
    default Map<String, Double> rates() {
        return Map.of("lr", lr());
    }

    /**
     * Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101).
     *
     * @param betas of the two moments, as the field writes them: {@code [0.9, 0.999]}
     */
    record AdamW(
            double lr,
            double weightDecay,
            List<Double> betas,
            double eps,
            @Since(release = "0.1.0", before = "all") Decay decay)
            implements OptimizerConfig {
        public AdamW {
            betas = List.copyOf(betas);
            checkLr(lr);
            checkDecoupled(lr, weightDecay);
            checkBetas("betas", betas);
            checkEps("eps", eps);
        }

        /** Of everything that trains. */
        public AdamW(double lr, double weightDecay, List<Double> betas, double eps) {
            this(lr, weightDecay, betas, eps, Decay.ALL);
        }

        public double beta1() {
            return betas.get(0);
        }

        public double beta2() {
            return betas.get(1);
        }
    }

    /**
     * Adam (Kingma and Ba 2015, arXiv 1412.6980), with L2 weight decay.
     *
     * @param betas of the two moments, as the field writes them: {@code [0.9, 0.999]}
     */
    record Adam(
            double lr,
            List<Double> betas,
            double eps,
            @Since(release = "0.1.0", before = "0.0") double weightDecay,
            @Since(release = "0.1.0", before = "all") Decay decay)
            implements OptimizerConfig {
        public Adam {
            betas = List.copyOf(betas);
            checkLr(lr);
            checkBetas("betas", betas);
            checkEps("eps", eps);
            checkL2(weightDecay);
        }

        /** What it is in other words while it decays nothing. */
        public AdamW withoutDecay() {
            return new AdamW(lr, 0, betas, eps);
        }
    }

    /**
     * Stochastic gradient descent, with L2 weight decay: {@code b = momentum b + (1 - dampening) g}, which begins as the first gradient,
     * and {@code w = w - lr b}, or with Nesterov's momentum {@code w - lr (g + momentum b)}.
     */
    record Sgd(double lr, double momentum, double dampening, boolean nesterov, double weightDecay, Decay decay)
            implements OptimizerConfig {
        public Sgd {
            checkLr(lr);
            checkShare("momentum", momentum);
            Check.that(
                    dampening >= 0 && dampening <= 1, "train.optimizer.dampening (%s) must be from 0 to 1", dampening);
            Check.that(
                    !nesterov || momentum > 0 && dampening == 0,
                    "train.optimizer.nesterov (%s) needs a momentum of more than 0 and no dampening",
                    nesterov);
            checkL2(weightDecay);
        }
    }

    /**
     * Adagrad (Duchi et al. 2011), with L2 weight decay: {@code s = s + g^2, w = w - lr / (1 + (t - 1) lr_decay) g / (sqrt(s) + eps)}.
     *
     * @param lrDecay by which the rate falls from update to update
     * @param initialAccumulator what s begins as
     */
    record Adagrad(double lr, double lrDecay, double weightDecay, double initialAccumulator, double eps, Decay decay)
            implements OptimizerConfig {
        public Adagrad {
            checkLr(lr);
            Check.that(lrDecay >= 0 && lrDecay <= 1, "train.optimizer.lr_decay (%s) must be from 0 to 1", lrDecay);
            checkL2(weightDecay);
            Check.that(
                    initialAccumulator >= 0 && initialAccumulator <= 1e9,
                    "train.optimizer.initial_accumulator (%s) must be from 0 to 1e9",
                    initialAccumulator);
            checkEps("eps", eps);
        }
    }

    /**
     * RMSprop (Hinton 2012; Graves 2013, arXiv 1308.0850, where it is centered), with L2 weight decay: {@code s = alpha s + (1 - alpha)
     * g^2}, and {@code g / (sqrt(s) + eps)} is the step.
     *
     * @param momentum of the steps; 0 for none
     * @param centered whether the square of the gradient's moving average is taken from s
     */
    record Rmsprop(
            double lr, double alpha, double eps, double weightDecay, double momentum, boolean centered, Decay decay)
            implements OptimizerConfig {
        public Rmsprop {
            checkLr(lr);
            checkShare("alpha", alpha);
            checkEps("eps", eps);
            checkL2(weightDecay);
            checkShare("momentum", momentum);
        }
    }

    /**
     * Lion (Chen et al. 2023, arXiv 2302.06675, algorithm 2), with decoupled weight decay: {@code w = w - lr sign(beta1 m + (1 - beta1)
     * g)}, then {@code m = beta2 m + (1 - beta2) g}.
     */
    record Lion(double lr, List<Double> betas, double weightDecay, Decay decay) implements OptimizerConfig {
        public Lion {
            betas = List.copyOf(betas);
            checkLr(lr);
            checkBetas("betas", betas);
            checkDecoupled(lr, weightDecay);
        }
    }

    /**
     * Muon (Jordan 2024, kellerjordan.github.io/posts/muon): of hidden matrices the momentum made orthogonal by Newton and Schulz's
     * iteration, times {@code sqrt(max(1, outputs / inputs))}; AdamW for embeddings, unembedding, biases and gains. The weights of all
     * heads are one matrix. Weight decay is decoupled.
     *
     * @param nsSteps iterations
     * @param weightDecay of matrices and of the rest, each times its rate
     * @param adamLr and what follows: of the rest
     */
    record Muon(
            double lr,
            double momentum,
            boolean nesterov,
            int nsSteps,
            double weightDecay,
            double adamLr,
            List<Double> adamBetas,
            double adamEps,
            Decay decay)
            implements OptimizerConfig {
        /** Coefficients of an iteration: {@code a x + (b x x' + c (x x')^2) x}. */
        public static final double NS_A = 3.4445;

        public static final double NS_B = -4.7750;
        public static final double NS_C = 2.0315;
        /** Added to the norm by which a momentum is divided first. */
        public static final double NS_EPS = 1e-7;

        public Muon {
            adamBetas = List.copyOf(adamBetas);
            checkLr(lr);
            checkShare("momentum", momentum);
            Check.that(nsSteps >= 1 && nsSteps <= 100, "train.optimizer.ns_steps (%s) must be from 1 to 100", nsSteps);
            Check.that(
                    adamLr > 0 && adamLr <= 100,
                    "train.optimizer.adam_lr (%s) must be more than 0 and at most 100",
                    adamLr);
            checkDecoupled(Math.max(lr, adamLr), weightDecay);
            checkBetas("adam_betas", adamBetas);
            checkEps("adam_eps", adamEps);
        }

        /** Of what is no hidden matrix. */
        public AdamW rest() {
            return new AdamW(adamLr, weightDecay, adamBetas, adamEps, decay);
        }

        @Override
        public Map<String, Double> rates() {
            return Map.of("lr", lr, "adam_lr", adamLr);
        }
    }

    /** Which of the weights that train are decayed. */
    enum Decay {
        ALL,
        /** Matrices and embeddings, not biases and gains, as nanoGPT does. */
        MATRICES;

        /** Whether this weight is, if it trains. */
        public boolean includes(Parameter parameter) {
            return switch (this) {
                case ALL -> true;
                case MATRICES -> parameter.isMatrix();
            };
        }
    }

    /** Numbers that it remembers of each weight, at most. */
    default int remembered() {
        return switch (this) {
            case AdamW _, Adam _ -> 2;
            case Sgd sgd -> sgd.momentum() > 0 ? 1 : 0;
            case Adagrad _, Lion _ -> 1;
            case Rmsprop rmsprop -> 1 + (rmsprop.momentum() > 0 ? 1 : 0) + (rmsprop.centered() ? 1 : 0);
            case Muon _ -> 2; // Of what AdamW updates; of matrices one.
        };
    }

    /** Whether float32 keeps a share apart from 0, unless it is 0, and from 1. */
    static boolean isKept(double share) {
        return (share == 0 || share >= Float.MIN_NORMAL) && (float) share < 1;
    }

    private static void checkLr(double lr) {
        Check.that(lr > 0 && lr <= 100, "train.optimizer.lr (%s) must be more than 0 and at most 100", lr);
    }

    private static void checkDecoupled(double lr, double weightDecay) {
        Check.that(
                weightDecay >= 0 && lr * weightDecay < 1,
                "train.optimizer.weight_decay (%s) must be at least 0, and times lr (%s) less than 1",
                weightDecay,
                lr);
    }

    private static void checkL2(double weightDecay) {
        Check.that(
                weightDecay >= 0 && weightDecay <= 100,
                "train.optimizer.weight_decay (%s) must be from 0 to 100",
                weightDecay);
    }

    private static void checkEps(String key, double eps) {
        Check.that(
                eps >= Float.MIN_NORMAL && eps < 1,
                "train.optimizer.%s (%s) must be at least %s and less than 1: float32 takes what is smaller for 0",
                key,
                eps,
                TrainConfig.SMALLEST);
    }

    private static void checkShare(String key, double share) {
        Check.that(share >= 0 && share < 1, "train.optimizer.%s (%s) must be at least 0 and less than 1", key, share);
        Check.that(
                isKept(share),
                "train.optimizer.%s (%s) must be 0 or from %s to 0.99999994: float32 takes what is smaller for 0 and"
                        + " what is larger for 1",
                key,
                share,
                TrainConfig.SMALLEST);
    }

    private static void checkBetas(String key, List<Double> betas) {
        Check.that(
                betas.size() == 2 && betas.stream().allMatch(b -> b >= 0 && b < 1),
                "train.optimizer.%s (%s) must be two numbers, each at least 0 and less than 1",
                key,
                betas);
        Check.that(
                betas.stream().allMatch(OptimizerConfig::isKept),
                "train.optimizer.%s (%s) must each be 0 or from %s to 0.99999994: float32 takes what is smaller"
                        + " for 0 and what is larger for 1",
                key,
                betas,
                TrainConfig.SMALLEST);
    }
}
