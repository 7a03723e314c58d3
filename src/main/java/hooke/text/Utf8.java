package hooke.text;

/** Characters (code points) in bytes that may be no UTF-8: a byte that belongs to none counts as a character of its own. */
public final class Utf8 {
    /** What stands for a byte that belongs to no character. */
    static final int MALFORMED = -1;

    private Utf8() {}

    /** Characters of a text, malformed bytes included. */
    public static int characters(byte[] text) {
        int characters = 0;
        for (int at = 0; at < text.length; at += length(point(text, at, text.length))) {
            characters++;
        }
        return characters;
    }

    /** Bytes of a text that belong to no character. */
    public static int malformed(byte[] text) {
        int malformed = 0;
        for (int at = 0; at < text.length; ) {
            int point = point(text, at, text.length);
            malformed += point == MALFORMED ? 1 : 0;
            at += length(point);
        }
        return malformed;
    }

    /** The code point at a place, or {@link #MALFORMED}: overlong forms, surrogates and broken sequences are none. */
    static int point(byte[] text, int at, int end) {
        int lead = text[at];
        if (lead >= 0) {
            return lead;
        }
        int more = (lead & 0xE0) == 0xC0 ? 1 : (lead & 0xF0) == 0xE0 ? 2 : (lead & 0xF8) == 0xF0 ? 3 : 0;
        if (more == 0 || at + more >= end) {
            return MALFORMED;
        }
        int point = lead & 0x3F >> more;
        for (int i = 1; i <= more; i++) {
            if ((text[at + i] & 0xC0) != 0x80) {
                return MALFORMED;
            }
            point = point << 6 | text[at + i] & 0x3F;
        }
        boolean isCharacter = length(point) == more + 1 && (point & ~0x7FF) != 0xD800 && point <= 0x10FFFF;
        return isCharacter ? point : MALFORMED;
    }

    /** Bytes of a code point; 1 for what is malformed. */
    static int length(int point) {
        return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    }
}
