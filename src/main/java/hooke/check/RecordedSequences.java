package hooke.check;

import hooke.config.Experiment;
import hooke.task.Alike;
import hooke.task.Batch;
import hooke.task.Batches;
import hooke.task.Data;
import hooke.task.EvaluationSet;
import hooke.task.Question;
import hooke.task.Split;
import hooke.task.Streams;
import hooke.task.Task;
import java.util.Arrays;
import java.util.List;

/** A task whose batches were recorded: each next token is learned, whatever it means. */
record RecordedSequences(int dVocab, int nCtx, List<Batch.Sequences> batches) implements Task {
    RecordedSequences {
        batches = List.copyOf(batches);
    }

    /**
     * Sequences whose every next token is a target.
     *
     * @param rows [batch][pos], the last token a target alone
     * @param hidden keys that no query of a sequence sees
     */
    static Batch.Sequences next(int[][] rows, int[][] hidden) {
        int[][] tokens = Arrays.stream(rows)
                .map(row -> Arrays.copyOf(row, row.length - 1))
                .toArray(int[][]::new);
        int[][] targets = Arrays.stream(rows)
                .map(row -> Arrays.copyOfRange(row, 1, row.length))
                .toArray(int[][]::new);
        return new Batch.Sequences(tokens, targets, hidden);
    }

    @Override
    public int dVocabOut() {
        return dVocab;
    }

    @Override
    public Split split(Experiment experiment, Streams streams) {
        return new Split(new int[0], new int[0]);
    }

    @Override
    public Data data(Experiment experiment, Split split, Batches.Draws draws) {
        return new Data() {
            @Override
            public Batch batch(long number) {
                return batches.get((int) (number % batches.size()));
            }

            @Override
            public List<EvaluationSet> sets() {
                return List.of(new EvaluationSet(EvaluationSet.TRAIN, batches.getFirst()));
            }
        };
    }

    @Override
    public Alike alike(Split split) {
        throw new UnsupportedOperationException("recorded batches are trained on alone");
    }

    @Override
    public Question parseQuestion(List<String> words) {
        throw new UnsupportedOperationException("recorded batches are trained on alone");
    }

    @Override
    public String exampleQuestion() {
        throw new UnsupportedOperationException("recorded batches are trained on alone");
    }

    @Override
    public String sentence(int[] tokens, int[] classes) {
        throw new UnsupportedOperationException("recorded batches are trained on alone");
    }
}
