package hooke.view.drawing;

import java.util.Arrays;

/**
 * Which points of a curve must be drawn so that no pixel differs from drawing all: of each pixel column the first, the lowest, the
 * highest and the last. The page's script does the same ({@code thin} in scale.js).
 */
public final class Thinning {
    private Thinning() {}

    /**
     * Indices to draw, rising, first and last point among them. A run of values that are not finite ends the line: one index of it is
     * kept to show where.
     *
     * @param columns pixel column of each point, never falling
     */
    public static int[] thin(int[] columns, double[] y) {
        int[] kept = new int[y.length];
        int n = 0;
        int i = 0;
        while (i < y.length) {
            int first = i;
            if (!Double.isFinite(y[i])) {
                kept[n++] = i;
                while (i < y.length && !Double.isFinite(y[i])) {
                    i++;
                }
                continue;
            }
            int low = i;
            int high = i;
            while (i < y.length && columns[i] == columns[first] && Double.isFinite(y[i])) {
                low = y[i] < y[low] ? i : low;
                high = y[i] > y[high] ? i : high;
                i++;
            }
            int[] column = {first, Math.min(low, high), Math.max(low, high), i - 1};
            for (int index : column) {
                if (n == 0 || index > kept[n - 1]) {
                    kept[n++] = index;
                }
            }
        }
        return Arrays.copyOf(kept, n);
    }
}
