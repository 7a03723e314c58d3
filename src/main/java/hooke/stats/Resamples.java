package hooke.stats;

import hooke.Check;
import hooke.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Which runs each resample of a bootstrap draws: given, or drawn from a stream that a seed and a name fix for ever. */
public final class Resamples {
    private Resamples() {}

    /** The stream of this name: the same seed and name give the same draws on every machine; other names draw others. */
    public static RandomGenerator stream(long seed, String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        byte[] bytes =
                ByteBuffer.allocate(8 + text.length).putLong(seed).put(text).array();
        // The algorithm is named, because the default may change with the JDK.
        return RandomGeneratorFactory.of("L64X128MixRandom").create(Sha256.bytes(bytes));
    }

    /** So many resamples of n runs each, drawn with replacement: {@code [resample][n]} indices. */
    public static int[][] draw(RandomGenerator stream, int n, int count) {
        Check.that(n >= 1 && count >= 2, "a bootstrap needs runs (%s) and at least two resamples (%s)", n, count);
        int[][] indices = new int[count][n];
        for (int[] resample : indices) {
            for (int i = 0; i < n; i++) {
                resample[i] = stream.nextInt(n);
            }
        }
        return indices;
    }
}
