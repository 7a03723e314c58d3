package hooke.lens.group;

import hooke.config.task.EquationFormat;
import hooke.config.task.TaskConfig;
import hooke.task.Permutation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The real orthogonal representations of the permutations of n things (Young's orthogonal form): one for each partition of n, its basis
 * the standard tableaux. The exchange of i and i + 1 acts on a tableau with 1/r, and mixes it with the exchanged tableau by
 * sqrt(1 - 1/r^2), where r is their axial distance.
 */
final class YoungForm {
    private final int n;
    private final Permutation permutations;
    private final int order;

    private YoungForm(int n) {
        this.n = n;
        var config = new TaskConfig.Permutation(n, EquationFormat.PAIR, 0.5);
        this.permutations = new Permutation(config);
        this.order = config.dVocabOut();
    }

    static Group group(int n) {
        return new YoungForm(n).group();
    }

    private Group group() {
        int[][] images =
                IntStream.range(0, order).mapToObj(permutations::images).toArray(int[][]::new);
        int[] product = new int[order * order];
        int[] inverse = new int[order];
        for (int x = 0; x < order; x++) {
            for (int y = 0; y < order; y++) {
                int[] a = images[x];
                int xy = permutations.number(
                        Arrays.stream(images[y]).map(i -> a[i]).toArray());
                product[x * order + y] = xy;
                if (xy == 0) {
                    inverse[x] = y;
                }
            }
        }
        List<Irrep> irreps = partitions(n, n).stream().map(this::irrep).toList();
        return new Group("the permutations of " + n + " things", order, product, inverse, irreps);
    }

    /** Partitions of a number into parts of at most a size, the largest first. */
    private static List<List<Integer>> partitions(int number, int largest) {
        if (number == 0) {
            return List.of(List.of());
        }
        var all = new ArrayList<List<Integer>>();
        for (int part = Math.min(number, largest); part >= 1; part--) {
            for (List<Integer> rest : partitions(number - part, part)) {
                var whole = new ArrayList<>(List.of(part));
                whole.addAll(rest);
                all.add(whole);
            }
        }
        return all;
    }

    private Irrep irrep(List<Integer> partition) {
        double[][][] matrices = matrices(partition);
        int d = matrices[0].length;
        double[][] functions = new double[d * d][order];
        double[] character = new double[order];
        for (int g = 0; g < order; g++) {
            for (int i = 0; i < d; i++) {
                character[g] += matrices[g][i][i];
                for (int j = 0; j < d; j++) {
                    functions[i * d + j][g] = Math.sqrt((double) d / order) * matrices[g][i][j];
                }
            }
        }
        return new Irrep(name(partition), d, functions, character);
    }

    private String name(List<Integer> partition) {
        if (partition.size() == 1) {
            return "trivial";
        }
        if (partition.size() == n) {
            return "sign";
        }
        if (partition.equals(List.of(n - 1, 1))) {
            return "standard";
        }
        return partition.size() == n - 1
                ? "standard x sign"
                : partition.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
    }

    /** The matrix of every permutation, [element][row][column]. */
    double[][][] matrices(List<Integer> partition) {
        double[][][] exchanges = exchanges(partition);
        double[][][] matrices = new double[order][][];
        matrices[0] = identity(exchanges.length == 0 ? 1 : exchanges[0].length);
        for (int g = 1; g < order; g++) {
            // Removing a descent gives a permutation that comes earlier in lexicographic order.
            int[] images = permutations.images(g);
            int i = 0;
            while (images[i] < images[i + 1]) {
                i++;
            }
            int larger = images[i];
            images[i] = images[i + 1];
            images[i + 1] = larger;
            matrices[g] = Matrices.times(matrices[permutations.number(images)], exchanges[i]);
        }
        return matrices;
    }

    private double[][][] exchanges(List<Integer> partition) {
        List<List<Integer>> tableaux = tableaux(partition);
        Map<List<Integer>, Integer> place = new HashMap<>();
        tableaux.forEach(t -> place.put(t, place.size()));
        double[][][] exchanges = new double[n - 1][tableaux.size()][tableaux.size()];
        for (int i = 0; i < n - 1; i++) {
            for (int t = 0; t < tableaux.size(); t++) {
                List<Integer> tableau = tableaux.get(t);
                double r = content(tableau, i + 1) - content(tableau, i);
                exchanges[i][t][t] = 1 / r;
                var exchanged = new ArrayList<>(tableau);
                java.util.Collections.swap(exchanged, i, i + 1);
                Integer other = place.get(exchanged);
                if (other != null && other != t) {
                    exchanges[i][other][t] = Math.sqrt(1 - 1 / (r * r));
                }
            }
        }
        return exchanges;
    }

    /** Standard tableaux, each as the row in which the numbers 0 to n - 1 stand. */
    private List<List<Integer>> tableaux(List<Integer> partition) {
        List<List<Integer>> all = List.of(List.of());
        for (int number = 0; number < n; number++) {
            var longer = new ArrayList<List<Integer>>();
            for (List<Integer> rows : all) {
                for (int row = 0; row < partition.size(); row++) {
                    long here = count(rows, row);
                    if (here < partition.get(row) && (row == 0 || here < count(rows, row - 1))) {
                        var more = new ArrayList<>(rows);
                        more.add(row);
                        longer.add(more);
                    }
                }
            }
            all = longer;
        }
        return all;
    }

    private static long count(List<Integer> rows, int row) {
        return rows.stream().filter(r -> r == row).count();
    }

    /** Column less row of a number's box. */
    private static long content(List<Integer> rows, int number) {
        int row = rows.get(number);
        return count(rows.subList(0, number), row) - row;
    }

    private static double[][] identity(int d) {
        double[][] identity = new double[d][d];
        for (int i = 0; i < d; i++) {
            identity[i][i] = 1;
        }
        return identity;
    }
}
