package hooke.fused.context;

import hooke.fused.kernels.Kernels;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows that enter the first layer alike: without learned positions a row is its token's vector, and all rows of a token have the same
 * queries, keys and values before these are turned. So these are computed once for each token, and gradients that reach a token's rows
 * are summed before they go further.
 *
 * @param first row of each token, in the order in which tokens occur
 * @param number of each row's token
 */
record TokenRows(int[] first, int[] number) {
    /** Of sequences one behind the other; null where so many tokens differ that little would be saved. */
    static @Nullable TokenRows of(int[][] sequences) {
        int[] tokens = Arrays.stream(sequences).flatMapToInt(Arrays::stream).toArray();
        int[] first = new int[tokens.length];
        int[] number = new int[tokens.length];
        Map<Integer, Integer> known = new HashMap<>();
        for (int row = 0; row < tokens.length; row++) {
            Integer before = known.putIfAbsent(tokens[row], known.size());
            number[row] = before == null ? known.size() - 1 : before;
            if (before == null) {
                first[number[row]] = row;
            }
        }
        return known.size() > tokens.length / 2 ? null : new TokenRows(Arrays.copyOf(first, known.size()), number);
    }

    /** Tokens. */
    int count() {
        return first.length;
    }

    /** A row of each token. */
    float[] take(float[] x, int width) {
        float[] some = new float[count() * width];
        for (int i = 0; i < count(); i++) {
            System.arraycopy(x, first[i] * width, some, i * width, width);
        }
        return some;
    }

    /** Adds gradients of the tokens to those of the rows that {@link #take} took. */
    void give(float[] some, float[] x, int width, Kernels kernels) {
        for (int i = 0; i < count(); i++) {
            kernels.add(x, first[i] * width, some, i * width, width);
        }
    }

    /** What lies in a row for each token goes to all rows. */
    void spread(FactorRows rows) {
        int stride = rows.stride();
        float[] some = new float[count() * stride];
        for (int i = 0; i < count(); i++) {
            rows.copyOut(i, 0, rows.width(), some, i * stride);
        }
        for (int row = 0; row < number.length; row++) {
            rows.copyIn(some, number[row] * stride, row, 0, rows.width());
        }
    }

    /** The first rows become the sums over all rows of a token. */
    void gather(FactorRows rows, Kernels kernels) {
        int stride = rows.stride();
        float[] sums = new float[count() * stride];
        float[] one = new float[stride];
        for (int row = 0; row < number.length; row++) {
            rows.copyOut(row, 0, rows.width(), one, 0);
            kernels.add(sums, number[row] * stride, one, 0, stride);
        }
        for (int i = 0; i < count(); i++) {
            rows.copyIn(sums, i * stride, i, 0, rows.width());
        }
    }
}
