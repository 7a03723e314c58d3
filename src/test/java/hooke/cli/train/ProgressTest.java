package hooke.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.cli.terminal.Terminal;
import hooke.config.EventKind;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.train.Recording;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProgressTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Recording recording = new Recording();
    private long nanos;

    @Test
    void aTerminalSeesOneLineThatRedrawsItself() {
        train(terminal(true, 120), 20);

        String text = err.toString(StandardCharsets.UTF_8);
        assertThat(text).startsWith("\r\u001b[K").endsWith("\r\u001b[K").contains("█");
        assertThat(text.split("\r\u001b\\[K"))
                .allSatisfy(line -> assertThat(line.length()).isLessThan(120));
        assertThat(text)
                .contains(
                        "tiny/0  1,000/2,000  ████████████░░░░░░░░░░░░  50/s  nats/answer: train 0.5000 (75.0%)  20 s left")
                .contains("tiny/0: grokked at step 700\n");
    }

    @Test
    void aNarrowTerminalSeesWhatFits() {
        train(terminal(true, 40), 20);

        assertThat(err.toString(StandardCharsets.UTF_8).split("[\r\n]+(\u001b\\[K)?"))
                .allSatisfy(line -> assertThat(line.length()).isLessThan(40));
    }

    @Test
    void elsewhereThereIsAPlainLineEveryFewSeconds() {
        train(terminal(false, 100), 20);

        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .hasSize(5)
                .first()
                .isEqualTo("tiny/0  250/2,000  50/s  nats/answer: train 0.5000 (75.0%)  35 s left");
        assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("\r").doesNotContain("\u001b");
    }

    @Test
    void everythingGoesOnToTheOtherRecorder() {
        train(terminal(false, 100), 20);

        assertThat(recording.series("train_loss")).hasSize(1000);
        assertThat(recording.events()).containsExactly(new Recording.Event(700, EventKind.GROKKED, "{}"));
    }

    @Test
    void anEventIsSaidAsTheTaskKnowsItAndWhenItHappenedNotWhenItWasSure() {
        Experiment copy = shipped("list-copy");
        try (var progress = new Progress(terminal(false, 100), "copy/0", 0, copy, () -> nanos, recording)) {
            progress.event(60, EventKind.MEMORIZED, "{\"step\": 60, \"last_below\": 50}");
            progress.event(60, EventKind.GROKKED, "{\"step\": 60, \"last_below\": 50}");
            progress.event(100, EventKind.REACHED, "{\"step\": 70, \"last_below\": 60}");
            progress.event(120, EventKind.DIVERGED, "{\"loss\": \"NaN\"}");
        }

        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("copy/0: 99.9% test accuracy reached at step 70\ncopy/0: diverged at step 120\n");
    }

    /** A thousand steps at the same rate. */
    private void train(Terminal terminal, double seconds) {
        Experiment experiment = shipped("quick-grok");
        try (var progress = new Progress(terminal, "tiny/0", 0, experiment, () -> nanos, recording)) {
            for (int step = 1; step <= 1000; step++) {
                nanos += (long) (seconds * 1e6);
                progress.log(step, "train_accuracy", 0.75);
                progress.log(step, "train_loss", 0.5);
                if (step == 700) {
                    progress.event(step, EventKind.GROKKED, "{}");
                }
            }
        }
    }

    private static Experiment shipped(String name) {
        return Experiments.named(name, Path.of("experiments"), List.of("train.steps=2000"))
                .resolved(1);
    }

    private Terminal terminal(boolean shown, int width) {
        var stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Terminal(new BufferedReader(Reader.nullReader()), stream, stream, shown, shown, width, false);
    }
}
