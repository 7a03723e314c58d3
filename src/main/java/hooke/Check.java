package hooke;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Rules for what comes from outside, one line each. */
public final class Check {
    private Check() {}

    /**
     * Throws an {@link InputException} with the formatted sentence unless the condition holds. Numbers with a fraction are shown by
     * {@code %s}, as {@link Decimals#shortest} writes them.
     */
    @FormatMethod
    public static void that(boolean condition, @FormatString String sentence, Object... values) {
        if (!condition) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    sentence,
                    Arrays.stream(values).map(Check::shown).toArray()));
        }
    }

    private static Object shown(Object value) {
        return switch (value) {
            case Double number -> Decimals.shortest(number);
            case List<?> items -> items.stream().map(Check::shown).toList();
            default -> value;
        };
    }

    /** The candidate that a typo most likely meant: the smallest edit distance, if that is at most a third of its length (or 2), or one that it goes on from. */
    public static Optional<String> nearest(String typed, Collection<String> candidates) {
        String lower = typed.toLowerCase(Locale.ROOT);
        return candidates.stream()
                .filter(c -> Math.abs(typed.length() - c.length()) <= limit(c) && distance(typed, c) <= limit(c)
                        || typed.equalsIgnoreCase(c)
                        || c.length() >= 4 && lower.startsWith(c.toLowerCase(Locale.ROOT)))
                .min(Comparator.comparingInt((String c) -> distance(lower, c.toLowerCase(Locale.ROOT)))
                        .thenComparingInt(c -> distance(typed, c))
                        .thenComparing(c -> c));
    }

    private static int limit(String candidate) {
        return Math.min(Math.max(2, candidate.length() / 3), candidate.length() - 1);
    }

    /** " (did you mean 'x'?)" for the nearest candidate, or nothing: to end an error sentence with. */
    public static String didYouMean(String typed, Collection<String> candidates) {
        return nearest(typed, candidates)
                .map(c -> " (did you mean '" + c + "'?)")
                .orElse("");
    }

    /** Edits, with neighbours swapped as one (optimal string alignment). */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + same);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
