package hooke.store.sqlite;

import hooke.Check;
import hooke.Printable;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;

/** Forms of what is stored, whoever wrote it. */
public final class Stored {
    private static final int LONGEST_NAME = 200;

    private static final Pattern TAG = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._:+-]{0,99}");

    private Stored() {}

    /** Whether a series or a kind of event can be called so: something that can be shown on one line. */
    public static boolean isName(String name) {
        return !name.isBlank()
                && name.length() <= LONGEST_NAME
                && Printable.line(name).equals(name);
    }

    /** A moment of our time, from which others can be subtracted. Throws {@link DateTimeException}. */
    public static OffsetDateTime moment(String text) {
        OffsetDateTime moment = OffsetDateTime.parse(text);
        if (moment.getYear() < 1900 || moment.getYear() > 9999) {
            throw new DateTimeException("its year is not one of this program");
        }
        return moment;
    }

    /** Throws {@link hooke.InputException} for what cannot be a tag of a run. */
    public static void checkTag(String tag) {
        Check.that(
                TAG.matcher(tag).matches(),
                "'%s' is not a valid tag: write one word of letters, digits and . _ : + -, beginning with a letter or digit",
                tag);
    }
}
