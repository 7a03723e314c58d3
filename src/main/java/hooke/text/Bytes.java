package hooke.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One token a byte, numbered from 3 as in ByT5 (arXiv 2105.13626), after the special tokens: 259 entries. */
public record Bytes() implements Tokenizer {
    private static final int FIRST = Specials.STANDARD.all().size();
    private static final int UNKNOWN = 2;

    @Override
    public int size() {
        return FIRST + 256;
    }

    @Override
    public Specials specials() {
        return Specials.STANDARD;
    }

    @Override
    public void cut(byte[] text, Sink sink) {
        for (int at = 0; at < text.length; ) {
            var special = specials().next(text, at);
            for (; at < special.from(); at++) {
                sink.token(FIRST + (text[at] & 255), at, at + 1);
            }
            if (special.id() >= 0) {
                sink.token(special.id(), at, special.to());
            }
            at = special.to();
        }
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
        var settings = new Bpe.Settings(false, false, UNKNOWN, false, false, Bpe.Trim.NOTHING);
        return TokenizerJson.of(new Vocabulary(vocabulary, specials(), size()), List.of(), settings);
    }
}
