package hooke.task;

import hooke.config.Experiment;
import hooke.config.TaskConfig;
import java.util.List;

/**
 * What is to be learned: where batches come from, what is measured, and the words for people. Open: a program may bring a task of its
 * own, see {@link hooke.train.Training#begin(Experiment, Task)}; where every example is known it implements {@link FiniteTask}.
 */
public interface Task {

    static FiniteTask of(TaskConfig config) {
        return switch (config) {
            case TaskConfig.ModularArithmetic m -> new ModularArithmetic(m);
            case TaskConfig.Permutation p -> new Permutation(p);
            case TaskConfig.ListCopy l -> new ListCopy(l);
            case TaskConfig.None none -> new NoTask(none);
        };
    }

    /** What is measured beside the loss, in the order of the series. */
    default List<Metric> metrics() {
        return List.of(Metric.ACCURACY);
    }

    /** Which examples are for training: the first draws of the experiment's streams. */
    Split split(Experiment experiment, Streams streams);

    /** Batches and evaluation sets of a split. */
    Data data(Experiment experiment, Split split, Batches.Draws draws);

    /** A position in words, as on the axis of a picture. */
    List<String> positionLabels();

    /** A token in words. */
    String tokenLabel(int token);

    /** The tokens that a person's question stands for; an {@link hooke.InputException} says what is wrong with it. */
    int[] parseQuestion(List<String> words);
}
