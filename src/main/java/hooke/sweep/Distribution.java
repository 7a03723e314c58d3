package hooke.sweep;

import hooke.Check;
import hooke.config.Tree;
import hooke.config.Tree.Mapping;
import hooke.config.Tree.Scalar;
import hooke.config.Tree.Where;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Random;

/** Where the values of a random axis come from. Numbers with a fraction are rounded to four digits, so that people can write them. */
sealed interface Distribution {
    List<String> NAMES = List.of("uniform", "log-uniform", "int", "choice", "normal");

    /** A value for the key at a path. */
    Choice draw(String path, Random random, Where where);

    /** From least to most, each as likely. */
    record Uniform(double min, double max) implements Distribution {
        @Override
        public Choice draw(String path, Random random, Where where) {
            return Choice.of(path, rounded(min + random.nextDouble() * (max - min), min, max, where));
        }
    }

    /** Its logarithm is uniform. */
    record LogUniform(double min, double max) implements Distribution {
        @Override
        public Choice draw(String path, Random random, Where where) {
            double log = Math.log(min) + random.nextDouble() * (Math.log(max) - Math.log(min));
            return Choice.of(path, rounded(Math.exp(log), min, max, where));
        }
    }

    /** A whole number, both ends included. */
    record Whole(long min, long max) implements Distribution {
        @Override
        public Choice draw(String path, Random random, Where where) {
            long value = Math.min(max, min + (long) Math.floor(random.nextDouble() * (max - min + 1)));
            return Choice.of(path, new Scalar(where, Long.toString(value), true));
        }
    }

    /** One of some values. */
    record OneOf(List<Choice> choices) implements Distribution {
        @Override
        public Choice draw(String path, Random random, Where where) {
            return choices.get((int) Math.floor(random.nextDouble() * choices.size()));
        }
    }

    /** @param sd its standard deviation */
    record Normal(double mean, double sd) implements Distribution {
        @Override
        public Choice draw(String path, Random random, Where where) {
            double value = mean + sd * random.nextGaussian();
            return Choice.of(path, rounded(value, -Double.MAX_VALUE, Double.MAX_VALUE, where));
        }
    }

    /** What a sweep file says under {@code random}: {@code {distribution: log-uniform, min: 1e-4, max: 1e-2}}. */
    static Distribution of(String path, Tree tree, String key) {
        Mapping given =
                Reading.mapping(tree, key, List.of("distribution", "min", "max", "values", "mean", "sd", "when"));
        String name = Reading.text(given.get("distribution"), key + ".distribution", "");
        Check.that(
                NAMES.contains(name),
                "%s%s.distribution (%s) must be one of %s%s",
                given.where().prefix(),
                key,
                name,
                String.join(", ", NAMES),
                Check.didYouMean(name, NAMES));
        return switch (name) {
            case "choice" -> new OneOf(Axes.choices(path, need(given, "values", key), key + ".values"));
            case "normal" -> {
                double sd = number(given, "sd", key);
                Check.that(
                        sd > 0,
                        "%s%s.sd (%s) must be more than 0",
                        given.where().prefix(),
                        key,
                        sd);
                yield new Normal(number(given, "mean", key), sd);
            }
            case "int" -> {
                long min = Reading.whole(need(given, "min", key), key + ".min", -1_000_000_000, 1_000_000_000);
                long max = Reading.whole(need(given, "max", key), key + ".max", -1_000_000_000, 1_000_000_000);
                checkOrder(given.where(), key, min, max);
                yield new Whole(min, max);
            }
            default -> {
                double min = number(given, "min", key);
                double max = number(given, "max", key);
                checkOrder(given.where(), key, min, max);
                Check.that(
                        name.equals("uniform") || min > 0,
                        "%s%s.min (%s) must be more than 0: it has no logarithm",
                        given.where().prefix(),
                        key,
                        min);
                yield name.equals("uniform") ? new Uniform(min, max) : new LogUniform(min, max);
            }
        };
    }

    private static void checkOrder(Where where, String key, double min, double max) {
        Check.that(min < max, "%s%s.min (%s) must be less than %s.max (%s)", where.prefix(), key, min, key, max);
    }

    private static double number(Mapping given, String name, String key) {
        return Reading.number(need(given, name, key), key + "." + name);
    }

    private static Tree need(Mapping given, String name, String key) {
        Tree value = given.get(name);
        Check.that(value != null, "%s%s.%s is missing", given.where().prefix(), key, name);
        return java.util.Objects.requireNonNull(value);
    }

    private static Scalar rounded(double value, double min, double max, Where where) {
        double digits = new BigDecimal(value).round(new MathContext(4)).doubleValue();
        return new Scalar(where, Double.toString(Math.clamp(digits, min, max)), true);
    }
}
