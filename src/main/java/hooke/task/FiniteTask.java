package hooke.task;

import hooke.config.Experiment;

/** A task of which every example is known, has the same length, and is answered at the same positions. */
public interface FiniteTask extends Task {
    /** Number of examples. */
    int size();

    /** The tokens of an example, one a position. */
    int[] tokens(int example);

    /** The positions at which the model must answer, in order; nothing else is read. */
    int[] answerPositions();

    /** The right class at each answer position of an example. */
    int[] answers(int example);

    /** A question and the classes answered, as a person writes them: {@code 7 x 16 = 112 (mod 113)}. */
    String sentence(int[] tokens, int[] classes);

    /** All examples shuffled; the first are for training. */
    @Override
    default Split split(Experiment experiment, Streams streams) {
        return Split.of(size(), experiment.task().trainSize(), streams.split());
    }

    @Override
    default Data data(Experiment experiment, Split split, Batches.Draws draws) {
        var train = experiment.train();
        return new FiniteData(split, new Batches(split.train(), train.batch(), train.order(), draws));
    }
}
