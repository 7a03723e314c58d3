package hooke.store;

import hooke.Printable;
import java.time.DateTimeException;
import java.time.OffsetDateTime;

/** Forms of what is stored, whoever wrote it. */
final class Stored {
    private static final int LONGEST_NAME = 200;

    private Stored() {}

    /** Whether a series or a kind of event can be called so: something that can be shown on one line. */
    static boolean isName(String name) {
        return !name.isBlank()
                && name.length() <= LONGEST_NAME
                && Printable.line(name).equals(name);
    }

    /** A moment of our time, from which others can be subtracted. Throws {@link DateTimeException}. */
    static OffsetDateTime moment(String text) {
        OffsetDateTime moment = OffsetDateTime.parse(text);
        if (moment.getYear() < 1900 || moment.getYear() > 9999) {
            throw new DateTimeException("its year is not one of this program");
        }
        return moment;
    }
}
