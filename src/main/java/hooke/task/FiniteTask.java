package hooke.task;

import hooke.Check;
import hooke.Printable;
import hooke.config.Experiment;
import hooke.config.task.TaskConfig;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A task of which every example is known, has the same length, and is answered at the same positions. */
public interface FiniteTask extends Task {
    /** Of a configuration that is {@link TaskConfig#isFinite}. */
    static FiniteTask of(TaskConfig config) {
        Check.that(
                Task.of(config) instanceof FiniteTask,
                "this needs examples of one length, answered at the same positions; those of %s differ",
                config.learns());
        return (FiniteTask) Task.of(config);
    }

    /** Number of examples. */
    int size();

    /** The tokens of an example, one a position. */
    int[] tokens(int example);

    /** The positions at which the model must answer, in order; nothing else is read. */
    int[] answerPositions();

    /** The right class at each answer position of an example. */
    int[] answers(int example);

    @Override
    default int nCtx() {
        return tokens(0).length;
    }

    /** A position in words, as on the axis of a picture. */
    default List<String> positionLabels() {
        return IntStream.range(0, nCtx()).mapToObj(Integer::toString).toList();
    }

    /** A question is the words of its tokens. */
    @Override
    default Question parseQuestion(List<String> words) {
        Check.that(
                words.size() == nCtx(),
                "the question '%s' must be %s tokens, as in %s",
                Printable.beginning(String.join(" ", words)),
                nCtx(),
                exampleQuestion());
        List<String> labels =
                IntStream.range(0, dVocab()).mapToObj(this::tokenLabel).toList();
        int[] tokens = words.stream()
                .mapToInt(word -> {
                    Check.that(
                            labels.contains(word),
                            "'%s' is not a token of this task%s",
                            word,
                            Check.didYouMean(word, labels));
                    return labels.indexOf(word);
                })
                .toArray();
        return new Question.AtOnce(tokens, answerPositions());
    }

    @Override
    default String exampleQuestion() {
        return words(tokens(size() / 2));
    }

    /** {@code 0 1 1 -> 0}. */
    @Override
    default String sentence(int[] tokens, int[] classes) {
        return words(tokens) + " -> " + words(classes);
    }

    private String words(int[] tokens) {
        return Arrays.stream(tokens).mapToObj(this::tokenLabel).collect(Collectors.joining(" "));
    }

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

    @Override
    default Alike alike(Split split) {
        return new Alike(this, split, "");
    }
}
