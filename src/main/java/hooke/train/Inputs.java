package hooke.train;

import hooke.model.Input;
import hooke.model.Plan;
import hooke.model.Transformer;
import hooke.task.Batch;
import hooke.task.FiniteTask;
import hooke.task.Metric;
import hooke.task.Task;
import hooke.tensor.Device;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes batches ready for the reference model's forward pass. */
sealed interface Inputs {
    /**
     * What is ready.
     *
     * @param rows which rows of the logits count; null for all
     * @param classes the right classes there
     * @param sequences the number of the sequence that each of them belongs to, ascending
     */
    record Prepared(Input input, @Nullable Tensor rows, Tensor classes, int[] sequences) {}

    /** In the innermost scope. */
    Prepared prepare(Batch batch);

    /** Positions of its sequences. */
    int length(Batch batch);

    List<Metric> metrics();

    /** @param first a batch like those that will be trained on */
    static Inputs of(Task task, Transformer model, Batch first) {
        return switch (first) {
            case Batch.Examples _ -> OfExamples.of((FiniteTask) task, model);
            case Batch.Sequences _ -> new OfSequences(task.metrics(), model);
        };
    }

    /** Of a finite task only what its answers can depend on is computed, and what examples share is computed once. */
    record OfExamples(FiniteTask task, int[][] tokens, Plan plan, Device device) implements Inputs {
        static OfExamples of(FiniteTask task, Transformer model) {
            int[][] tokens =
                    IntStream.range(0, task.size()).mapToObj(task::tokens).toArray(int[][]::new);
            Device device = model.weights().trainableValues().device();
            Plan plan = Plan.reading(model.config(), device, task.answerPositions(), tokens[0].length);
            return new OfExamples(task, tokens, plan, device);
        }

        @Override
        public Prepared prepare(Batch batch) {
            int[] examples = batch.numbers();
            int[][] inputs = new int[examples.length][];
            int answers = task.answerPositions().length;
            int[] classes = new int[examples.length * answers];
            int[] sequences = new int[classes.length];
            for (int i = 0; i < examples.length; i++) {
                inputs[i] = tokens[examples[i]];
                System.arraycopy(task.answers(examples[i]), 0, classes, i * answers, answers);
            }
            for (int i = 0; i < sequences.length; i++) {
                sequences[i] = i / answers;
            }
            return new Prepared(
                    plan.input(inputs), null, Tensor.of(classes, classes.length).to(device), sequences);
        }

        @Override
        public int length(Batch batch) {
            return plan.read().length;
        }

        @Override
        public List<Metric> metrics() {
            return task.metrics();
        }
    }

    /** Of sequences every position is computed. */
    record OfSequences(List<Metric> metrics, Transformer model) implements Inputs {
        @Override
        public Prepared prepare(Batch batch) {
            Batch.Sequences sequences = sequences(batch);
            int length = length(batch);
            List<Integer> rows = new ArrayList<>();
            for (int i = 0; i < sequences.size(); i++) {
                for (int pos = 0; pos < length; pos++) {
                    if (sequences.targets()[i][pos] != Batch.Sequences.NONE) {
                        rows.add(i * length + pos);
                    }
                }
            }
            Device device = model.weights().trainableValues().device();
            int[] classes = rows.stream()
                    .mapToInt(row -> sequences.targets()[row / length][row % length])
                    .toArray();
            int[] counted = rows.stream().mapToInt(Integer::intValue).toArray();
            int[] of = rows.stream().mapToInt(row -> row / length).toArray();
            // A plan belongs to the scope in which it is first needed, so each is made anew: a few small tensors.
            Plan plan = Plan.whole(model.config(), device, length);
            return new Prepared(
                    plan.input(sequences.tokens(), sequences.hidden()),
                    Tensor.of(counted, counted.length).to(device),
                    Tensor.of(classes, classes.length).to(device),
                    of);
        }

        private static Batch.Sequences sequences(Batch batch) {
            return switch (batch) {
                case Batch.Sequences sequences -> sequences;
                case Batch.Examples _ -> throw new IllegalArgumentException("sequences are not numbered");
            };
        }

        @Override
        public int length(Batch batch) {
            return sequences(batch).tokens()[0].length;
        }
    }
}
