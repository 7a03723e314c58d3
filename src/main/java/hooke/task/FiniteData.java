package hooke.task;

import java.util.List;

/** Batches of known examples: the whole training set each time, or some of it; measured on all that was trained on, and all that was not. */
final class FiniteData implements Data {
    private final Batches batches;
    private final EvaluationSet train;
    private final EvaluationSet test;
    /** Filled anew for each step: who trains thousands of steps a second leaves no garbage. */
    private final Batch.Examples due;

    FiniteData(Split split, Batches batches) {
        this.batches = batches;
        this.train = new EvaluationSet(EvaluationSet.TRAIN, new Batch.Examples(split.train()));
        this.test = new EvaluationSet(EvaluationSet.TEST, new Batch.Examples(split.test()));
        this.due = new Batch.Examples(new int[batches.size()]);
    }

    /** On a full batch the very set that is evaluated, so that one forward pass can serve both. */
    @Override
    public Batch batch(long step) {
        if (batches.isWhole()) {
            return train.batch();
        }
        batches.at(step, due.numbers());
        return due;
    }

    @Override
    public List<EvaluationSet> sets() {
        return List.of(train, test);
    }
}
