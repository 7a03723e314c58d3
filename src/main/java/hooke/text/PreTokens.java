package hooke.text;

/**
 * Cuts a text into the words that merges stay within, as GPT-2 does: by the expression
 * {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}, read off by hand.
 */
final class PreTokens {
    private static final byte SPACE = 0;
    private static final byte LETTER = 1;
    private static final byte NUMBER = 2;
    private static final byte OTHER = 3;
    private static final byte[] ASCII = ascii();

    private PreTokens() {}

    private static byte[] ascii() {
        byte[] kinds = new byte[128];
        for (int point = 0; point < kinds.length; point++) {
            kinds[point] = kind(point);
        }
        return kinds;
    }

    /** Where the word ends that begins at a place before {@code end}. */
    static int end(byte[] text, int from, int end) {
        int contracted = text[from] == '\'' ? contraction(text, from, end) : 0;
        if (contracted > 0) {
            return from + contracted;
        }
        byte kind = kind(text, from, end);
        if (text[from] == ' ' && from + 1 < end) {
            kind = kind(text, from + 1, end);
        }
        if (kind != SPACE) {
            return run(text, text[from] == ' ' ? from + 1 : from, end, kind);
        }
        int next = run(text, from, end, SPACE);
        int last = next - 1;
        while (last > from && (text[last] & 0xC0) == 0x80) {
            last--;
        }
        // The last blank before a word is left to it.
        return next == end || last == from ? next : last;
    }

    /** Bytes of what the apostrophe here begins, 0 if that is no English ending. */
    private static int contraction(byte[] text, int from, int end) {
        int first = from + 1 < end ? text[from + 1] : 0;
        int second = from + 2 < end ? text[from + 2] : 0;
        return switch (first) {
            case 's', 't', 'm', 'd' -> 2;
            case 'r', 'v' -> second == 'e' ? 3 : 0;
            case 'l' -> second == 'l' ? 3 : 0;
            default -> 0;
        };
    }

    /** Where the characters of one kind end. */
    private static int run(byte[] text, int from, int end, byte kind) {
        int at = from;
        while (at < end) {
            if (text[at] >= 0) {
                if (ASCII[text[at]] != kind) {
                    break;
                }
                at++;
            } else {
                int point = Utf8.point(text, at, end);
                if (kind(point) != kind) {
                    break;
                }
                at += Utf8.length(point);
            }
        }
        return at;
    }

    /** Whether a code point is white space. */
    static boolean isBlank(int point) {
        return kind(point) == SPACE;
    }

    private static byte kind(byte[] text, int at, int end) {
        return text[at] >= 0 ? ASCII[text[at]] : kind(Utf8.point(text, at, end));
    }

    private static byte kind(int point) {
        if (point == Utf8.MALFORMED) {
            return OTHER;
        }
        if (point >= '\t' && point <= '\r' || point == 0x85) {
            return SPACE;
        }
        return switch (Character.getType(point)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER -> LETTER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> SPACE;
            default -> OTHER;
        };
    }
}
