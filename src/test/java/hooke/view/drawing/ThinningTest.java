package hooke.view.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThinningTest {
    /** 10,000 points in columns of differing width, some without a value. */
    private static final int[] COLUMNS = columns();

    private static final double[] Y = values();

    private static int[] columns() {
        var random = new Random(1);
        int[] columns = new int[10_000];
        for (int i = 1; i < columns.length; i++) {
            columns[i] = columns[i - 1] + (random.nextInt(25) == 0 ? 1 + random.nextInt(3) : 0);
        }
        return columns;
    }

    private static double[] values() {
        var random = new Random(2);
        double[] y = random.doubles(10_000, -1, 1).toArray();
        for (int at = 500; at < y.length; at += 997) {
            for (int i = at; i < at + 1 + random.nextInt(80); i++) {
                y[i] = random.nextBoolean() ? Double.NaN : Double.POSITIVE_INFINITY;
            }
        }
        return y;
    }

    @Test
    void firstAndLastPointAreKeptAndOrderStays() {
        int[] kept = Thinning.thin(COLUMNS, Y);

        assertThat(kept[0]).isZero();
        assertThat(kept[kept.length - 1]).isEqualTo(Y.length - 1);
        assertThat(kept).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void everyColumnKeepsItsEndsAndExtremes() {
        int[] kept = Thinning.thin(COLUMNS, Y);

        for (int column : IntStream.of(COLUMNS).distinct().toArray()) {
            double[] all = IntStream.range(0, Y.length)
                    .filter(i -> COLUMNS[i] == column && Double.isFinite(Y[i]))
                    .mapToDouble(i -> Y[i])
                    .toArray();
            double[] drawn = IntStream.of(kept)
                    .filter(i -> COLUMNS[i] == column && Double.isFinite(Y[i]))
                    .mapToDouble(i -> Y[i])
                    .toArray();
            assertThat(drawn.length).as("column %s", column).isLessThanOrEqualTo(all.length);
            if (all.length > 0) {
                assertThat(drawn[0]).isEqualTo(all[0]);
                assertThat(drawn[drawn.length - 1]).isEqualTo(all[all.length - 1]);
                assertThat(drawn)
                        .contains(IntStream.range(0, all.length)
                                .mapToDouble(i -> all[i])
                                .min()
                                .getAsDouble());
                assertThat(drawn)
                        .contains(IntStream.range(0, all.length)
                                .mapToDouble(i -> all[i])
                                .max()
                                .getAsDouble());
            }
        }
    }

    @Test
    void aWholeColumnBecomesFourPointsAtMost() {
        assertThat(Thinning.thin(new int[1000], new Random(3).doubles(1000).toArray()))
                .hasSizeBetween(3, 4);
    }

    @Test
    void fewPointsAreAllKept() {
        assertThat(Thinning.thin(new int[] {0, 5, 9}, new double[] {3, 1, 2})).containsExactly(0, 1, 2);
        assertThat(Thinning.thin(new int[] {7}, new double[] {3})).containsExactly(0);
        assertThat(Thinning.thin(new int[0], new double[0])).isEmpty();
    }

    @Test
    void aGapKeepsOneIndexAndThePointsBesideIt() {
        double nan = Double.NaN;
        int[] sameColumn = new int[8];

        assertThat(Thinning.thin(sameColumn, new double[] {1, 2, nan, nan, nan, 5, 4, 6}))
                .containsExactly(0, 1, 2, 5, 6, 7);
        assertThat(Thinning.thin(sameColumn, new double[] {nan, nan, nan, nan, nan, nan, nan, nan}))
                .containsExactly(0);
    }
}
