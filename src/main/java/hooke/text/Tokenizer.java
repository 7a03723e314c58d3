package hooke.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * Cuts a text into tokens, numbered from 0 to {@link #size()} less one, and puts them together again. Immutable, and safe to use from
 * several threads.
 */
public sealed interface Tokenizer permits Bytes, Characters {
    /** Entries of the vocabulary, special tokens included. */
    int size();

    /** Tokens that are found in a text by how they are written, before it is cut. */
    Specials specials();

    /** The tokens of a text; bytes that are no UTF-8 are cut as they are. */
    int[] encode(byte[] text);

    default int[] encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What a token stands for in a text: for a special token how it is written. */
    byte[] bytes(int token);

    /** How the vocabulary names a token, in letters that can be printed: {@code Ġthe} for {@code the} after a space. */
    String name(int token);

    /** Everything that makes this tokenizer, as a {@code tokenizer.json}. */
    String json();

    /** What these tokens stand for, one after the other. */
    default byte[] bytes(int... tokens) {
        var text = new ByteArrayOutputStream();
        for (int token : tokens) {
            text.writeBytes(bytes(token));
        }
        return text.toByteArray();
    }

    /** The text of these tokens, special ones as they are written; U+FFFD for what is no character. */
    default String decode(int... tokens) {
        return new String(bytes(tokens), StandardCharsets.UTF_8);
    }

    /** The number of a special token, such as {@code <eos>}, if the vocabulary has it. */
    default OptionalInt id(String special) {
        return specials().id(special);
    }
}
