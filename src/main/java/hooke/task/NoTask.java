package hooke.task;

import hooke.Check;
import hooke.Printable;
import hooke.config.Experiment;
import hooke.config.task.TaskConfig;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * In the place of a task that is not known here: a question is tokens by their numbers, and nobody knows what is right.
 *
 * @param subject of sentences on what it lacks: {@code task none}
 */
public record NoTask(TaskConfig config, String subject) implements Configured {
    /** None is known here, however many there are. */
    @Override
    public int size() {
        return 0;
    }

    @Override
    public Split split(Experiment experiment, Streams streams) {
        return new Split(new int[0], new int[0]);
    }

    @Override
    public int[] tokens(int example) {
        throw new IllegalStateException(subject + " has no examples here");
    }

    @Override
    public int[] answers(int example) {
        throw new IllegalStateException(subject + " has no answers here");
    }

    /** The last, whose class is what a person sees. */
    @Override
    public int[] answerPositions() {
        return new int[] {config.nCtx() - 1};
    }

    @Override
    public List<String> positionLabels() {
        return IntStream.range(0, config.nCtx()).mapToObj(Integer::toString).toList();
    }

    @Override
    public String tokenLabel(int token) {
        return Integer.toString(token);
    }

    @Override
    public String exampleQuestion() {
        return "0 ".repeat(config.nCtx()).strip();
    }

    @Override
    public Question parseQuestion(List<String> words) {
        Check.that(
                !words.isEmpty()
                        && words.size() <= config.nCtx()
                        && words.stream().allMatch(w -> w.matches("\\d{1,9}")),
                "the question '%s' must be 1 to %s tokens (task.n_ctx) by their numbers, from 0 to %s",
                Printable.beginning(String.join(" ", words)),
                config.nCtx(),
                config.dVocab() - 1);
        int[] tokens = words.stream().mapToInt(Integer::parseInt).toArray();
        for (int token : tokens) {
            Check.that(
                    token < config.dVocab(),
                    "token %s does not exist in this model: tokens go from 0 to %s",
                    token,
                    config.dVocab() - 1);
        }
        return new Question.AtOnce(tokens, new int[] {tokens.length - 1});
    }

    @Override
    public String sentence(int[] tokens, int[] classes) {
        return Arrays.stream(tokens).mapToObj(Integer::toString).collect(Collectors.joining(" ")) + " -> " + classes[0];
    }
}
