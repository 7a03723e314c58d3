package hooke.task;

import hooke.config.Experiment;
import java.util.List;

/** What an experiment trains with and is measured on: a function of its settings, its seeds and the step, so that it has no state. */
public interface Data {
    /** What a task gives, with keys of the sequences hidden where {@code train.forgetful_mask} says so. */
    static Data of(Task task, Experiment experiment, Split split, Batches.Draws draws) {
        return Forgetting.of(experiment, task.data(experiment, split, draws));
    }

    /**
     * The batch of that number, from 0: what the update after so many updates sees, or, where several batches make one update, a part of
     * that. It is good until the next is asked for.
     */
    Batch batch(long number);

    /** What is measured at an evaluation, in the order in which it is recorded: the training set first. */
    List<EvaluationSet> sets();
}
