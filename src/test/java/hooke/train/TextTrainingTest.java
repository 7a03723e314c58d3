package hooke.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.config.EventKind;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.config.task.SampleTexts;
import hooke.config.task.TextConfig;
import hooke.config.task.TextScore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTrainingTest {
    @TempDir
    private Path folder;

    private Experiment experiment(String... settings) throws IOException {
        Files.writeString(folder.resolve("a.txt"), "the cat sat\nthe dog sat\na cat ran\nthe dog ran\n".repeat(20));
        Path file = folder.resolve("own.yaml");
        Files.writeString(file, """
                task: {kind: text, file: a.txt, tokenizer: characters, context: 16}
                model: {n_layers: 1, d_model: 16, n_heads: 2, norm: layer-norm}
                train: {steps: 40, batch: 4, optimizer: {lr: 0.01}, evaluate_every: 20, threads: 1}
                """);
        return Experiments.read(file, List.of(settings)).resolved(1);
    }

    private static Recording trained(Experiment experiment) {
        var recording = new Recording();
        try (var training = Training.begin(experiment)) {
            Trainer.train(training, recording);
        }
        return recording;
    }

    private static double last(Recording recording, String series) {
        return recording.series(series).getLast().value();
    }

    @Test
    void bothEnginesLearnItAndTellTheLossInThreeUnits() throws IOException {
        Experiment experiment = experiment("train.engine=fused");
        Recording fused = trained(experiment);
        Recording torch = trained(experiment("train.engine=torch"));

        for (Recording one : List.of(fused, torch)) {
            assertThat(last(one, "test_loss"))
                    .isLessThan(one.series("test_loss").getFirst().value() - 0.5);
            TextScore score = TextScore.of((TextConfig) experiment.task(), last(one, "test_loss"));
            assertThat(last(one, "test_bits_per_byte"))
                    .isEqualTo(score.bitsPerByte().value());
            assertThat(last(one, "test_nats_per_character"))
                    .isEqualTo(score.natsPerCharacter().value());
            assertThat(score.coverage()).isEqualTo(1);
        }
        assertThat(last(fused, "test_loss")).isCloseTo(last(torch, "test_loss"), within(1e-3));
    }

    @Test
    void theTestLossDependsOnNoBatch() throws IOException {
        for (String blocks : List.of("shuffled", "sequential")) {
            assertThat(last(
                            trained(experiment("train.steps=1", "task.blocks=" + blocks, "train.batch=3")),
                            "test_loss"))
                    .isNotNaN();
        }
        try (var one = Training.begin(experiment("train.batch=1"));
                var many = Training.begin(experiment("train.batch=30"))) {
            assertThat(one.evaluate().test()).isEqualTo(many.evaluate().test());
        }
    }

    @Test
    void textsAreWrittenAtEachEvaluationAndAreTheSameAgain() throws IOException {
        List<Recording.Event> events = trained(experiment()).events().stream()
                .filter(e -> e.kind() == EventKind.SAMPLES)
                .toList();

        assertThat(events).extracting(Recording.Event::step).containsExactly(0L, 20L, 40L);
        assertThat(SampleTexts.of(events.getLast().detail())).hasSize(3).noneMatch(text -> text.contains("<eos>"));
        assertThat(trained(experiment()).events()).containsAll(events);
    }
}
