package hooke.sweep.axes;

import hooke.stats.Distributions;
import java.util.Random;

/** How a number is drawn, before it is rounded. */
sealed interface Law {
    double draw(Random random);

    /** The number below which such a share lies. */
    default double at(double share) {
        return switch (this) {
            case Uniform(double min, double max) -> min + share * (max - min);
            case LogUniform(double min, double max) ->
                Math.exp(Math.log(min) + share * (Math.log(max) - Math.log(min)));
            case Normal(double mean, double sd) -> mean + sd * Distributions.quantile(share);
            case LogNormal(double mean, double sd) -> Math.exp(mean + sd * Distributions.quantile(share));
            case Beta(double a, double b) -> Distributions.betaQuantile(share, a, b);
        };
    }

    /** The share that lies below a number. */
    default double share(double number) {
        return switch (this) {
            case Uniform(double min, double max) -> (number - min) / (max - min);
            case LogUniform(double min, double max) ->
                (Math.log(number) - Math.log(min)) / (Math.log(max) - Math.log(min));
            case Normal(double mean, double sd) -> Distributions.cumulative((number - mean) / sd);
            case LogNormal(double mean, double sd) -> Distributions.cumulative((Math.log(number) - mean) / sd);
            case Beta(double a, double b) -> Distributions.betaCumulative(number, a, b);
        };
    }

    /** From least to most, each as likely. */
    record Uniform(double min, double max) implements Law {
        @Override
        public double draw(Random random) {
            return Math.clamp(min + random.nextDouble() * (max - min), min, max);
        }
    }

    /** Its logarithm is uniform. */
    record LogUniform(double min, double max) implements Law {
        @Override
        public double draw(Random random) {
            double log = Math.log(min) + random.nextDouble() * (Math.log(max) - Math.log(min));
            return Math.clamp(Math.exp(log), min, max);
        }
    }

    /** @param sd its standard deviation */
    record Normal(double mean, double sd) implements Law {
        @Override
        public double draw(Random random) {
            return mean + sd * random.nextGaussian();
        }
    }

    /** Its logarithm is normal, with this mean and standard deviation. */
    record LogNormal(double mean, double sd) implements Law {
        @Override
        public double draw(Random random) {
            return Math.exp(mean + sd * random.nextGaussian());
        }
    }

    /** Between 0 and 1, with a density proportional to x^(a-1) (1-x)^(b-1): one of two gamma numbers as a share of both. */
    record Beta(double a, double b) implements Law {
        @Override
        public double draw(Random random) {
            double x = logGamma(a, random);
            double y = logGamma(b, random);
            return 1 / (1 + Math.exp(y - x));
        }

        /** The logarithm of a gamma number (Marsaglia and Tsang 2000), which does not vanish where the number would. */
        private static double logGamma(double shape, Random random) {
            if (shape < 1) {
                return logGamma(shape + 1, random) + Math.log(1 - random.nextDouble()) / shape;
            }
            double d = shape - 1.0 / 3;
            while (true) {
                double z = random.nextGaussian();
                double v = Math.pow(1 + z / Math.sqrt(9 * d), 3);
                if (v > 0 && Math.log(1 - random.nextDouble()) < z * z / 2 + d - d * v + d * Math.log(v)) {
                    return Math.log(d * v);
                }
            }
        }
    }
}
