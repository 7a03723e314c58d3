package hooke.place;

import hooke.Check;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bytes in a place, by what they are.
 *
 * @param sha256 in hexadecimal
 * @param bytes how many
 */
public record Item(String sha256, long bytes) {
    private static final Pattern WRITTEN = Pattern.compile("([0-9a-f]{64}) (\\d{1,18})");

    public Item {
        Check.that(sha256.matches("[0-9a-f]{64}") && bytes >= 0, "%s is not a SHA-256", sha256);
    }

    /**
     * One a line.
     *
     * @param reference which says so, for the sentence where it says something else
     */
    static List<Item> parse(String text, String reference) {
        List<Matcher> lines = text.lines().map(WRITTEN::matcher).toList();
        Check.that(
                !lines.isEmpty() && lines.stream().allMatch(Matcher::matches),
                "%s is damaged: it names no SHA-256",
                reference);
        return lines.stream()
                .map(parts -> new Item(parts.group(1), Long.parseLong(parts.group(2))))
                .toList();
    }

    @Override
    public String toString() {
        return sha256 + " " + bytes;
    }

    /** Where it lies; in 256 groups, since folders of very many files are slow. */
    String key() {
        return Place.OBJECTS + sha256.substring(0, 2) + "/" + sha256;
    }
}
