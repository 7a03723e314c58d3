package hooke.cli.sweeps;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.sweep.SweepResults;
import hooke.sweep.file.Sweeps;
import hooke.sweep.work.Forecast;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class StepTimeCommandTest {
    private static final String TINY = """
            task: {kind: modular-arithmetic, operation: add, modulus: 5}
            model: {n_layers: 1, d_model: 8, n_heads: 2}
            train: {steps: 6}
            """;

    @Test
    @DisabledOnOs(OS.WINDOWS) // has no sleep
    void whoDoesNotAnswerInTimeIsNotWaitedFor() {
        List<Experiment> tiny = List.of(Experiments.parse(TINY, "tiny", List.of()));

        assertThat(StepTimeCommand.ask(List.of("sleep", "1000000"), 2, tiny, Duration.ofMillis(100)))
                .isEmpty();
        assertThat(StepTimeCommand.ask(List.of("sleep", "0"), 1, tiny, Duration.ofDays(1)))
                .as("ended without an answer")
                .isEmpty();
    }

    @Test
    void whatWasNotMeasuredIsSaidToBeSo() {
        var sweep = Sweeps.parse(
                "base:\n" + TINY.indent(2) + "grid: {model.d_model: [8, 16]}\n", "tiny.yaml", Sweeps.Options.NONE);
        SweepResults none = SweepResults.none(sweep);

        assertThat(SweepTime.sentence(
                        none, Forecast.of(none, _ -> Optional.empty()), new SweepTime.Crew(2, "2 workers"), 2))
                .startsWith(
                        "how long a run takes was not measured: a process that tries some updates gave no answer, or none within 1 min");
    }
}
