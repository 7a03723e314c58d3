package hooke.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.config.Experiment;
import hooke.config.Experiments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables as tasks: which tokens a model reads, which it is asked for, and how people and analyses see them. */
final class TableTaskTest {
    @TempDir
    private Path folder;

    private Experiment experiment(String csv, String keys) throws IOException {
        Files.writeString(folder.resolve("a.csv"), csv);
        return Experiments.parse("""
                task: {kind: table, file: %s, %s}
                model: {n_layers: 1, d_model: 8, n_heads: 1}
                train: {steps: 4, batch: 1}
                """.formatted(folder.resolve("a.csv"), keys), "own", List.of());
    }

    private Experiment reversed() throws IOException {
        return experiment("""
                split,input,target
                train,a b,b a
                train,c,c
                test,a c,c a
                test,b c,c b
                test,c,c
                train,a b c,c b a
                """, "split: column");
    }

    private static Data data(Experiment experiment) {
        try (var streams = new Streams(experiment)) {
            Task task = Task.of(experiment.task());
            Split split = task.split(experiment, streams);
            streams.weights();
            return task.data(experiment, split, streams.order());
        }
    }

    @Test
    void sequencesAreReadUpToTheirLastTokenAndOnlyTargetsCount() throws IOException {
        Data data = data(reversed());

        var train = (Batch.Sequences) data.sets().getFirst().batch();
        // a b c <sep> <end> are 0 to 4; the shortest stands first, padded to the longest.
        assertThat(train.tokens())
                .isDeepEqualTo(new int[][] {{2, 3, 2, 4, 4, 4, 4}, {0, 1, 3, 1, 0, 4, 4}, {0, 1, 2, 3, 2, 1, 0}});
        assertThat(train.targets())
                .isDeepEqualTo(
                        new int[][] {{-1, 2, 4, -1, -1, -1, -1}, {-1, -1, 1, 0, 4, -1, -1}, {-1, -1, -1, 2, 1, 0, 4}});
        assertThat(data.sets().getLast().batch().size()).isEqualTo(3);
        assertThat(train.range(0, 2).tokens()).isDeepEqualTo(new int[][] {{2, 3, 2, 4, 4}, {0, 1, 3, 1, 0}});
        assertThat(data.batch(3).size()).isEqualTo(1);
    }

    @Test
    void examplesOfEqualLengthsAreAFiniteTask() throws IOException {
        Experiment experiment = experiment("input,target\n1 2,3\n2 2,4\n9 1,10\n", "split: {train_fraction: 0.5}");

        var task = (FiniteTask) Task.of(experiment.task());

        assertThat(task.size()).isEqualTo(3);
        assertThat(task.nCtx()).isEqualTo(3);
        assertThat(task.tokens(2)).containsExactly(4, 0, 6);
        assertThat(task.answers(2)).containsExactly(5);
        assertThat(task.answerPositions()).containsExactly(2);
        assertThat(task.positionLabels()).containsExactly("i1", "i2", "<sep>");
        assertThat(task.sentence(task.tokens(2), task.answers(2))).isEqualTo("9 1 -> 10");
        assertThat(task.parseQuestion(List.of("9", "1"))).isInstanceOf(Question.AtOnce.class);
        assertThatThrownBy(() -> task.parseQuestion(List.of("9")))
                .hasMessageContaining("must have 2 tokens, as every input of a.csv, but has 1");
        assertThatThrownBy(() -> task.parseQuestion(List.of("9", "11")))
                .hasMessageContaining("'11' is not a token of a.csv");
    }

    @Test
    void aQuestionIsAnsweredTokenByTokenUnlessItsAnswerIsGiven() throws IOException {
        Task task = Task.of(reversed().task());

        assertThat(task.parseQuestion(List.of("a", "b")))
                .usingRecursiveComparison()
                .isEqualTo(new Question.Continued(new int[] {0, 1, 3}, 4, 4));
        assertThat(task.parseQuestion(List.of("a b", "<sep>", "b", "a")))
                .usingRecursiveComparison()
                .isEqualTo(new Question.AtOnce(new int[] {0, 1, 3, 1, 0}, new int[] {2, 3, 4}));
        assertThat(task.sentence(new int[] {0, 1, 3}, new int[] {1, 0, 4})).isEqualTo("a b -> b a");
        assertThatThrownBy(() -> task.parseQuestion(List.of("a b a b a b a")))
                .hasMessageContaining("has 7 tokens: with <sep> at most 6 fit in the model's context");
    }

    @Test
    void analysesLookAtTheFormThatMostOfTheTestSetHas() throws IOException {
        Experiment experiment = reversed();
        Task task = Task.of(experiment.task());

        Alike alike = task.alike(Split.of(experiment, task));

        assertThat(alike.which()).isEqualTo("those of 2 + 2 tokens");
        assertThat(alike.task().size()).isEqualTo(3);
        assertThat(alike.split().train()).containsExactly(0);
        assertThat(alike.split().test()).containsExactly(1, 2);
        assertThat(alike.task().tokens(1)).containsExactly(0, 2, 3, 2, 0);
        assertThat(alike.task().answers(1)).containsExactly(2, 0, 4);
        assertThat(alike.task().positionLabels()).containsExactly("i1", "i2", "<sep>", "t1", "t2");
    }

    @Test
    void whatStandsInBothSetsIsCounted() throws IOException {
        Experiment experiment = reversed();
        Task task = Task.of(experiment.task());

        assertThat(task.overlap(Split.of(experiment, task))).isEqualTo(1);
    }
}
