package hooke.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One token a byte, numbered from 3 as in ByT5 (arXiv 2105.13626), after the special tokens: 259 entries. */
public record Bytes() implements Tokenizer {
    private static final int FIRST = Specials.STANDARD.all().size();

    @Override
    public int size() {
        return FIRST + 256;
    }

    @Override
    public Specials specials() {
        return Specials.STANDARD;
    }

    @Override
    public int[] encode(byte[] text) {
        var tokens = new Tokens(text.length);
        for (int at = 0; at < text.length; ) {
            var special = specials().next(text, at);
            for (; at < special.from(); at++) {
                tokens.add(FIRST + (text[at] & 255));
            }
            if (special.id() >= 0) {
                tokens.add(special.id());
            }
            at = special.to();
        }
        return tokens.toArray();
    }

    @Override
    public byte[] bytes(int token) {
        return token < FIRST ? name(token).getBytes(StandardCharsets.UTF_8) : new byte[] {(byte) (token - FIRST)};
    }

    @Override
    public String name(int token) {
        return token < FIRST
                ? specials().all().get(token).content()
                : String.valueOf(ByteLetters.letter(token - FIRST));
    }

    /** As byte-level BPE that merges nothing. */
    @Override
    public String json() {
        List<String> vocabulary = new ArrayList<>();
        for (int token = 0; token < size(); token++) {
            vocabulary.add(name(token));
        }
        return TokenizerJson.ofBytes(vocabulary);
    }
}
