package hooke.sweep.axes;

import hooke.config.Tree.Where;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The random part of a sweep. Each key draws from a stream of its own, which follows from seed and key: more samples keep those that
 * were there, and another key changes none of the others.
 *
 * @param samples draws of every key
 */
public record Draws(int samples, long seed, List<Key> keys) {
    static final Draws NONE = new Draws(1, 0, List.of());

    /** @param when cells that it applies to; null: all */
    record Key(
            String path,
            Distribution distribution,
            @Nullable Condition when,
            Where where) {}

    /** Of each sample what is chosen, in the order of the keys. */
    List<List<Choice>> all() {
        List<List<Choice>> all = new ArrayList<>();
        List<Random> streams = keys.stream().map(key -> stream(key.path())).toList();
        for (int i = 0; i < samples; i++) {
            List<Choice> sample = new ArrayList<>();
            for (int k = 0; k < keys.size(); k++) {
                Key key = keys.get(k);
                sample.add(key.distribution().draw(key.path(), streams.get(k), key.where()));
            }
            all.add(sample);
        }
        return all;
    }

    /** java.util.Random, whose numbers are specified and so the same in every Java. */
    private Random stream(String path) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(("sweep/" + seed + "/" + path).getBytes(StandardCharsets.UTF_8));
            return new Random(ByteBuffer.wrap(digest).getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
