package hooke.sweep.axes;

import hooke.Sha256;
import hooke.config.form.Tree.Where;
import hooke.stats.Parzen;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The random part of a sweep. Each key draws from a stream of its own, which follows from seed and key: more samples keep those that
 * were there, and another key changes none of the others. Behind the first ones there may be those that {@link Parzen} proposed.
 *
 * @param samples draws of every key, those that are still to be proposed included
 * @param atRandom of them, the first
 * @param proposed the next, as far as they are known; of each what is chosen, in the order of the keys
 */
public record Draws(int samples, long seed, List<Key> keys, int atRandom, List<List<Choice>> proposed) {
    static final Draws NONE = new Draws(1, 0, List.of(), 1, List.of());

    /** @param when cells that it applies to; null: all */
    record Key(
            String path,
            Distribution distribution,
            @Nullable Condition when,
            Where where) {}

    /**
     * What is known of a cell that was trained.
     *
     * @param choices names of its values by path
     * @param loss the smaller, the better; infinity for one that diverged or failed
     */
    public record Seen(Map<String, String> choices, double loss) {}

    /** How many are known. */
    public int count() {
        return atRandom + proposed.size();
    }

    /** Of each that is known what is chosen, in the order of the keys. */
    List<List<Choice>> all() {
        List<List<Choice>> all = new ArrayList<>();
        List<Random> streams =
                keys.stream().map(key -> stream(seed + "/" + key.path())).toList();
        for (int i = 0; i < atRandom; i++) {
            List<Choice> sample = new ArrayList<>();
            for (int k = 0; k < keys.size(); k++) {
                Key key = keys.get(k);
                sample.add(key.distribution().draw(key.path(), streams.get(k), key.where()));
            }
            all.add(sample);
        }
        all.addAll(proposed);
        return all;
    }

    /**
     * The names of the values that follow from what was seen, by path: each key by itself, from a stream of its own for every draw.
     *
     * @param seen in the order of the cells
     * @param waiting proposed beside it, which count as bad, so that those of one batch differ
     * @param number of the draw
     */
    public SequencedMap<String, String> propose(List<Seen> seen, List<Seen> waiting, int number) {
        List<Seen> byLoss =
                seen.stream().sorted(Comparator.comparingDouble(Seen::loss)).toList();
        List<Seen> best = byLoss.subList(0, Parzen.better(seen.size()));
        SequencedMap<String, String> names = new LinkedHashMap<>();
        for (Key key : keys) {
            List<String> better = new ArrayList<>();
            List<String> worse = new ArrayList<>();
            Stream.concat(seen.stream(), waiting.stream()).forEach(one -> {
                String name = one.choices().get(key.path());
                if (name != null) {
                    (best.contains(one) ? better : worse).add(name);
                }
            });
            Random random = stream(seed + "/tpe/" + number + "/" + key.path());
            names.put(
                    key.path(),
                    key.distribution()
                            .propose(key.path(), better, worse, random, key.where())
                            .name());
        }
        return names;
    }

    /** java.util.Random, whose numbers are specified and so the same in every Java. */
    private static Random stream(String name) {
        byte[] digest = Sha256.bytes(("sweep/" + name).getBytes(StandardCharsets.UTF_8));
        return new Random(ByteBuffer.wrap(digest).getLong());
    }
}
