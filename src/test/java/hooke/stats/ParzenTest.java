package hooke.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** The estimator finds better values than chance does, in the range, and the same ones for the same draws. */
final class ParzenTest {
    /** Two numbers and a choice of three. */
    private record Point(double x, double y, int kind) {
        double loss() {
            double shift = kind == 1 ? 0 : 0.3;
            return Math.pow(x - 0.3, 2) + 4 * Math.pow(y - 0.85, 2) + shift;
        }
    }

    private static double best(long seed, int points, int atRandom) {
        var random = new Random(seed);
        double[] prior = {1.0 / 3, 1.0 / 3, 1.0 / 3};
        List<Point> all = new ArrayList<>();
        for (int i = 0; i < points; i++) {
            if (i < atRandom) {
                all.add(new Point(random.nextDouble(), random.nextDouble(), random.nextInt(3)));
                continue;
            }
            List<Point> sorted =
                    all.stream().sorted(Comparator.comparingDouble(Point::loss)).toList();
            List<Point> better = sorted.subList(0, Parzen.better(i));
            List<Point> worse = sorted.subList(Parzen.better(i), i);
            all.add(new Point(
                    Parzen.propose(places(better, Point::x), places(worse, Point::x), random),
                    Parzen.propose(places(better, Point::y), places(worse, Point::y), random),
                    Parzen.choose(kinds(better), kinds(worse), prior, random)));
        }
        assertThat(all).allMatch(p -> p.x() >= 0 && p.x() <= 1 && p.y() >= 0 && p.y() <= 1);
        return all.stream().mapToDouble(Point::loss).min().orElseThrow();
    }

    private static List<Double> places(List<Point> points, ToDoubleFunction<Point> of) {
        return points.stream().mapToDouble(of).boxed().toList();
    }

    private static List<Integer> kinds(List<Point> points) {
        return points.stream().map(Point::kind).toList();
    }

    @Test
    void itFindsBetterPointsThanChance() {
        int wins = 0;
        double[] proposed = new double[40];
        double[] atRandom = new double[40];
        for (int seed = 0; seed < 40; seed++) {
            proposed[seed] = best(seed, 60, 10);
            atRandom[seed] = best(seed, 60, 60);
            wins += proposed[seed] < atRandom[seed] ? 1 : 0;
        }
        assertThat(wins).isGreaterThanOrEqualTo(30);
        assertThat(median(proposed)).isLessThan(median(atRandom) / 3);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    @Test
    void nothingSeenIsThePrior() {
        var random = new Random(1);
        double sum = 0;
        int[] counts = new int[2];
        for (int i = 0; i < 2000; i++) {
            double x = Parzen.propose(List.of(), List.of(), random);
            assertThat(x).isBetween(0.0, 1.0);
            sum += x;
            counts[Parzen.choose(List.of(), List.of(), new double[] {0.2, 0.8}, random)]++;
        }
        assertThat(sum / 2000).isBetween(0.47, 0.53);
        assertThat(counts[1]).isBetween(1500, 1700);
    }

    @Test
    void theBetterOnesAreATenthAndAtMost25() {
        assertThat(List.of(1, 10, 11, 30, 250, 1000).stream().map(Parzen::better))
                .containsExactly(1, 1, 2, 3, 25, 25);
    }
}
