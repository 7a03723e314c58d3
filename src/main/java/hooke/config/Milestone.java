package hooke.config;

import hooke.Amounts;
import hooke.Check;
import hooke.Decimals;
import hooke.config.form.Values;
import hooke.config.form.Words;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that a training may come to, as its experiment names it: {@code "solved: test_exact_match >= 0.95 for 3"}.
 *
 * @param series of the evaluations
 * @param patience further evaluations that must hold it, too
 */
public record Milestone(String name, String series, Relation relation, double value, int patience) {
    /** The train accuracy is high. */
    public static final String MEMORIZED = "memorized";

    /** The test accuracy is high. */
    public static final String GROKKED = "grokked";

    /** The stopping rule of an experiment that names no milestone to stop at. */
    public static final String REACHED = "reached";

    private static final Pattern FORM = Pattern.compile(
            "\\s*([a-z][a-z0-9_-]{0,39})\\s*:\\s*([a-z][a-z0-9_]*)\\s*(>=|<=|>|<)\\s*(\\S+?)(?:\\s+for\\s+([0-9]{1,6}))?\\s*");

    /** Words that tell of runs already. */
    private static final List<String> TAKEN =
            List.of(MEMORIZED, GROKKED, REACHED, "diverged", "failed", "resumed", "stopped");

    /** How a measure compares with the value. */
    public enum Relation {
        ABOVE(">"),
        AT_LEAST(">="),
        BELOW("<"),
        AT_MOST("<=");

        private final String sign;

        Relation(String sign) {
            this.sign = sign;
        }

        static Relation of(String sign) {
            return Stream.of(values())
                    .filter(r -> r.sign.equals(sign))
                    .findFirst()
                    .orElseThrow();
        }

        /** Never where a number is none. */
        public boolean holds(double measured, double value) {
            return switch (this) {
                case ABOVE -> measured > value;
                case AT_LEAST -> measured >= value;
                case BELOW -> measured < value;
                case AT_MOST -> measured <= value;
            };
        }

        public String sign() {
            return sign;
        }
    }

    /** Whether the experiment gave it its name. */
    public boolean isNamed() {
        return !List.of(MEMORIZED, GROKKED, REACHED).contains(name);
    }

    /** Whether an evaluation holds it. */
    public boolean holds(double measured) {
        return relation.holds(measured, value);
    }

    /** What it means, in words: {@code test exact match >= 0.95}. */
    public String meaning() {
        return series.replace('_', ' ') + " " + relation.sign() + " " + Decimals.shortest(value)
                + (patience == 0
                        ? ""
                        : ", held for " + Amounts.of(patience, "further evaluation", "further evaluations"));
    }

    static List<Milestone> parse(List<String> texts) {
        List<Milestone> all = texts.stream().map(Milestone::parse).toList();
        String twice =
                all.stream().collect(Collectors.groupingBy(Milestone::name, Collectors.counting())).entrySet().stream()
                        .filter(e -> e.getValue() > 1)
                        .map(e -> e.getKey())
                        .collect(Collectors.joining(", "));
        Check.that(twice.isEmpty(), "train.milestones.named (%s) must give each milestone a name of its own", twice);
        return all;
    }

    private static Milestone parse(String text) {
        Matcher form = FORM.matcher(text);
        Check.that(
                form.matches() && Values.NUMBER.matcher(form.group(4)).matches(),
                "train.milestones.named (%s) must be a name, a series and a condition, as in"
                        + " \"solved: test_accuracy >= 0.95\" or \"low: test_loss < 0.1 for 3\"",
                Words.shown(text, Values.SHOWN));
        Check.that(
                !TAKEN.contains(form.group(1)),
                "train.milestones.named (%s) is a name that is already taken: choose one other than %s",
                form.group(1),
                String.join(", ", TAKEN));
        var milestone = new Milestone(
                form.group(1),
                form.group(2),
                Relation.of(form.group(3)),
                Double.parseDouble(form.group(4)),
                form.group(5) == null ? 0 : Integer.parseInt(form.group(5)));
        Check.that(
                milestone.canBe(),
                "train.milestones.named (%s) can never be reached: an accuracy lies between 0 and 1 (0.95 for 95%%), a loss is at least 0",
                Words.shown(text, Values.SHOWN));
        return milestone;
    }

    /** Whether a value that its series can have holds it. */
    private boolean canBe() {
        double most = series.endsWith("_loss") ? Double.POSITIVE_INFINITY : 1;
        return holds(0) || holds(most);
    }
}
