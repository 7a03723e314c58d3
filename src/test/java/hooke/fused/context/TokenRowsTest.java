package hooke.fused.context;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.fused.kernels.Kernel;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class TokenRowsTest {
    private static final int[][] TOKENS = {{7, 3, 7}, {7, 3, 3}};

    private static float[] column(FactorRows rows) {
        float[] column = new float[6];
        for (int row = 0; row < 6; row++) {
            rows.copyOut(row, 0, 1, column, row);
        }
        return column;
    }

    @Test
    void allRowsOfATokenGetItsOwnAndSumTheirGradients() {
        TokenRows tokens = Objects.requireNonNull(TokenRows.of(TOKENS));
        FactorRows rows = FactorRows.of(6, 1, null);
        rows.copyIn(new float[] {5}, 0, 0, 0, 1);
        rows.copyIn(new float[] {9}, 0, 1, 0, 1);
        tokens.spread(rows);
        assertThat(column(rows)).containsExactly(5, 9, 5, 5, 9, 9);
        tokens.gather(rows, Kernel.PLAIN.kernels());
        assertThat(column(rows)).startsWith(15, 27);
    }

    @Test
    void nothingIsSharedWhereMostTokensDiffer() {
        assertThat(TokenRows.of(new int[][] {{1, 2, 3}, {4, 1, 2}})).isNull();
    }
}
