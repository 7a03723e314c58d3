package hooke.tensor;

import hooke.Sha256;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * A random stream: libtorch's CPU generator (mt19937), so that equal seeds and equal draws give PyTorch's bits. libtorch's default
 * generator is never used.
 */
public final class Rng implements AutoCloseable {
    private final Generator generator;
    private final GeneratorOptional argument;

    private Rng(long seed) {
        Libtorch.load();
        generator = torch.createCPUGenerator(seed);
        argument = new GeneratorOptional(generator);
    }

    /** The stream that {@code torch.manual_seed(seed)} starts. */
    public static Rng seeded(long seed) {
        return new Rng(seed);
    }

    /**
     * A stream with a name, derived from an experiment's seed: draws from one stream change no other. Counters (an epoch, a step) tell
     * streams of one name apart, so that step k needs no history.
     */
    public static Rng stream(long seed, String name, long... counters) {
        return new Rng(derive(seed, name, counters));
    }

    /** SHA-256 over all of it, cut to the 32 bits that mt19937 is seeded with. */
    static long derive(long seed, String name, long... counters) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + 4 + text.length + 8 * counters.length);
        bytes.putLong(seed).putInt(text.length).put(text);
        for (long counter : counters) {
            bytes.putLong(counter);
        }
        return ByteBuffer.wrap(Sha256.bytes(bytes.array())).getInt() & 0xFFFF_FFFFL;
    }

    /** Fills a contiguous tensor with normal numbers, as {@code tensor.normal_(mean, std)} does. */
    public void normal(Tensor tensor, double mean, double std) {
        try (var noGrad = new NoGrad()) {
            tensor.handle().normal_(mean, std, argument);
        }
    }

    /** Fills a contiguous tensor with uniform numbers, as {@code tensor.uniform_(from, to)} does. */
    public void uniform(Tensor tensor, double from, double to) {
        try (var noGrad = new NoGrad()) {
            tensor.handle().uniform_(from, to, argument);
        }
    }

    /** So many numbers from 0 to 1. */
    public double[] uniform(int count) {
        try (var scope = new Scope()) {
            Tensor values = Tensor.zeros(DType.F64, count);
            uniform(values, 0, 1);
            return values.toDoubles();
        }
    }

    /** So many numbers from 0 to n-1, each drawn from all of them, as {@code torch.randint(n, (count,))} draws them. */
    public int[] sample(int count, int n) {
        try (var scope = new Scope()) {
            Tensor values = Tensor.zeros(DType.I64, count);
            values.handle().random_(n, argument);
            long[] longs = values.toLongs();
            int[] ints = new int[count];
            for (int i = 0; i < count; i++) {
                ints[i] = (int) longs[i];
            }
            return ints;
        }
    }

    /** The numbers 0 to n-1 in random order, as {@code torch.randperm(n)} draws them. */
    public int[] permutation(int n) {
        int[] order = new int[n];
        permute(order);
        return order;
    }

    /** Writes a permutation into an array as long as there are numbers. */
    public void permute(int[] order) {
        try (var scope = new Scope()) {
            var options = new org.bytedeco.pytorch.TensorOptions(torch.ScalarType.Long);
            MemorySegment longs =
                    Tensor.own(torch.randperm(order.length, argument, options)).segment();
            options.close();
            for (int i = 0; i < order.length; i++) {
                order[i] = (int) longs.getAtIndex(ValueLayout.JAVA_LONG, i);
            }
        }
    }

    /** A number from 0 to 2^63 - 1, as {@code torch.empty((), dtype=torch.int64).random_()} draws it. */
    public long nextLong() {
        try (var scope = new Scope()) {
            Tensor value = Tensor.zeros(DType.I64);
            value.handle().random_(argument);
            return value.toLongs()[0];
        }
    }

    @Override
    public void close() {
        argument.close();
        generator.close();
    }
}
