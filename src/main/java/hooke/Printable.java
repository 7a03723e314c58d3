package hooke;

/** Text that nobody vouches for, fit to be shown: what a terminal would act on, or a reader would not see, is written out. */
public final class Printable {
    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private static final int LONGEST = 100;

    private Printable() {}

    /**
     * Control characters, separators of lines and what turns the direction of writing as {@code \}{@code u001b}; line feeds and tabs stay.
     * In JSON that is the same text.
     */
    public static String lines(String text) {
        int first = 0;
        while (first < text.length() && isPlain(text.charAt(first))) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        var shown = new StringBuilder(text.length() + 16).append(text, 0, first);
        text.substring(first).codePoints().forEach(c -> {
            if (isShown(c)) {
                shown.appendCodePoint(c);
            } else {
                for (char unit : Character.toChars(c)) {
                    shown.append("\\u%04x".formatted((int) unit));
                }
            }
        });
        return shown.toString();
    }

    /** A text, or its beginning where it is long, as a vocabulary is. */
    public static String beginning(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 4) + " ...";
    }

    /** Text that can be shown on one line: line feeds and tabs are written out, too. */
    public static String line(String text) {
        return lines(text).replace("\n", "\\n").replace("\t", "\\t");
    }

    /** Where nothing needs a closer look, which is nearly always. */
    private static boolean isPlain(char c) {
        return c >= ' ' && c < 0x7f || c == '\n' || c == '\t';
    }

    private static boolean isShown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL -> c == '\n' || c == '\t';
            // These belong to the spelling of some languages, and to pictures of several characters.
            case Character.FORMAT -> c == ZERO_WIDTH_NON_JOINER || c == ZERO_WIDTH_JOINER;
            case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> false;
            default -> true;
        };
    }
}
