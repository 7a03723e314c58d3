package hooke.text;

import hooke.Check;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * Learns byte-level BPE as the trainer of Hugging Face's tokenizers does: the pair that is most frequent in the words of the texts becomes
 * an entry, the one of smaller numbers where two are equally frequent, until the vocabulary is full or no pair is left.
 */
public final class BpeTrainer {
    /** The special tokens, and an entry for each byte if all occur. */
    public static final int LEAST = Specials.STANDARD.all().size() + 256;

    private final List<String> names = new ArrayList<>();
    private final Map<String, Integer> tokens = new HashMap<>();
    private final Map<Long, Integer> merges = new LinkedHashMap<>();
    private final List<Word> words = new ArrayList<>();
    private final List<Pair> pairs = new ArrayList<>();
    private final PairTable places = new PairTable();
    /** Pairs that have become more since they were last queued. */
    private final List<Pair> grown = new ArrayList<>();

    private final PriorityQueue<Candidate> queue = new PriorityQueue<>();

    private BpeTrainer() {}

    /**
     * Of these texts, each beginning with a space.
     *
     * @param size of the vocabulary; it stays smaller where the texts have no more to merge
     */
    public static Bpe train(int size, Iterable<byte[]> texts) {
        Check.that(
                size >= LEAST,
                "a vocabulary of %s entries is too small: byte-level BPE needs at least %s, its %s special tokens and one for"
                        + " each byte",
                size,
                LEAST,
                LEAST - 256);
        var trainer = new BpeTrainer();
        trainer.read(texts);
        trainer.mergeUpTo(size);
        var vocabulary = new Vocabulary(trainer.names, Specials.STANDARD, trainer.names.size());
        return new Bpe(vocabulary, trainer.merges(), Bpe.Settings.TRAINED);
    }

    /** A word of the texts as the tokens that it is made of so far. */
    private static final class Word {
        private final long count;
        private final int[] tokens;
        private int length;

        Word(long count, int[] tokens) {
            this.count = count;
            this.tokens = tokens;
            this.length = tokens.length;
        }
    }

    /** Two tokens that are neighbours, how often, and the words in which they have become so since they were last queued. */
    private static final class Pair {
        private final long key;
        private long count;
        private int[] in = new int[2];
        private int words;

        Pair(long key) {
            this.key = key;
        }

        void in(int word) {
            if (words > 0 && in[words - 1] == word) {
                return;
            }
            if (words == in.length) {
                in = Arrays.copyOf(in, words * 2);
            }
            in[words++] = word;
        }

        int[] takeWords() {
            int[] taken = Arrays.copyOf(in, words);
            words = 0;
            in = new int[2];
            return taken;
        }
    }

    /** A pair as it was queued. */
    private record Candidate(Pair pair, long count, int[] words) implements Comparable<Candidate> {
        /** The more frequent first, of equally frequent ones that of smaller numbers. */
        @Override
        public int compareTo(Candidate other) {
            return count != other.count ? Long.compare(other.count, count) : Long.compare(pair.key, other.pair.key);
        }
    }

    private void read(Iterable<byte[]> texts) {
        Map<String, long[]> counts = new HashMap<>();
        for (byte[] text : texts) {
            byte[] spaced = Bpe.spaced(text, 0, text.length);
            for (int at = 0; at < spaced.length; ) {
                int end = PreTokens.end(spaced, at, spaced.length);
                String word = new String(spaced, at, end - at, StandardCharsets.ISO_8859_1); // a key of bytes
                counts.computeIfAbsent(word, _ -> new long[1])[0]++;
                at = end;
            }
        }
        Check.that(!counts.isEmpty(), "there is no text to train a tokenizer on");
        Specials.STANDARD.all().forEach(s -> enter(s.content()));
        boolean[] occurs = new boolean[256];
        counts.keySet().forEach(word -> word.chars().forEach(value -> occurs[value] = true));
        int[] ofByte = new int[256];
        IntStream.range(0, 256)
                .filter(value -> occurs[value])
                .boxed()
                .sorted(Comparator.comparingInt(ByteLetters::letter))
                .forEach(value -> ofByte[value] = enter(String.valueOf(ByteLetters.letter(value))));
        counts.forEach((word, count) -> {
            int[] made = new int[word.length()];
            Arrays.setAll(made, at -> ofByte[word.charAt(at)]);
            words.add(new Word(count[0], made));
        });
    }

    /** The entry of this name, a new one unless it is there: two ways of merging may lead to one. */
    private int enter(String name) {
        return tokens.computeIfAbsent(name, n -> {
            names.add(n);
            return names.size() - 1;
        });
    }

    private void mergeUpTo(int size) {
        for (int word = 0; word < words.size(); word++) {
            Word one = words.get(word);
            for (int at = 0; at + 1 < one.length; at++) {
                count(one.tokens[at], one.tokens[at + 1], one.count, word);
            }
        }
        queueGrown();
        while (names.size() < size && !queue.isEmpty()) {
            Candidate first = queue.remove();
            Pair pair = first.pair();
            if (pair.count != first.count()) {
                queue.add(new Candidate(pair, pair.count, first.words()));
            } else if (pair.count < 1) {
                break;
            } else {
                int left = (int) (pair.key >> 32);
                int right = (int) pair.key;
                int result = enter(names.get(left) + names.get(right));
                merges.remove(pair.key); // the last of equal merges counts
                merges.put(pair.key, result);
                for (int word : first.words()) {
                    merge(left, right, result, word);
                }
                queueGrown();
            }
        }
    }

    private void count(int left, int right, long more, int word) {
        long key = Bpe.pair(left, right);
        int place = places.get(key);
        if (place == PairTable.NONE) {
            place = pairs.size();
            pairs.add(new Pair(key));
            places.put(key, place);
        }
        Pair pair = pairs.get(place);
        pair.count += more;
        if (more > 0) {
            if (pair.words == 0) {
                grown.add(pair);
            }
            pair.in(word);
        }
    }

    private void queueGrown() {
        for (Pair pair : grown) {
            int[] in = pair.takeWords();
            if (pair.count > 0) {
                queue.add(new Candidate(pair, pair.count, in));
            }
        }
        grown.clear();
    }

    private void merge(int left, int right, int result, int word) {
        Word one = words.get(word);
        int[] all = one.tokens;
        int length = 0;
        for (int at = 0; at < one.length; ) {
            if (all[at] != left || at + 1 == one.length || all[at + 1] != right) {
                all[length++] = all[at++];
                continue;
            }
            if (length > 0) {
                count(all[length - 1], left, -one.count, word);
                count(all[length - 1], result, one.count, word);
            }
            at += 2;
            if (at < one.length) {
                count(right, all[at], -one.count, word);
                count(result, all[at], one.count, word);
            }
            all[length++] = result;
        }
        one.length = length;
    }

    private List<Bpe.Merge> merges() {
        return merges.entrySet().stream()
                .map(e -> new Bpe.Merge((int) (e.getKey() >> 32), e.getKey().intValue(), e.getValue()))
                .toList();
    }
}
