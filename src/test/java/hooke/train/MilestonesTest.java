package hooke.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.config.EventKind;
import hooke.config.Experiment;
import hooke.config.Experiments;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Milestones by name: what an experiment asks for is noted, stored and may stop it; and looking back finds the same as being there. */
final class MilestonesTest {
    private static Experiment experiment(String... sets) {
        List<String> all = new ArrayList<>(
                List.of(
                        "train.milestones.named=[\"half: train_accuracy >= 0.5\", \"low: train_loss < 1 for 2\", \"never: test_loss <= 0.0\"]"));
        all.addAll(List.of(sets));
        return Experiments.parse("""
                task: {kind: modular-arithmetic, operation: add, modulus: 7, train_fraction: 0.6}
                model: {n_layers: 1, d_model: 16, n_heads: 2}
                train: {steps: 200, evaluate_every: 10, optimizer: {lr: 0.01}, engine: torch, threads: 1}
                """, "tiny", all);
    }

    private static final class Evaluations implements Recorder {
        private final Recording recording = new Recording();

        @Override
        public void log(long step, String series, double value) {
            recording.log(step, series, value);
        }

        @Override
        public void event(long step, EventKind kind, String detail) {
            recording.event(step, kind, detail);
        }

        @Override
        public void evaluated(Evaluation evaluation) {}

        @Override
        public void finished(Trainer.Result result) {}

        @Override
        public void checkpoint(Training training) {}

        /** Those that were recorded, as another program's run would tell them. */
        List<Evaluation> all() {
            List<Evaluation> all = new ArrayList<>();
            for (Recording.Point point : recording.series("test_accuracy")) {
                all.add(Evaluation.of(point.step(), measure("train", point.step()), measure("test", point.step())));
            }
            return all;
        }

        private Measure measure(String set, long step) {
            return Measure.of(at(set + "_loss", step), at(set + "_accuracy", step));
        }

        private double at(String series, long step) {
            return recording.series(series).stream()
                    .filter(p -> p.step() == step)
                    .findFirst()
                    .orElseThrow()
                    .value();
        }
    }

    private static Trainer.Result train(Experiment experiment, Recorder recorder) {
        try (Training training = Training.begin(experiment)) {
            return Trainer.train(training, recorder);
        }
    }

    @Test
    void eachIsNotedByItsNameAndComesBackFromTheStore() {
        var seen = new Evaluations();

        Trainer.Result result = train(experiment(), seen);

        assertThat(result.milestones().keySet()).containsExactly("memorized", "grokked", "half", "low", "never");
        assertThat(result.milestones().get("half")).isInstanceOf(Outcome.Reached.class);
        assertThat(result.milestones().get("never")).isEqualTo(new Outcome.Censored(200));
        assertThat(seen.recording.events())
                .filteredOn(e -> e.kind() == EventKind.MILESTONE)
                .extracting(e -> e.detail().replaceAll(", .*", ""))
                .containsExactly("{\"name\": \"half\"", "{\"name\": \"low\"");
        assertThat(ResultJson.read(ResultJson.write(result))).isEqualTo(result);
    }

    @Test
    void lookingBackFindsTheSame() {
        var seen = new Evaluations();
        Experiment experiment = experiment();
        Trainer.Result result = train(experiment, seen);

        var hindsight = new Hindsight(experiment.train());
        List<Recording.Event> noted = new ArrayList<>();
        for (Evaluation evaluation : seen.all()) {
            hindsight.see(evaluation).forEach(n -> noted.add(new Recording.Event(n.at(), n.kind(), n.detail())));
        }

        assertThat(hindsight.result(200)).isEqualTo(result);
        assertThat(noted).isEqualTo(seen.recording.events());
    }

    @Test
    void aTrainingMayStopAtOne() {
        Trainer.Result result = train(experiment("train.stop={kind: at-milestone, name: low}"), new Recording());

        assertThat(result.outcome()).isEqualTo(result.milestones().get("low")).isInstanceOf(Outcome.Reached.class);
        assertThat(result.step()).isEqualTo(((Outcome.Reached) result.outcome()).step() + 20);
    }

    @Test
    void whatIsNoMilestoneIsRefused() {
        assertThatThrownBy(() -> experiment("train.milestones.named=[\"a: test_exact_match > 0.5\"]"))
                .hasMessageContaining("watches test_exact_match, which this task does not measure");
        assertThatThrownBy(() -> experiment("train.milestones.named=[grokked]"))
                .hasMessageContaining("must be a name, a series and a condition, as in \"solved:");
        assertThatThrownBy(() -> experiment("train.milestones.named=[\"grokked: test_loss < 1\"]"))
                .hasMessageContaining("is a name that is already taken");
        assertThatThrownBy(() -> experiment("train.milestones.named=[\"a: test_loss < 1\", \"a: test_loss < 2\"]"))
                .hasMessageContaining("must give each milestone a name of its own");
        for (String never : List.of("test_accuracy >= 95", "test_accuracy > 1", "test_accuracy < 0", "test_loss < 0")) {
            assertThatThrownBy(() -> experiment("train.milestones.named=[\"a: " + never + "\"]"))
                    .hasMessageContaining("can never be reached: an accuracy lies between 0 and 1 (0.95 for 95%)");
        }
        assertThatThrownBy(() -> experiment("train.stop={kind: at-milestone, name: lw}"))
                .hasMessageContaining("train.stop.name (lw) must be a milestone of train.milestones.named")
                .hasMessageContaining("low");
    }
}
