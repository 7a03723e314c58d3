package hooke.text;

import java.util.Optional;

/**
 * The printable letter by which vocabularies of byte-level BPE write each byte, as GPT-2 has it: the letter of that number where it can be
 * seen, or else the next one from U+0100 on, so that a space is {@code Ġ}.
 */
final class ByteLetters {
    private static final String LETTERS = letters();

    private ByteLetters() {}

    private static String letters() {
        var letters = new StringBuilder();
        char next = 0x100;
        for (int value = 0; value < 256; value++) {
            boolean isSeen = value > ' ' && value < 0x7F || value > 0xA0 && value != 0xAD;
            letters.append(isSeen ? (char) value : next++);
        }
        return letters.toString();
    }

    static char letter(int value) {
        return LETTERS.charAt(value);
    }

    /** The name of a token that stands for these bytes. */
    static String name(byte[] bytes) {
        var name = new StringBuilder(bytes.length);
        for (byte b : bytes) {
            name.append(letter(b & 255));
        }
        return name.toString();
    }

    /** The bytes that a name stands for, if these letters are all that it is made of. */
    static Optional<byte[]> bytes(String name) {
        byte[] bytes = new byte[name.length()];
        for (int i = 0; i < bytes.length; i++) {
            int value = LETTERS.indexOf(name.charAt(i));
            if (value < 0) {
                return Optional.empty();
            }
            bytes[i] = (byte) value;
        }
        return Optional.of(bytes);
    }
}
