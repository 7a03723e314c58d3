package hooke.task;

import java.util.List;

/** What an experiment trains with and is measured on: a function of its settings, its seeds and the step, so that it has no state. */
public interface Data {
    /** What the update after so many updates sees. It is good until the next is asked for. */
    Batch batch(long step);

    /** What is measured at an evaluation, in the order in which it is recorded: the training set first. */
    List<EvaluationSet> sets();
}
