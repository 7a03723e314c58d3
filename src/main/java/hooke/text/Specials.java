package hooke.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** The special tokens of a vocabulary. Where several begin at one place of a text, the longest is meant. */
public final class Specials {
    /** What every tokenizer made here begins with. */
    public static final Specials STANDARD =
            new Specials(List.of(new Special(0, "<pad>"), new Special(1, "<eos>"), new Special(2, "<unk>")));

    private final List<Special> all;
    private final byte[][] written;
    private final boolean[] begins = new boolean[256];

    /** A token and how it is written. */
    public record Special(int id, String content) {}

    /** A special token in a text, or its end: then {@code id} is -1. */
    record Found(int id, int from, int to) {}

    Specials(List<Special> all) {
        this.all = List.copyOf(all);
        this.written = all.stream()
                .map(s -> s.content().getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        for (byte[] one : written) {
            begins[one[0] & 255] = true;
        }
    }

    public List<Special> all() {
        return all;
    }

    /** Whether a token is one of these. */
    public boolean has(int token) {
        return all.stream().anyMatch(s -> s.id() == token);
    }

    OptionalInt id(String content) {
        return all.stream()
                .filter(s -> s.content().equals(content))
                .mapToInt(Special::id)
                .findFirst();
    }

    /** The first one at or after a place. */
    Found next(byte[] text, int from) {
        for (int at = from; at < text.length; at++) {
            if (begins[text[at] & 255]) {
                int longest = -1;
                for (int i = 0; i < written.length; i++) {
                    if (isAt(written[i], text, at) && (longest < 0 || written[i].length > written[longest].length)) {
                        longest = i;
                    }
                }
                if (longest >= 0) {
                    return new Found(all.get(longest).id(), at, at + written[longest].length);
                }
            }
        }
        return new Found(-1, text.length, text.length);
    }

    private static boolean isAt(byte[] written, byte[] text, int at) {
        int end = at + written.length;
        return end <= text.length && Arrays.equals(written, 0, written.length, text, at, end);
    }
}
