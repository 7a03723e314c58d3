package hooke.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.tensor.Dropout.Place;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Dropout's draws: the same for ever, as many as asked for, and nothing of one row to be seen in another. */
final class DropoutTest {
    private static final Dropout SOME = new Dropout(7, 0.1, 8, 256);

    private static float[] row(Dropout dropout, long batch, int layer, Place place, int sequence, int head, int pos) {
        Dropout.OfBatch of = dropout.batch(batch);
        long rows = of.place(layer, place);
        long row = place == Place.PATTERN ? of.row(rows, sequence, head, pos) : of.row(rows, sequence, pos);
        float[] factors = new float[256];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = factor(dropout, row, i);
        }
        return factors;
    }

    private static float factor(Dropout dropout, long row, int column) {
        int hash = Dropout.hash((int) row, (int) (row >>> 32), column);
        return hash >>> 1 < dropout.limit() ? 0 : dropout.scale();
    }

    @Test
    void tensorsOfFactorsAreTheSame() {
        long[] rows = new Random(5).longs(12).toArray();
        int[][] columns = {{0, 1, 2, 3}, {7, 250, 4000, 1 << 20}, {5, 6, 7, 8}};
        for (double share : new double[] {0.1, 0.5, 1 - 1e-9}) {
            var dropout = new Dropout(3, share, 8, 256);
            try (var _ = new Scope()) {
                double[] factors = dropout.factors(rows, 2, columns, Tensor.zeros(DType.F64, 1))
                        .toDoubles();
                for (int i = 0; i < factors.length; i++) {
                    int row = i / 4;
                    assertThat(factors[i])
                            .isEqualTo(factor(dropout, rows[row], columns[row / 2 % columns.length][i % 4]));
                }
            }
        }
    }

    /** By another program, from the definition: a checkpoint of today goes on for ever. */
    @Test
    void drawsAreFixed() {
        assertThat(Dropout.hash(1, 2, 3)).isEqualTo(383599415);
        long row = SOME.batch(5).row(SOME.batch(5).place(2, Place.PATTERN), 3, 4, 9);
        assertThat(row).isEqualTo(265983953844097263L);
    }

    @Test
    void takesTheShareAwayAndScalesTheRest() {
        for (double share : new double[] {0.01, 0.1, 0.5, 0.9}) {
            var dropout = new Dropout(3, share, 8, 256);
            long gone = 0;
            double sum = 0;
            int rows = 4000;
            for (int i = 0; i < rows; i++) {
                for (float factor : row(dropout, i / 64, 1, Place.MLP_OUT, i % 8, 0, i / 8)) {
                    gone += factor == 0 ? 1 : 0;
                    sum += factor;
                }
            }
            double n = rows * 256.0;
            double deviation = Math.sqrt(share * (1 - share) / n);
            assertThat(gone / n).isBetween(share - 4.5 * deviation, share + 4.5 * deviation);
            assertThat(sum / n).isBetween(1 - 4.5 * deviation / (1 - share), 1 + 4.5 * deviation / (1 - share));
        }
    }

    /** Of rows that differ in one thing alone, and of neighbouring columns, both are gone as often as chance has it. */
    @Test
    void isIndependent() {
        int n = 0;
        int[] both = new int[7];
        for (int i = 0; i < 4000; i++) {
            float[][] pair = {
                row(SOME, i, 1, Place.PATTERN, 2, 3, 4),
                row(SOME, i + 1, 1, Place.PATTERN, 2, 3, 4),
                row(SOME, i, 2, Place.PATTERN, 2, 3, 4),
                row(SOME, i, 1, Place.ATTN_OUT, 2, 3, 4),
                row(SOME, i, 1, Place.PATTERN, 3, 3, 4),
                row(SOME, i, 1, Place.PATTERN, 2, 4, 4),
                row(SOME, i, 1, Place.PATTERN, 2, 3, 5)
            };
            for (int k = 0; k < 255; k++) {
                n++;
                for (int other = 1; other < pair.length; other++) {
                    both[other] += pair[0][k] == 0 && pair[other][k] == 0 ? 1 : 0;
                }
                both[0] += pair[0][k] == 0 && pair[0][k + 1] == 0 ? 1 : 0;
            }
        }
        double deviation = Math.sqrt(0.01 * 0.99 / n);
        for (int count : both) {
            assertThat((double) count / n).isBetween(0.01 - 4.5 * deviation, 0.01 + 4.5 * deviation);
        }
    }

    @Test
    void noTwoRowsAreOne() {
        Set<Long> rows = new HashSet<>();
        for (long batch = 0; batch < 4; batch++) {
            Dropout.OfBatch of = SOME.batch(batch);
            for (int layer = 0; layer < 6; layer++) {
                for (int i = 0; i < 8 * 8 * 256; i++) {
                    assertThat(rows.add(of.row(of.place(layer, Place.PATTERN), i / 2048, i / 256 % 8, i % 256)))
                            .isTrue();
                }
            }
        }
    }
}
