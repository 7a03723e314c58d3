package hooke.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.InputException;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.store.Provenance;
import hooke.store.RunReader;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.task.Alike;
import hooke.task.Batch;
import hooke.task.Batches;
import hooke.task.Data;
import hooke.task.EvaluationSet;
import hooke.task.FiniteTask;
import hooke.task.Metric;
import hooke.task.Question;
import hooke.task.Split;
import hooke.task.Streams;
import hooke.task.Task;
import hooke.tensor.Rng;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that a program brings: one of which every example is known, and one whose batches are drawn anew for each step. */
final class OwnTaskTest {
    @TempDir
    private Path folder;

    /** The parity of bits. */
    private record Parity(int bits) implements FiniteTask {
        @Override
        public int dVocab() {
            return 2;
        }

        @Override
        public int dVocabOut() {
            return 2;
        }

        @Override
        public int size() {
            return 1 << bits;
        }

        @Override
        public int[] tokens(int example) {
            return IntStream.range(0, bits).map(i -> example >> i & 1).toArray();
        }

        @Override
        public int[] answerPositions() {
            return new int[] {bits - 1};
        }

        @Override
        public int[] answers(int example) {
            return new int[] {Integer.bitCount(example) % 2};
        }
    }

    /** Sequences that say the token before last again, in lengths that differ from batch to batch. */
    private record Echo() implements Task, Data {
        @Override
        public int dVocab() {
            return 5;
        }

        @Override
        public int dVocabOut() {
            return 5;
        }

        @Override
        public int nCtx() {
            return 8;
        }

        @Override
        public List<Metric> metrics() {
            return List.of(Metric.ACCURACY, Metric.EXACT_MATCH);
        }

        @Override
        public Split split(Experiment experiment, Streams streams) {
            return new Split(new int[0], new int[0]);
        }

        @Override
        public Data data(Experiment experiment, Split split, Batches.Draws draws) {
            return this;
        }

        private static Batch.Sequences drawn(String stream, long step, int n) {
            try (Rng rng = Rng.stream(3, stream, step)) {
                int length = 4 + (int) (step % 5);
                int[][] tokens = new int[n][];
                int[][] targets = new int[n][];
                for (int i = 0; i < n; i++) {
                    tokens[i] = rng.sample(length, 5);
                    targets[i] = new int[length];
                    for (int pos = 0; pos < length; pos++) {
                        targets[i][pos] = pos < 1 ? Batch.Sequences.NONE : tokens[i][pos - 1];
                    }
                }
                return new Batch.Sequences(tokens, targets);
            }
        }

        @Override
        public Batch batch(long step) {
            return drawn("train", step, 32);
        }

        @Override
        public List<EvaluationSet> sets() {
            return List.of(
                    new EvaluationSet(EvaluationSet.TRAIN, drawn("train", 0, 32)),
                    new EvaluationSet("short", drawn("test", 0, 100)),
                    new EvaluationSet("long", drawn("test", 4, 100)));
        }

        @Override
        public Alike alike(Split split) {
            return new Parity(2).alike(split);
        }

        @Override
        public Question parseQuestion(List<String> words) {
            int[] tokens = words.stream().mapToInt(Integer::parseInt).toArray();
            return new Question.AtOnce(tokens, new int[] {tokens.length - 1});
        }

        @Override
        public String exampleQuestion() {
            return "1 2 3";
        }

        @Override
        public String sentence(int[] tokens, int[] classes) {
            return Arrays.toString(tokens) + " " + Arrays.toString(classes);
        }
    }

    private static Experiment parity(String engine) {
        return Experiments.parse("""
                task: {kind: own, name: parity, d_vocab: 2, d_vocab_out: 2, n_ctx: 6, examples: 64}
                model: {n_layers: 1, d_model: 16, n_heads: 2}
                train: {steps: 30, evaluate_every: 10, engine: %s, threads: 1, optimizer: {lr: 0.01}}
                """.formatted(engine), "parity", List.of());
    }

    private static Experiment echo(int steps) {
        return Experiments.parse("""
                task: {kind: own, name: echo, d_vocab: 5, d_vocab_out: 5, n_ctx: 8}
                model: {n_layers: 2, d_model: 32, n_heads: 2}
                train: {steps: %s, batch: 32, evaluate_every: 50, checkpoint_every: 50, optimizer: {lr: 0.01}, engine: torch, threads: 1}
                """.formatted(steps), "echo", List.of());
    }

    @Test
    void everyEngineTrainsAFiniteOne() {
        Trainer.Result[] results = new Trainer.Result[2];
        for (String engine : List.of("torch", "fused")) {
            try (Training training = Training.begin(parity(engine), new Parity(6))) {
                results[engine.equals("torch") ? 0 : 1] = Trainer.train(training, new Recording());
                assertThat(training.split().train()).hasSize(51);
            }
        }

        assertThat(results[0].last().train().loss()).isLessThan(0.7);
        assertThat(results[1].last().train().loss())
                .isCloseTo(results[0].last().train().loss(), within(1e-4));
    }

    @Test
    void batchesThatAreDrawnAnewAreLearnedAndEverySetIsMeasured() {
        var recording = new Recording();
        try (Training training = Training.begin(echo(150), new Echo())) {
            Trainer.Result result = Trainer.train(training, recording);

            assertThat(result.last().sets().keySet()).containsExactly("train", "short", "long");
            assertThat(result.last().value("long_accuracy")).isGreaterThan(0.9);
            assertThat(result.last().value("short_exact_match")).isBetween(0.0, 1.0);
            assertThat(recording.series("long_exact_match")).hasSize(4);
        }
    }

    @Test
    void aStoreKeepsItAndItGoesOnWithTheSameBytes() {
        var here = Provenance.here("0.1.0", "", "", "", "a test", Clock.systemUTC());
        try (Store store = Store.open(folder)) {
            Experiment experiment = echo(150);
            try (RunWriter writer = store.claim(experiment, here)) {
                int[] asked = {0};
                assertThat(new StoredTraining(store, writer, new Echo()).train(r -> r, _ -> {}, () -> ++asked[0] == 80))
                        .isEmpty();
            }
            try (RunWriter writer = store.claim(experiment, here)) {
                assertThat(new StoredTraining(store, writer, new Echo()).train(r -> r, _ -> {}, () -> false))
                        .isPresent();
            }
            RunReader reader = store.read(store.find("echo").run());
            var straight = new Recording();
            try (Training training = Training.begin(experiment, new Echo())) {
                Trainer.Result result = Trainer.train(training, straight);
                assertThat(ResultJson.read(reader.run().outcome())).isEqualTo(result);
            }

            for (String series : List.of("loss", "long_exact_match")) {
                assertThat(reader.series(series).values())
                        .containsExactly(straight.series(series).stream()
                                .mapToDouble(Recording.Point::value)
                                .toArray());
            }
            assertThat(StoredTraining.evaluations(reader)).hasSize(4);
            assertThat(StoredTraining.evaluations(reader).getLast().value("short_loss"))
                    .isEqualTo(reader.series("short_loss").values()[3]);
        }
    }

    @Test
    void withoutItsProgramNoExampleIsKnown() {
        Experiment experiment = parity("torch");

        assertThat(Split.of(experiment).train()).isEmpty();
        assertThat(FiniteTask.of(experiment.task()).size()).isZero();
    }

    @Test
    void anExperimentThatDoesNotFitItIsRefused() {
        assertThatThrownBy(() -> Training.begin(parity("torch"), new Parity(5)))
                .isInstanceOf(InputException.class)
                .hasMessage("task.n_ctx (6) must be 5, as in the program's task");
        assertThatThrownBy(() -> Training.begin(parity("torch")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(
                        "task parity, which belongs to a Java program, has no examples to train or measure on");
    }
}
