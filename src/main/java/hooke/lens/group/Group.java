package hooke.lens.group;

import hooke.Check;
import java.util.ArrayList;
import java.util.List;

/**
 * A finite group by its table, with its irreducible parts; the first of these is the constant one.
 *
 * @param order number of elements
 * @param product {@code product[x * order + y]} is x y
 * @param inverse of each element
 */
@SuppressWarnings("ArrayRecordComponent") // tables, changed by nobody
public record Group(String name, int order, int[] product, int[] inverse, List<Irrep> irreps) {
    public Group {
        irreps = List.copyOf(irreps);
    }

    /** The numbers 0 to n - 1 under addition; part k is frequency k, up to n / 2. */
    public static Group cyclic(int n) {
        Check.that(n >= 2 && n <= 4096, "a cyclic group of %s elements cannot be analysed: it must have 2 to 4096", n);
        int[] product = new int[n * n];
        int[] inverse = new int[n];
        for (int x = 0; x < n; x++) {
            inverse[x] = (n - x) % n;
            for (int y = 0; y < n; y++) {
                product[x * n + y] = (x + y) % n;
            }
        }
        var irreps = new ArrayList<Irrep>();
        for (int k = 0; k <= n / 2; k++) {
            irreps.add(frequency(k, n));
        }
        return new Group("the cyclic group of order " + n, n, product, inverse, irreps);
    }

    private static Irrep frequency(int k, int n) {
        double[] cos = new double[n];
        double[] sin = new double[n];
        for (int x = 0; x < n; x++) {
            double angle = 2 * Math.PI * ((long) k * x % n) / n;
            cos[x] = Math.cos(angle);
            sin[x] = Math.sin(angle);
        }
        boolean single = k == 0 || 2 * k == n;
        double[][] functions = single
                ? new double[][] {Matrices.scaled(cos, Math.sqrt(1.0 / n))}
                : new double[][] {Matrices.scaled(cos, Math.sqrt(2.0 / n)), Matrices.scaled(sin, Math.sqrt(2.0 / n))};
        return new Irrep(Integer.toString(k), single ? 1 : 2, functions, cos);
    }

    /** The permutations of n things, 2 to 6, numbered lexicographically as in the task; (x y)[i] = x[y[i]]. */
    public static Group symmetric(int n) {
        return YoungForm.group(n);
    }

    public int times(int x, int y) {
        return product[x * order + y];
    }

    /** The parts by number, without the constant one. */
    int[] beyondConstant() {
        return java.util.stream.IntStream.range(1, irreps.size()).toArray();
    }
}
