package hooke.cli;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.train.Recording;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
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
                .contains("tiny/0  1,000/2,000  ████████████░░░░░░░░░░░░  50/s  train 0.5000 (75.0%)  20 s left")
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
                .isEqualTo("tiny/0  250/2,000  50/s  train 0.5000 (75.0%)  35 s left");
        assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("\r").doesNotContain("\u001b");
    }

    @Test
    void everythingGoesOnToTheOtherRecorder() {
        train(terminal(false, 100), 20);

        assertThat(recording.series("train_loss")).hasSize(1000);
        assertThat(recording.events()).containsExactly(new Recording.Event(700, "grokked", "{}"));
    }

    /** A thousand steps at the same rate. */
    private void train(Terminal terminal, double seconds) {
        try (var progress = new Progress(terminal, "tiny/0", 0, 2000, () -> nanos, recording)) {
            for (int step = 1; step <= 1000; step++) {
                nanos += (long) (seconds * 1e6);
                progress.log(step, "train_accuracy", 0.75);
                progress.log(step, "train_loss", 0.5);
                if (step == 700) {
                    progress.event(step, "grokked", "{}");
                }
            }
        }
    }

    private Terminal terminal(boolean shown, int width) {
        var stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Terminal(new BufferedReader(Reader.nullReader()), stream, stream, shown, shown, width, false);
    }
}
