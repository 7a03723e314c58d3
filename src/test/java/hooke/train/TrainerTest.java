package hooke.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import hooke.config.EventKind;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.config.Milestone;
import hooke.hook.Hooks;
import hooke.tensor.RawTensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
    private static Experiment full(String... sets) {
        return Experiments.parse("""
                name: tiny
                task: {kind: modular-arithmetic, operation: add, modulus: 11, train_fraction: 0.6}
                model: {n_layers: 1, d_model: 16, n_heads: 2, d_mlp: 32, biases: frozen}
                train: {steps: 40, batch: full, evaluate_every: 5, checkpoint_every: 10, threads: 1, engine: torch}
                """, "test", List.of(sets));
    }

    private static Experiment mini(String... sets) {
        return Experiments.parse("""
                name: tiny
                task: {kind: list-copy, list_length: 2, n_digits: 6, train_fraction: 0.7}
                model: {n_layers: 2, d_model: 16, n_heads: 1, attn_only: true, mask: bottleneck}
                train: {steps: 40, batch: 8, evaluate_every: 5, checkpoint_every: 10, threads: 1, engine: torch}
                """, "test", List.of(sets));
    }

    /** A recording that keeps its checkpoints, too. */
    private static final class Keeping implements Recorder {
        final Recording recording = new Recording();
        final Map<Long, Training.State> checkpoints = new LinkedHashMap<>();

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
        public void checkpoint(Training training) {
            checkpoints.put(
                    training.step(),
                    new Training.State(training.step(), copy(training.weights()), copy(training.optimizerState())));
        }

        List<Recording.Point> points(String name) {
            return recording.series(name);
        }
    }

    private static Map<String, RawTensor> copy(Map<String, RawTensor> tensors) {
        Map<String, RawTensor> copies = new LinkedHashMap<>();
        tensors.forEach((name, raw) -> copies.put(
                name,
                new RawTensor(
                        raw.dtype(),
                        raw.shape(),
                        MemorySegment.ofArray(raw.data().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)))));
        return copies;
    }

    private static Map<String, List<Byte>> bytes(Training.State state) {
        Map<String, List<Byte>> all = new LinkedHashMap<>();
        state.weights().forEach((n, raw) -> all.put(n, bytes(raw)));
        state.moments().forEach((n, raw) -> all.put(n, bytes(raw)));
        return all;
    }

    private static List<Byte> bytes(RawTensor raw) {
        byte[] array = raw.data().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        List<Byte> list = new ArrayList<>();
        for (byte b : array) {
            list.add(b);
        }
        return list;
    }

    private static Keeping run(Experiment experiment) {
        var keeping = new Keeping();
        try (var training = Training.begin(experiment)) {
            Trainer.train(training, keeping);
        }
        return keeping;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gives_the_same_bytes_twice_and_from_any_checkpoint(boolean fullBatch) {
        Experiment experiment = fullBatch ? full() : mini();
        Keeping straight = run(experiment);
        assertThat(bytes(straight.checkpoints.get(40L)))
                .isEqualTo(bytes(run(experiment).checkpoints.get(40L)));
        for (long from : List.of(0L, 10L, 30L, 40L)) {
            var resumed = new Keeping();
            List<Evaluation> past =
                    evaluations(straight).stream().filter(e -> e.step() <= from).toList();
            try (var training = Training.resume(experiment, straight.checkpoints.get(from))) {
                assertThat(Trainer.train(training, resumed, past, () -> false)).isPresent();
            }
            if (from < 40) {
                assertThat(bytes(resumed.checkpoints.get(40L))).isEqualTo(bytes(straight.checkpoints.get(40L)));
            }
            for (String series : List.of("loss", "train_loss", "test_loss", "train_accuracy", "test_accuracy")) {
                assertThat(resumed.points(series))
                        .as("%s from %s", series, from)
                        .isEqualTo(straight.points(series).stream()
                                .filter(p -> p.step() > from)
                                .toList());
            }
        }
    }

    private static List<Evaluation> evaluations(Keeping keeping) {
        List<Evaluation> all = new ArrayList<>();
        for (Recording.Point point : keeping.points("test_accuracy")) {
            all.add(Evaluation.of(
                    point.step(),
                    Measure.of(at(keeping, "train_loss", point.step()), at(keeping, "train_accuracy", point.step())),
                    Measure.of(at(keeping, "test_loss", point.step()), point.value())));
        }
        return all;
    }

    private static double at(Keeping keeping, String series, long step) {
        return keeping.points(series).stream()
                .filter(p -> p.step() == step)
                .findFirst()
                .orElseThrow()
                .value();
    }

    @Test
    void pauses_where_asked_with_a_checkpoint_and_goes_on_to_the_same_end() {
        Experiment experiment = mini();
        Keeping straight = run(experiment);
        var first = new Keeping();
        try (var training = Training.begin(experiment)) {
            Optional<Trainer.Result> none = Trainer.train(
                    training, first, List.of(), () -> first.points("loss").size() >= 17);
            assertThat(none).isEmpty();
        }
        Training.State state = first.checkpoints.get(17L);
        assertThat(state).isNotNull();
        var second = new Keeping();
        try (var training = Training.resume(experiment, state)) {
            Trainer.train(training, second, evaluations(first), () -> false);
        }
        assertThat(bytes(second.checkpoints.get(40L))).isEqualTo(bytes(straight.checkpoints.get(40L)));
        List<Recording.Point> joined = new ArrayList<>(first.points("loss"));
        joined.addAll(second.points("loss"));
        assertThat(joined).isEqualTo(straight.points("loss"));
    }

    @Test
    void learns_a_tiny_task_and_says_when() {
        Experiment experiment = full(
                "train.steps=600",
                "train.optimizer.lr=0.01",
                "train.optimizer.weight_decay=0.1",
                "train.stop={kind: reached, metric: train-accuracy, at_least: 1.0, patience: 1}");
        var recording = new Recording();
        try (var training = Training.begin(experiment)) {
            Trainer.Result result = Trainer.train(training, recording);
            assertThat(result.outcome()).isInstanceOf(Outcome.Reached.class);
            var reached = (Outcome.Reached) result.outcome();
            assertThat(reached.lastBelow()).isEqualTo(reached.step() - 5);
            assertThat(result.step()).as("one evaluation of patience").isEqualTo(reached.step() + 5);
            assertThat(recording.events())
                    .extracting(Recording.Event::kind)
                    .contains(EventKind.MEMORIZED, EventKind.REACHED);
            int[][] question = {training.task().parseQuestion(List.of("3", "4")).tokens()};
            assertThat(training.model().forward(question, Hooks.NONE).shape()).containsExactly(1, 3, 11);
        }
    }

    @Test
    void trains_in_two_verbs() {
        try (var training = Training.begin(mini());
                var other = Training.begin(mini())) {
            double loss = training.differentiate(training.batch()).loss();
            training.evaluate(); // Leaves the gradients alone.
            training.update();

            assertThat(loss).isEqualTo(other.advance().loss());
            assertThat(training.step()).isEqualTo(1);
            assertThat(training.evaluate()).isEqualTo(other.evaluate());
            assertThatIllegalStateException().isThrownBy(training::update).withMessageContaining("differentiate");
        }
    }

    @Test
    void takes_a_loss_that_is_no_number_as_an_outcome() {
        for (Experiment experiment : List.of(full(), mini())) {
            try (var training = Training.begin(experiment)) {
                // Weights near the end of float32 break every loss.
                try (var _ = new hooke.tensor.Scope()) {
                    training.model().weights().trainableValues().timesInPlace(1e38);
                }
                Trainer.Result result = Trainer.train(training, new Recording());
                assertThat(result.outcome()).isInstanceOf(Outcome.Diverged.class);
                assertThat(result.grokked()).isInstanceOf(Outcome.Diverged.class);
            }
        }
    }

    @Test
    void a_milestone_counts_from_the_first_evaluation_that_stayed() {
        var milestone = new MilestoneWatch(new Milestone("grokked", "test_accuracy", Milestone.Relation.ABOVE, 0.9, 2));
        double[] accuracies = {0.1, 0.95, 0.95, 0.5, 0.9, 0.91, 0.92, 0.93, 0.2};
        List<Boolean> completes = new ArrayList<>();
        for (int i = 0; i < accuracies.length; i++) {
            Measure measure = Measure.of(1, accuracies[i]);
            completes.add(milestone.see(Evaluation.of(10L * i, measure, measure)));
        }
        assertThat(completes).containsExactly(false, false, false, false, false, false, false, true, false);
        assertThat(milestone.outcome(80)).isEqualTo(new Outcome.Reached(50, 40));
        assertThat(new MilestoneWatch(milestone.milestone()).outcome(7)).isEqualTo(new Outcome.Censored(7));
    }

    @Test
    void results_come_back_from_their_json() {
        var result = new Trainer.Result(
                70,
                new Outcome.Diverged(70, "the loss became NaN"),
                new Outcome.Reached(20, 10),
                new Outcome.Censored(70),
                Evaluation.of(70, Measure.of(Double.NaN, 0.5), Measure.of(1e-9, 1)));
        assertThat(ResultJson.read(ResultJson.write(result))).isEqualTo(result);
        assertThat(ResultJson.readOutcome(ResultJson.failed("out of luck")))
                .isEqualTo(new Outcome.Failed("out of luck"));
    }
}
