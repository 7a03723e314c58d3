package hooke.task;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.config.Experiment;
import hooke.config.Experiments;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The keys that the forgetful mask hides. */
final class ForgettingTest {
    private static Experiment experiment(String... sets) {
        return Experiments.parse("""
                task: {kind: life, boards: {widths: [4], train: 40, test: 10}}
                model: {n_layers: 1, d_model: 8, n_heads: 1}
                train: {steps: 10, batch: 8, forgetful_mask: 0.15}
                """, "forget.yaml", List.of(sets));
    }

    private static Data data(Experiment experiment) {
        Task task = Task.of(experiment.task());
        try (var streams = new Streams(experiment)) {
            return Data.of(task, experiment, task.split(experiment, streams), streams.order());
        }
    }

    private static int[][] hidden(Data data, long number) {
        return ((Batch.Sequences) data.batch(number)).hidden();
    }

    @Test
    void hidesTheShareOfTheKeysRoundedDownAndNeverTheFirst() {
        int keys = 54; // a text of 55 bytes, less the last, which nothing follows
        Set<Integer> seen = new HashSet<>();
        for (long number = 0; number < 40; number++) {
            for (int[] row : hidden(data(experiment()), number)) {
                assertThat(row)
                        .hasSize((int) (0.15 * keys))
                        .doesNotHaveDuplicates()
                        .isSorted();
                assertThat(row[0]).isGreaterThanOrEqualTo(1);
                assertThat(row[row.length - 1]).isLessThan(keys);
                Arrays.stream(row).forEach(seen::add);
            }
        }
        assertThat(seen).hasSize(keys - 1); // every other is hidden at some time
    }

    @Test
    void isAFunctionOfTheSeedAndTheBatch() {
        Data data = data(experiment());

        assertThat(hidden(data, 7)).isDeepEqualTo(hidden(data(experiment()), 7));
        assertThat(hidden(data, 7)).isNotEqualTo(hidden(data, 8));
        assertThat(hidden(data, 7)[0]).isNotEqualTo(hidden(data, 7)[1]);
        assertThat(hidden(data(experiment().withSeed(1)), 7)).isNotEqualTo(hidden(data, 7));
        // The stream is one of its own: the batch is the same without it.
        assertThat(((Batch.Sequences)
                                data(experiment("train.forgetful_mask=none")).batch(7))
                        .tokens())
                .isDeepEqualTo(((Batch.Sequences) data.batch(7)).tokens());
    }

    @Test
    void hidesNothingOfWhatIsMeasured() {
        for (EvaluationSet set : data(experiment()).sets()) {
            assertThat(Arrays.asList(((Batch.Sequences) set.batch()).hidden())).allMatch(keys -> keys.length == 0);
        }
        assertThat(Arrays.asList(hidden(data(experiment("train.forgetful_mask=none")), 3)))
                .allMatch(keys -> keys.length == 0);
        assertThat(Arrays.asList(hidden(data(experiment("train.forgetful_mask=0.9999")), 3)))
                .allMatch(keys -> keys.length == 53);
    }

    @Test
    void theOriginalHides80Keys() {
        Experiment original = Experiments.named("life-multigrid", java.nio.file.Path.of("experiments"), List.of());

        assertThat(hidden(data(original), 0)).hasDimensions(5, 80);
        assertThat(original.task().size()).isEqualTo(11_000);
    }
}
