package hooke.sweep.axes;

import hooke.Check;
import hooke.InputException;
import hooke.config.form.Tree;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Scalar;
import hooke.config.form.Tree.Where;
import hooke.config.form.Values;
import hooke.stats.Parzen;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Where the values of a random axis come from. */
sealed interface Distribution {
    /** The keys of each, beside {@code distribution} and {@code when}. */
    SequencedMap<String, List<String>> KEYS = keys();

    private static SequencedMap<String, List<String>> keys() {
        SequencedMap<String, List<String>> keys = new LinkedHashMap<>();
        keys.put("uniform", List.of("min", "max", "q"));
        keys.put("log-uniform", List.of("min", "max", "q"));
        keys.put("normal", List.of("mean", "sd", "q"));
        keys.put("log-normal", List.of("mean", "sd", "q"));
        keys.put("beta", List.of("a", "b", "q"));
        keys.put("int", List.of("min", "max"));
        keys.put("choice", List.of("values", "probabilities"));
        return keys;
    }

    /** A value for the key at a path. */
    Choice draw(String path, Random random, Where where);

    /**
     * The value that {@link Parzen} proposes.
     *
     * @param better names of values whose results are the better ones, in the order of time
     * @param worse of the rest
     */
    Choice propose(String path, List<String> better, List<String> worse, Random random, Where where);

    /** The value of that name. */
    default Choice named(String path, String name, Where where) {
        return Choice.of(path, new Scalar(where, name, true));
    }

    /**
     * A number, rounded so that people can write it.
     *
     * @param q what it is rounded to a multiple of; empty: to four digits
     */
    record Rounded(Law law, OptionalDouble q) implements Distribution {
        private static final MathContext DIGITS = new MathContext(4);

        @Override
        public Choice draw(String path, Random random, Where where) {
            return choice(path, law.draw(random), where);
        }

        private Choice choice(String path, double number, Where where) {
            double drawn = Math.clamp(number, -Double.MAX_VALUE, Double.MAX_VALUE);
            String text = q.isPresent() ? multiple(drawn, q.getAsDouble()) : digits(drawn);
            return Choice.of(path, new Scalar(where, text, true));
        }

        @Override
        public Choice propose(String path, List<String> better, List<String> worse, Random random, Where where) {
            return choice(path, law.at(Parzen.propose(places(better), places(worse), random)), where);
        }

        private List<Double> places(List<String> names) {
            return names.stream()
                    .map(name -> Math.clamp(law.share(Double.parseDouble(name)), 0, 1))
                    .toList();
        }

        /** Never beyond the ends, which may have more digits. */
        private String digits(double drawn) {
            double digits = new BigDecimal(drawn).round(DIGITS).doubleValue();
            return Double.toString(
                    switch (law) {
                        case Law.Uniform(double min, double max) -> Math.clamp(digits, min, max);
                        case Law.LogUniform(double min, double max) -> Math.clamp(digits, min, max);
                        case Law.Normal _, Law.LogNormal _, Law.Beta _ ->
                            Math.clamp(digits, -Double.MAX_VALUE, Double.MAX_VALUE);
                    });
        }

        private static String multiple(double drawn, double q) {
            BigDecimal times = new BigDecimal(Math.clamp(Math.rint(drawn / q), -Long.MAX_VALUE, Long.MAX_VALUE));
            return times.multiply(BigDecimal.valueOf(q)).stripTrailingZeros().toPlainString();
        }
    }

    /** A whole number, both ends included. */
    record Whole(long min, long max) implements Distribution {
        @Override
        public Choice draw(String path, Random random, Where where) {
            long value = Math.min(max, min + (long) Math.floor(random.nextDouble() * (max - min + 1)));
            return Choice.of(path, new Scalar(where, Long.toString(value), true));
        }

        @Override
        public Choice propose(String path, List<String> better, List<String> worse, Random random, Where where) {
            double place = Parzen.propose(places(better), places(worse), random);
            long value = Math.min(max, min + (long) Math.floor(place * (max - min + 1)));
            return Choice.of(path, new Scalar(where, Long.toString(value), true));
        }

        private List<Double> places(List<String> names) {
            return names.stream()
                    .map(name -> (Long.parseLong(name) - min + 0.5) / (max - min + 1))
                    .toList();
        }
    }

    /** One of some values, with these probabilities, which need not add up to 1; none: each as likely. */
    record OneOf(List<Choice> choices, List<Double> probabilities) implements Distribution {
        @Override
        public Choice draw(String path, Random random, Where where) {
            double u = random.nextDouble();
            if (probabilities.isEmpty()) {
                return choices.get((int) Math.floor(u * choices.size()));
            }
            double left = u * probabilities.stream().mapToDouble(p -> p).sum();
            for (int i = 0; i < choices.size(); i++) {
                left -= probabilities.get(i);
                if (left < 0) {
                    return choices.get(i);
                }
            }
            int last = IntStream.range(0, choices.size())
                    .filter(i -> probabilities.get(i) > 0)
                    .max()
                    .orElseThrow();
            return choices.get(last); // What is left is rounding.
        }

        @Override
        public Choice propose(String path, List<String> better, List<String> worse, Random random, Where where) {
            double sum = probabilities.stream().mapToDouble(p -> p).sum();
            double[] prior = IntStream.range(0, choices.size())
                    .mapToDouble(i -> probabilities.isEmpty() ? 1.0 / choices.size() : probabilities.get(i) / sum)
                    .toArray();
            return choices.get(Parzen.choose(numbers(better), numbers(worse), prior, random));
        }

        private List<Integer> numbers(List<String> names) {
            List<String> all = choices.stream().map(Choice::name).toList();
            return names.stream().map(all::indexOf).toList();
        }

        @Override
        public Choice named(String path, String name, Where where) {
            return choices.stream()
                    .filter(choice -> choice.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new InputException("%sbayes.proposed: %s is no value of random.%s"
                            .formatted(where.prefix(), Values.shown(name), path)));
        }
    }

    /**
     * What a sweep file says under {@code random}: {@code {distribution: log-uniform, min: 1e-4, max: 1e-2}}.
     *
     * @param key what errors call it
     */
    static Distribution of(String path, Tree tree, String key) {
        Mapping given = Values.mapping(tree, key);
        @Nullable Tree named = given.get("distribution");
        // Listed values are what W&B and Optuna draw from without being told so.
        String name = named == null && given.get("values") != null
                ? "choice"
                : Values.text(
                        Values.required(given, "distribution", key, Values.oneOf(List.copyOf(KEYS.keySet()))),
                        key + ".distribution");
        Check.that(
                KEYS.containsKey(name),
                "%s%s.distribution (%s) must be one of %s%s",
                given.where().prefix(),
                key,
                Values.shown(name),
                String.join(", ", KEYS.keySet()),
                Check.didYouMean(name, KEYS.keySet()));
        List<String> keys = KEYS.getOrDefault(name, List.of());
        Values.mapping(given.without("distribution").without("when"), key, keys);
        return switch (name) {
            case "choice" -> oneOf(path, given, key);
            case "int" -> {
                long min =
                        Values.whole(Values.required(given, "min", key), key + ".min", -1_000_000_000, 1_000_000_000);
                long max =
                        Values.whole(Values.required(given, "max", key), key + ".max", -1_000_000_000, 1_000_000_000);
                checkOrder(given, key, min < max);
                yield new Whole(min, max);
            }
            default -> new Rounded(law(name, given, key), q(given, key));
        };
    }

    private static Law law(String name, Mapping given, String key) {
        return switch (name) {
            case "normal" -> new Law.Normal(number(given, "mean", key), positive(given, "sd", key));
            case "log-normal" -> new Law.LogNormal(number(given, "mean", key), positive(given, "sd", key));
            case "beta" -> new Law.Beta(positive(given, "a", key), positive(given, "b", key));
            default -> {
                double min = number(given, "min", key);
                double max = number(given, "max", key);
                checkOrder(given, key, min < max);
                Check.that(
                        max - min <= Double.MAX_VALUE,
                        "%s%s: the range from %s to %s is too wide to be computed with",
                        given.where().prefix(),
                        key,
                        written(given, "min"),
                        written(given, "max"));
                Check.that(
                        name.equals("uniform") || min > 0,
                        "%s%s.min (%s) must be more than 0: only positive numbers have logarithms",
                        given.where().prefix(),
                        key,
                        written(given, "min"));
                yield name.equals("uniform") ? new Law.Uniform(min, max) : new Law.LogUniform(min, max);
            }
        };
    }

    private static Distribution oneOf(String path, Mapping given, String key) {
        List<Choice> choices = Axes.choices(path, Values.required(given, "values", key), key + ".values");
        @Nullable Tree written = given.get("probabilities");
        if (written == null) {
            return new OneOf(choices, List.of());
        }
        List<Double> probabilities = Values.some(written, key + ".probabilities").stream()
                .map(p -> Values.number(p, key + ".probabilities"))
                .toList();
        Check.that(
                probabilities.size() == choices.size(),
                "%s%s.probabilities has %s, but values has %s: each value needs one",
                written.where().prefix(),
                key,
                probabilities.size(),
                choices.size());
        Check.that(
                probabilities.stream().allMatch(p -> p >= 0 && p <= 1)
                        && probabilities.stream().anyMatch(p -> p > 0),
                "%s%s.probabilities (%s) must be between 0 and 1, at least one of them above 0",
                written.where().prefix(),
                key,
                probabilities);
        return new OneOf(choices, probabilities);
    }

    private static OptionalDouble q(Mapping given, String key) {
        return given.get("q") == null ? OptionalDouble.empty() : OptionalDouble.of(positive(given, "q", key));
    }

    private static void checkOrder(Mapping given, String key, boolean rises) {
        Check.that(
                rises,
                "%s%s.min (%s) must be less than %s.max (%s)",
                given.where().prefix(),
                key,
                written(given, "min"),
                key,
                written(given, "max"));
    }

    /** A number with the digits that the file gives it. */
    private static String written(Mapping given, String name) {
        return given.get(name) instanceof Scalar number ? number.text() : "";
    }

    private static double positive(Mapping given, String name, String key) {
        double value = number(given, name, key);
        Check.that(
                value > 0, "%s%s.%s (%s) must be more than 0", given.where().prefix(), key, name, written(given, name));
        return value;
    }

    private static double number(Mapping given, String name, String key) {
        return Values.number(Values.required(given, name, key), key + "." + name);
    }
}
