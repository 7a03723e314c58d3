package hooke.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;

/** One token a character (code point), numbered after the special tokens; one that the vocabulary lacks is {@code <unk>}. */
public final class Characters implements Tokenizer {
    private static final int FIRST = Specials.STANDARD.all().size();
    private static final int UNKNOWN = 2;

    private final List<Integer> points;
    private final Map<Integer, Integer> tokens = new HashMap<>();

    Characters(List<Integer> points) {
        this.points = List.copyOf(points);
        for (int i = 0; i < points.size(); i++) {
            tokens.put(points.get(i), FIRST + i);
        }
    }

    /** Of the characters in these texts, in the order of Unicode. Bytes that belong to none get no entry. */
    public static Characters of(Iterable<byte[]> texts) {
        var points = new TreeSet<Integer>();
        for (byte[] text : texts) {
            for (int at = 0; at < text.length; ) {
                int point = Utf8.point(text, at, text.length);
                if (point != Utf8.MALFORMED) {
                    points.add(point);
                }
                at += Utf8.length(point);
            }
        }
        return new Characters(List.copyOf(points));
    }

    @Override
    public int size() {
        return FIRST + points.size();
    }

    @Override
    public Specials specials() {
        return Specials.STANDARD;
    }

    @Override
    public void cut(byte[] text, Sink sink) {
        for (int at = 0; at < text.length; ) {
            var special = specials().next(text, at);
            while (at < special.from()) {
                int point = Utf8.point(text, at, special.from());
                int next = at + Utf8.length(point);
                sink.token(tokens.getOrDefault(point, UNKNOWN), at, next);
                at = next;
            }
            if (special.id() >= 0) {
                sink.token(special.id(), at, special.to());
            }
            at = special.to();
        }
    }

    @Override
    public byte[] bytes(int token) {
        return name(token).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String name(int token) {
        return token < FIRST ? specials().all().get(token).content() : Character.toString(points.get(token - FIRST));
    }

    @Override
    public OptionalInt unknown() {
        return OptionalInt.of(UNKNOWN);
    }

    /** As BPE over characters that merges nothing. */
    @Override
    public String json() {
        List<String> vocabulary = new ArrayList<>();
        for (int token = 0; token < size(); token++) {
            vocabulary.add(name(token));
        }
        return TokenizerJson.ofCharacters(vocabulary);
    }
}
