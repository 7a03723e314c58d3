package hooke.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Tokens that are found in a text as they are written, before it is cut. Where several begin at one place, the longest is meant. */
public final class Specials {
    /** What every tokenizer made here begins with. */
    public static final Specials STANDARD = new Specials(
            List.of(new Special(0, "<pad>", false), new Special(1, "<eos>", false), new Special(2, "<unk>", false)));

    private final List<Special> all;
    private final Set<Integer> signs = new HashSet<>();
    private final byte[][] written;
    private final boolean[] begins = new boolean[256];

    /** A token and how it is written: a sign for the model, or text of its own, such as blanks that one token stands for. */
    public record Special(int id, String content, boolean isText) {}

    /** A special token in a text, or the text's end: then {@code id} is -1. */
    record Found(int id, int from, int to) {}

    Specials(List<Special> all) {
        this.all = List.copyOf(all);
        this.written = all.stream()
                .map(s -> s.content().getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        for (Special one : all) {
            if (!one.isText()) {
                signs.add(one.id());
            }
        }
        for (byte[] one : written) {
            begins[one[0] & 255] = true;
        }
    }

    public List<Special> all() {
        return all;
    }

    /** Whether a token is a sign for the model, and no text. */
    public boolean isSign(int token) {
        return signs.contains(token);
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
