package hooke.text;

import hooke.Printable;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Cuts a text into tokens, numbered from 0 to {@link #size()} less one, and puts them together again. What it says never changes, and
 * several threads may use it at once.
 */
public sealed interface Tokenizer permits Bpe, Bytes, Characters {
    /** Entries of the vocabulary, special tokens included. */
    int size();

    /** Tokens that are found in a text by how they are written, before it is cut. */
    Specials specials();

    /** Hands over the tokens of a text in turn; bytes that are no UTF-8 are cut as they are. */
    void cut(byte[] text, Sink sink);

    /** What a token stands for in a text: for a special token how it is written. */
    byte[] bytes(int token);

    /** How the vocabulary names a token, in letters that can be printed: {@code Ġthe} for {@code the} after a space. */
    String name(int token);

    /** Its name for a person to read: a space is {@code ␣}, and what cannot be seen is written out. */
    default String label(int token) {
        return Printable.line(name(token)).replace(' ', '␣');
    }

    /** The token for what has none of its own; empty where all has one, or what has none is left out. */
    default OptionalInt unknown() {
        return OptionalInt.empty();
    }

    /** Bytes of a text that have no token and are left out. */
    default int lost(byte[] text) {
        return 0;
    }

    /** Everything that makes this tokenizer, as a {@code tokenizer.json}. */
    String json();

    /** Takes the tokens of a text. */
    interface Sink {
        /** A token, and the bytes of the text that it covers in whole or in part. */
        void token(int token, int from, int to);
    }

    /** A token and the characters of the text that it covers in whole or in part, counted in code points as Python counts. */
    record Span(int token, int from, int to) {}

    /**
     * What a {@code tokenizer.json} describes. Throws {@link hooke.InputException} for one that this build cannot follow to the letter.
     *
     * @param where the text was found, to begin a sentence with
     */
    static Tokenizer parse(String json, String where) {
        return new TokenizerReader(where).read(json);
    }

    /** The same of the bytes of a file. */
    static Tokenizer parse(byte[] json, String where) {
        return new TokenizerReader(where).read(json);
    }

    /** The tokens of a text. */
    default int[] encode(byte[] text) {
        var tokens = new Tokens(text.length / 2);
        cut(text, tokens);
        return tokens.toArray();
    }

    default int[] encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The tokens of a text with the characters that they cover. */
    default List<Span> spans(byte[] text) {
        int[] character = new int[text.length]; // that each byte belongs to
        int characters = 0;
        for (int at = 0; at < text.length; characters++) {
            int next = at + Utf8.length(Utf8.point(text, at, text.length));
            Arrays.fill(character, at, next, characters);
            at = next;
        }
        List<Span> spans = new ArrayList<>();
        cut(text, (token, from, to) -> spans.add(new Span(token, character[from], character[to - 1] + 1)));
        return spans;
    }

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

    /** The text of these tokens without the special ones. */
    default String text(int... tokens) {
        return decode(
                Arrays.stream(tokens).filter(token -> !specials().isSign(token)).toArray());
    }

    /** The number of a special token, such as {@code <eos>}, if the vocabulary has it. */
    default OptionalInt id(String special) {
        return specials().id(special);
    }
}
