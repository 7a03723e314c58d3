package hooke.fused.columns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.config.TrainConfig.LossDtype;
import hooke.fused.kernels.Kernel;
import hooke.fused.pass.PassTally;
import hooke.reach.Reach;
import hooke.reach.States;
import hooke.task.FiniteTask;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Examples side by side; their gradients are held against autograd's with those of the engine. */
final class ColumnsTest {
    private static final String LISTS = """
            name: lists
            task: {kind: list-copy, list_length: 2, n_digits: 30, train_fraction: 0.8}
            model: {n_layers: 3, d_model: 8, n_heads: 1, attn_only: true, d_mlp: 0, mask: bottleneck}
            train: {steps: 10, batch: 64, threads: 1, optimizer: {lr: 1e-3}}
            """;

    @BeforeEach
    void withVectors() {
        Assumptions.assumeTrue(Kernel.best() == Kernel.VECTOR);
    }

    private static boolean suits(Kernel kernel, LossDtype dtype, String... settings) {
        Experiment experiment = Experiments.parse(LISTS, "lists.yaml", List.of(settings));
        FiniteTask task = FiniteTask.of(experiment.task());
        int[][] tokens = IntStream.range(0, task.size()).mapToObj(task::tokens).toArray(int[][]::new);
        int[] read = task.answerPositions();
        States states = States.of(Reach.of(experiment.model(), read, tokens[0].length), read, tokens);
        return ColumnPass.suits(experiment.model(), dtype, kernel, states, 64);
    }

    @Test
    void narrowModelsAreComputedSideBySideWhereStatesAreSeldomShared() {
        assertThat(suits(Kernel.VECTOR, LossDtype.FLOAT32)).isTrue();
        assertThat(suits(Kernel.VECTOR, LossDtype.FLOAT32, "model.d_model=64")).isFalse();
        assertThat(suits(Kernel.VECTOR, LossDtype.FLOAT64)).isFalse();
        assertThat(suits(Kernel.PLAIN, LossDtype.FLOAT32)).isFalse();
        // Through one layer nothing passes the bottleneck: all examples are in one state.
        assertThat(suits(Kernel.VECTOR, LossDtype.FLOAT32, "model.n_layers=1")).isFalse();
    }

    @Test
    void aSmallLossHasAllItsDigits() {
        for (float distance : new float[] {1, 20, 30, 60}) {
            Columns logits = logits(5, (row, column) -> row == 2 ? 3 : 3 - distance);
            var tally = new PassTally();
            new ColumnLoss(logits, tally).take(0, 16, new int[] {2, 2, 2}, 3, 0);
            double expected = 3 * Math.log1p(4 * Math.exp(-distance));
            assertThat(tally.loss()).isCloseTo(expected, within(2e-6 * expected));
            assertThat(tally.right()).isEqualTo(3);
        }
    }

    @Test
    void lossAndGradientAreThoseOfTheFormula() {
        var random = new Random(5);
        int classes = 37;
        float[][] given = new float[classes][16];
        for (float[] row : given) {
            for (int column = 0; column < 16; column++) {
                row[column] = 20 * random.nextFloat() - 10;
            }
        }
        int[] targets = IntStream.range(0, 13).map(i -> random.nextInt(classes)).toArray();
        targets[4] = IntStream.range(0, classes).reduce(0, (a, b) -> given[a][4] >= given[b][4] ? a : b);
        Columns logits = logits(classes, (row, column) -> given[row][column]);
        var tally = new PassTally();

        new ColumnLoss(logits, tally).take(0, 16, targets, 13, 0.25f);

        double loss = 0;
        int right = 0;
        for (int column = 0; column < 16; column++) {
            double all = 0;
            for (float[] row : given) {
                all += Math.exp(row[column]);
            }
            double top = Double.NEGATIVE_INFINITY;
            for (float[] row : given) {
                top = Math.max(top, row[column]);
            }
            for (int row = 0; row < classes; row++) {
                double p = Math.exp(given[row][column]) / all;
                boolean isTarget = column < 13 && targets[column] == row;
                double gradient = column < 13 ? 0.25 * (isTarget ? p - 1 : p) : 0;
                assertThat((double) logits.values()[row * 16 + column]).isCloseTo(gradient, within(1e-7));
                loss -= isTarget ? Math.log(p) : 0;
                right += isTarget && given[row][column] == top ? 1 : 0;
            }
        }
        assertThat(tally.loss()).isCloseTo(loss, within(1e-5));
        assertThat(tally.right()).isEqualTo(right).isPositive();
    }

    private interface Entry {
        float at(int row, int column);
    }

    private static Columns logits(int classes, Entry entry) {
        Columns logits = Columns.of(classes, 16);
        for (int row = 0; row < classes; row++) {
            for (int column = 0; column < 16; column++) {
                logits.values()[row * 16 + column] = entry.at(row, column);
            }
        }
        return logits;
    }
}
