package hooke.check;

import hooke.config.Parameter;
import hooke.tensor.DType;
import hooke.tensor.RawTensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Weights and orders from a formula, so that every program of the comparison starts from the same bits: value i of tensor k is {@code
 * a (2u - 1)} with {@code u = (mix(k 2^40 + i) >>> 40) 2^-24}, mix being the output function of splitmix64.
 */
final class BenchSpec {
    private BenchSpec() {}

    private static long mix(long x) {
        long z = x + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Bit i of stream k. */
    static int bit(long k, long i) {
        return (int) (mix((k << 40) + i) >>> 63);
    }

    /** Number i of stream k, from 0 to before another. */
    static int number(long k, long i, int end) {
        return (int) Long.remainderUnsigned(mix((k << 40) + i), end);
    }

    /** Tensor number k in a parameter's shape, with the half-width a, a power of two. */
    static RawTensor fill(long k, Parameter parameter, double a) {
        return fill(k, parameter, a, IntUnaryOperator.identity());
    }

    /** Tensor number k of a parameter that lies in another order there: our value i is its value place(i). */
    static RawTensor fill(long k, Parameter parameter, double a, IntUnaryOperator place) {
        float[] values = new float[Math.toIntExact(parameter.size())];
        for (int i = 0; i < values.length; i++) {
            double u = (mix((k << 40) + place.applyAsInt(i)) >>> 40) * 0x1p-24;
            values[i] = (float) (a * (2 * u - 1));
        }
        return raw(parameter, values);
    }

    /** One value everywhere. */
    static RawTensor constant(Parameter parameter, float value) {
        float[] values = new float[Math.toIntExact(parameter.size())];
        Arrays.fill(values, value);
        return raw(parameter, values);
    }

    /** The identity for each head: its first d_head columns or rows. */
    static RawTensor identity(Parameter parameter) {
        int rows = parameter.shape().get(1);
        int columns = parameter.shape().get(2);
        float[] values = new float[Math.toIntExact(parameter.size())];
        for (int i = 0; i < values.length; i++) {
            int inHead = i % (rows * columns);
            values[i] = inHead / columns == inHead % columns ? 1 : 0;
        }
        return raw(parameter, values);
    }

    private static RawTensor raw(Parameter parameter, float[] values) {
        return new RawTensor(
                DType.F32, parameter.shape().stream().map(Integer::longValue).toList(), MemorySegment.ofArray(values));
    }

    /** The numbers 0 to n - 1, sorted by their unsigned mix in stream k. */
    static int[] order(long k, int n) {
        return IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> mix((k << 40) + i), Long::compareUnsigned))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
