package hooke.text;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Byte-level byte pair encoding (Sennrich et al. 2016, arXiv 1508.07909, over bytes as GPT-2 has it): a word's bytes are tokens, of which
 * neighbours are merged, the pair that was learnt first before others. Its tokens are those of Hugging Face's tokenizers, bit by bit.
 */
public final class Bpe implements Tokenizer {
    /** Places for words of which the tokens are remembered, a power of 2, and the longest such word. */
    private static final int REMEMBERED = 1 << 16;

    private static final int LONGEST_REMEMBERED = 64;

    /** Tokens of a word that are merged by looking at all of them each time, which beats a queue. */
    private static final int FEW = 64;

    private final Vocabulary vocabulary;
    private final Settings settings;
    private final List<Merge> merges;
    private final PairTable ranks;
    private final int[] results;
    /** By their hashes, the last word of each; whichever thread wrote it, a word is whole. */
    private final @Nullable Known[] remembered = new Known[REMEMBERED];

    @SuppressWarnings("ArrayRecordComponent") // looked into, never compared
    private record Known(byte[] word, int[] tokens) {}

    /** Two tokens that become one. */
    record Merge(int left, int right, int result) {}

    /**
     * What a {@code tokenizer.json} may choose.
     *
     * @param prefixSpace whether a space goes before a text, and before what follows a special token, unless one is there
     * @param splits whether merges stay within words
     * @param unknown the token for a byte that has none, which else is left out: -1
     * @param fusesUnknown whether unknown bytes in a row are one token
     * @param ignoresMerges whether a word that is an entry is that entry, however it would be merged
     * @param trim what spans leave out
     */
    record Settings(
            boolean prefixSpace, boolean splits, int unknown, boolean fusesUnknown, boolean ignoresMerges, Trim trim) {
        static final Settings TRAINED = new Settings(true, true, 2, false, false, Trim.NOTHING);
    }

    /** What the spans of tokens leave out: blanks at their ends, except for one at the beginning of the text if it may have been added. */
    enum Trim {
        NOTHING,
        BLANKS,
        BLANKS_NOT_ADDED
    }

    Bpe(Vocabulary vocabulary, List<Merge> merges, Settings settings) {
        this.vocabulary = vocabulary;
        this.merges = List.copyOf(merges);
        this.settings = settings;
        this.ranks = new PairTable();
        this.results = merges.stream().mapToInt(Merge::result).toArray();
        for (int rank = 0; rank < merges.size(); rank++) {
            ranks.put(pair(merges.get(rank).left(), merges.get(rank).right()), rank);
        }
    }

    static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    @Override
    public int size() {
        return vocabulary.size();
    }

    @Override
    public Specials specials() {
        return vocabulary.specials();
    }

    @Override
    public byte[] bytes(int token) {
        return vocabulary.bytes(token).clone();
    }

    @Override
    public String name(int token) {
        return vocabulary.name(token);
    }

    @Override
    public OptionalInt unknown() {
        return settings.unknown() < 0 ? OptionalInt.empty() : OptionalInt.of(settings.unknown());
    }

    @Override
    public int lost(byte[] text) {
        int lost = 0;
        for (int at = 0; at < text.length && settings.unknown() < 0; ) {
            var special = specials().next(text, at);
            for (; at < special.from(); at++) {
                lost += vocabulary.token(text[at]) < 0 ? 1 : 0;
            }
            at = special.to();
        }
        return lost;
    }

    @Override
    public String json() {
        return TokenizerJson.of(vocabulary, merges, settings);
    }

    @Override
    public void cut(byte[] text, Sink sink) {
        for (int at = 0; at < text.length; ) {
            var special = specials().next(text, at);
            if (special.from() > at) {
                piece(text, at, special.from(), sink);
            }
            if (special.id() >= 0) {
                sink.token(special.id(), special.from(), special.to());
            }
            at = special.to();
        }
    }

    @Override
    public List<Span> spans(byte[] text) {
        List<Span> spans = Tokenizer.super.spans(text);
        if (settings.trim() == Trim.NOTHING) {
            return spans;
        }
        return IntStream.range(0, spans.size())
                .mapToObj(i -> trimmed(spans.get(i), i == 0))
                .toList();
    }

    private Span trimmed(Span span, boolean isFirst) {
        String name = name(span.token());
        int leading = blanks(name);
        int trailing = blanks(new StringBuilder(name).reverse().toString());
        boolean isAdded = leading == 1 && (isFirst || span.from() == 0) && settings.trim() == Trim.BLANKS_NOT_ADDED;
        int from = isAdded ? span.from() : Math.min(span.from() + leading, span.to());
        int to = span.to() >= trailing ? Math.max(span.to() - trailing, from) : span.to();
        return new Span(span.token(), from, to);
    }

    private static int blanks(String name) {
        return (int) name.chars()
                .takeWhile(c -> c == ByteLetters.letter(' ') || PreTokens.isBlank(c))
                .count();
    }

    /** What stands between special tokens. */
    private void piece(byte[] text, int from, int to, Sink sink) {
        byte[] piece = settings.prefixSpace() ? spaced(text, from, to) : Arrays.copyOfRange(text, from, to);
        int added = piece.length - (to - from);
        for (int at = 0; at < piece.length; ) {
            int end = settings.splits() ? PreTokens.end(piece, at, piece.length) : piece.length;
            for (int token : word(piece, at, end)) {
                int length = Math.min(covered(token, piece, at, end), end - at);
                // The space that was added covers the character that it stands before.
                sink.token(token, from + Math.max(at - added, 0), from + Math.max(at + length - added, 1));
                at += length;
            }
            at = end;
        }
    }

    /** A part of a text, with a space before it unless it begins with one or is empty. */
    static byte[] spaced(byte[] text, int from, int to) {
        if (from == to || text[from] == ' ') {
            return Arrays.copyOfRange(text, from, to);
        }
        byte[] spaced = new byte[to - from + 1];
        spaced[0] = ' ';
        System.arraycopy(text, from, spaced, 1, to - from);
        return spaced;
    }

    /** Bytes of the word that a token is made of. */
    private int covered(int token, byte[] text, int at, int end) {
        if (token != settings.unknown() || at == end || vocabulary.token(text[at]) >= 0) {
            return vocabulary.bytes(token).length;
        }
        int next = at + 1;
        while (settings.fusesUnknown() && next < end && vocabulary.token(text[next]) < 0) {
            next++;
        }
        return next - at;
    }

    private int[] word(byte[] text, int from, int to) {
        if (to - from > LONGEST_REMEMBERED) {
            return merged(text, from, to);
        }
        int hash = 0;
        for (int at = from; at < to; at++) {
            hash = hash * 31 + text[at];
        }
        int place = (hash ^ hash >>> 16) & REMEMBERED - 1;
        Known known = remembered[place];
        if (known == null || !Arrays.equals(known.word, 0, known.word.length, text, from, to)) {
            known = new Known(Arrays.copyOfRange(text, from, to), merged(text, from, to));
            remembered[place] = known;
        }
        return known.tokens;
    }

    private int[] merged(byte[] text, int from, int to) {
        if (settings.ignoresMerges()) {
            int whole = vocabulary.token(ByteLetters.name(Arrays.copyOfRange(text, from, to)));
            if (whole >= 0) {
                return new int[] {whole};
            }
        }
        var single = new Tokens(to - from);
        for (int at = from; at < to; at++) {
            int token = vocabulary.token(text[at]);
            boolean isFused = settings.fusesUnknown() && at > from && vocabulary.token(text[at - 1]) < 0;
            if (token >= 0 || settings.unknown() >= 0 && !isFused) {
                single.add(token >= 0 ? token : settings.unknown());
            }
        }
        int[] tokens = single.toArray();
        return tokens.length <= FEW ? mergedFew(tokens) : merged(tokens);
    }

    /** The leftmost pair of the lowest rank, again and again. */
    private int[] mergedFew(int[] tokens) {
        int n = tokens.length;
        int[] rank = new int[n]; // of a token and its right neighbour
        for (int at = 0; at + 1 < n; at++) {
            rank[at] = ranks.get(pair(tokens[at], tokens[at + 1]));
        }
        while (n > 1) {
            int best = PairTable.NONE;
            for (int at = 0; at + 1 < n; at++) {
                if (rank[at] >= 0 && (best < 0 || rank[at] < rank[best])) {
                    best = at;
                }
            }
            if (best < 0) {
                break;
            }
            tokens[best] = results[rank[best]];
            n--;
            System.arraycopy(tokens, best + 2, tokens, best + 1, n - best - 1);
            System.arraycopy(rank, best + 1, rank, best, n - best);
            if (best + 1 < n) {
                rank[best] = ranks.get(pair(tokens[best], tokens[best + 1]));
            }
            if (best > 0) {
                rank[best - 1] = ranks.get(pair(tokens[best - 1], tokens[best]));
            }
        }
        return n == tokens.length ? tokens : Arrays.copyOf(tokens, n);
    }

    /** Merges in the order of ranks, from left to right: what can be merged waits in a queue, as rank and place. */
    private int[] merged(int[] tokens) {
        int n = tokens.length;
        int[] next = new int[n];
        int[] previous = new int[n];
        var queue = new PriorityQueue<Long>();
        for (int at = 0; at < n; at++) {
            next[at] = at + 1;
            previous[at] = at - 1;
            offer(queue, tokens, at, at + 1);
        }
        while (!queue.isEmpty()) {
            long first = queue.poll();
            int at = (int) first;
            int result = results[(int) (first >> 32)];
            int right = tokens[at] < 0 ? n : next[at];
            // Neighbours that have merged with others since make another result, or none.
            int rank = right < n ? ranks.get(pair(tokens[at], tokens[right])) : PairTable.NONE;
            if (rank >= 0 && results[rank] == result) {
                tokens[at] = result;
                tokens[right] = -1;
                next[at] = next[right];
                if (next[at] < n) {
                    previous[next[at]] = at;
                }
                offer(queue, tokens, previous[at], at);
                offer(queue, tokens, at, next[at]);
            }
        }
        return Arrays.stream(tokens).filter(token -> token >= 0).toArray();
    }

    private void offer(PriorityQueue<Long> queue, int[] tokens, int left, int right) {
        int rank = left >= 0 && right < tokens.length ? ranks.get(pair(tokens[left], tokens[right])) : PairTable.NONE;
        if (rank >= 0) {
            queue.add((long) rank << 32 | left);
        }
    }
}
