package hooke.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;

/**
 * Which numbers dropout (Srivastava et al. 2014) takes away: a function of seed, batch, layer, place and index alone, so that a training
 * that goes on, any number of threads and both engines draw the same. What stays is divided by the share that stays.
 *
 * <p>Numbers lie in rows. With {@code G = 0x9e3779b97f4a7c15} and SplitMix64's finalizer {@code mix}, all in 64 bits,
 *
 * <pre>
 *   batch = mix(mix(seed + 0x64726f706f7574) + G (number + 1))
 *   place = mix(batch + G (1 + 4 layer + place's number))
 *   row   = mix(place + G (1 + (sequence n_heads + head) n_ctx + position))
 * </pre>
 *
 * where the places have numbers 0 to 3 in the order of the model, the number of heads is 1 and the head 0 for all but the pattern, {@code
 * sequence} counts within the batch, and {@code position} is the query's. Of a row's number at {@code column} (its key, or its place in the stream), in 32 bits with logical shifts,
 *
 * <pre>
 *   x = column ^ low half of row;   x = (x ^ x >>> 16) 0x21f0aaad
 *   x = x ^ x >>> 15 ^ high half;   x = (x ^ x >>> 16) 0x735a2d97;   x = x ^ x >>> 15
 * </pre>
 *
 * and the number stays where {@code x >>> 1} is at least {@code round(share 2^31)}. So a row costs some multiplications of 64 bits, and a
 * number two of 32, which vectors have.
 *
 * @param share of the numbers that is taken away; 0 for no dropout
 */
public record Dropout(long seed, double share, int heads, int nCtx) {
    private static final long G = 0x9e3779b97f4a7c15L;
    private static final long NAME = 0x64726f706f7574L; // "dropout"
    /** Multipliers of a number's hash. */
    public static final int A = 0x21f0aaad;

    public static final int B = 0x735a2d97;

    /** Where numbers are taken away, in the order of the model. */
    public enum Place {
        /** Sum of a token's and a position's vector, before the first layer: layer 0. */
        EMBEDDING(0),
        /** Behind the softmax, of each head. */
        PATTERN(1),
        /** What attention adds to the stream. */
        ATTN_OUT(2),
        /** What the MLP adds to it. */
        MLP_OUT(3);

        private final int number;

        Place(int number) {
            this.number = number;
        }
    }

    /** What {@code x >>> 1} must be at least for a number to stay. */
    public int limit() {
        return (int) Math.min(Math.round(share * 0x1p31), Integer.MAX_VALUE);
    }

    /** What the numbers that stay are multiplied by. */
    public float scale() {
        return (float) (1 / (1 - share));
    }

    /** That of one batch: the first of the training has number 0, those of one update follow each other. */
    public OfBatch batch(long number) {
        return new OfBatch(this, mix(mix(seed + NAME) + G * (number + 1)));
    }

    /** What it takes away from one batch. */
    public record OfBatch(Dropout dropout, long key) {
        /** The rows of one place. */
        public long place(int layer, Place place) {
            return mix(key + G * (1 + 4L * layer + place.number));
        }

        /** A row of a place whose numbers belong to no head. */
        public long row(long place, int sequence, int position) {
            return row(place, (long) sequence * dropout.nCtx + position);
        }

        /** A query's row of the pattern. */
        public long row(long place, int sequence, int head, int position) {
            return row(place, ((long) sequence * dropout.heads + head) * dropout.nCtx + position);
        }

        private static long row(long place, long number) {
            return mix(place + G * (number + 1));
        }
    }

    /**
     * By what the numbers of rows are multiplied: 0, or {@link #scale}. Hashed on the device that the numbers are on: a pattern has more of
     * them than a processor can draw for a GPU.
     *
     * @param rows of all numbers, in their order
     * @param each so many rows that follow each other have the same columns
     * @param columns of the first such rows, of the next, and so on; after the last come the first again
     * @param like of the type and on the device that are wanted
     * @return [row, column]
     */
    public Tensor factors(long[] rows, int each, int[][] columns, Tensor like) {
        int width = columns[0].length;
        Scope outside = Scope.innermost();
        try (var _ = new Scope();
                var _ = new NoGrad();
                var a = new Scalar(A);
                var b = new Scalar(B);
                var least = new Scalar(limit())) {
            int[] all = Arrays.stream(columns).flatMapToInt(Arrays::stream).toArray();
            Tensor column = ints(all, like, columns.length, 1, width);
            Tensor low = ints(halves(rows, 0), like, -1, columns.length, each, 1);
            Tensor high = ints(halves(rows, 32), like, -1, columns.length, each, 1);
            try (var hash = low.handle().bitwise_xor(column.handle())) {
                fold(hash, 16);
                hash.mul_(a);
                fold(hash, 15);
                hash.bitwise_xor_(high.handle());
                fold(hash, 16);
                hash.mul_(b);
                fold(hash, 15);
                try (var half = shifted(hash, 1)) {
                    Tensor factors = Tensor.own(half.ge(least)).to(like.dtype());
                    factors.timesInPlace(scale());
                    return factors.reshape(rows.length, width).keepIn(outside);
                }
            }
        }
    }

    private static int[] halves(long[] rows, int shift) {
        return Arrays.stream(rows).mapToInt(row -> (int) (row >>> shift)).toArray();
    }

    private static Tensor ints(int[] values, Tensor like, long... shape) {
        return Tensor.of(DType.I32, MemorySegment.ofArray(values), values.length)
                .reshape(shape)
                .to(like.device());
    }

    /** {@code x ^= x >>> bits} */
    private static void fold(org.bytedeco.pytorch.Tensor x, int bits) {
        try (var shifted = shifted(x, bits)) {
            x.bitwise_xor_(shifted);
        }
    }

    /** {@code x >>> bits}; libtorch's own shift repeats the sign. */
    private static org.bytedeco.pytorch.Tensor shifted(org.bytedeco.pytorch.Tensor x, int bits) {
        try (var by = new Scalar(bits);
                var mask = new Scalar(-1 >>> bits)) {
            return x.__rshift__(by).bitwise_and_(mask);
        }
    }

    /** Of a number at a column, given the halves of its row. */
    public static int hash(int low, int high, int column) {
        int x = column ^ low;
        x = (x ^ x >>> 16) * A;
        x = x ^ x >>> 15 ^ high;
        x = (x ^ x >>> 16) * B;
        return x ^ x >>> 15;
    }

    /** SplitMix64's finalizer (Steele et al. 2014). */
    private static long mix(long z) {
        long a = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ a >>> 27) * 0x94d049bb133111ebL;
        return b ^ b >>> 31;
    }
}
