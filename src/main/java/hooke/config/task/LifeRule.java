package hooke.config.task;

import hooke.Check;
import hooke.config.form.Words;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A life-like rule: for which numbers of living neighbours, 0 to 8, a dead cell is born and a living one survives. Bit n of a set stands
 * for the number n.
 */
public record LifeRule(int born, int survives) {
    /** Conway's. */
    public static final LifeRule CONWAY = parse("B3/S23", "the rule");

    private static final int NUMBERS = 9;

    /** B3/S23, in small letters too, or in the older notation 23/3: survival first. */
    public static LifeRule parse(String text, String key) {
        Matcher named = Pattern.compile("[Bb]([0-8]*)/?[Ss]([0-8]*)").matcher(text);
        Matcher bare = Pattern.compile("([0-8]*)/([0-8]*)").matcher(text);
        boolean isNamed = named.matches();
        Check.that(
                isNamed || bare.matches(),
                "%s (%s) must say for which numbers of neighbours, 0 to 8, a cell is born and survives: B3/S23, or 23/3 with survival first",
                key,
                Words.shown(text, 40));
        return isNamed
                ? new LifeRule(numbers(named.group(1), text, key), numbers(named.group(2), text, key))
                : new LifeRule(numbers(bare.group(2), text, key), numbers(bare.group(1), text, key));
    }

    private static int numbers(String digits, String text, String key) {
        Check.that(
                digits.chars().distinct().count() == digits.length(),
                "%s (%s) must name each number of neighbours once",
                key,
                Words.shown(text, 40));
        return digits.chars().map(digit -> 1 << digit - '0').sum();
    }

    /** Whether a cell with so many living neighbours lives next. */
    public boolean lives(boolean alive, int neighbours) {
        return ((alive ? survives : born) >> neighbours & 1) == 1;
    }

    /** B3/S23. */
    @Override
    public String toString() {
        return "B" + digits(born) + "/S" + digits(survives);
    }

    private static String digits(int set) {
        return IntStream.range(0, NUMBERS)
                .filter(n -> (set >> n & 1) == 1)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining());
    }
}
