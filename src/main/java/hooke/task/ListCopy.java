package hooke.task;

import hooke.Check;
import hooke.Printable;
import hooke.config.task.TaskConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * {@code [d1 .. dn SEP SEP .. SEP] -> d1 .. dn} at the last n positions. Example number: the digits as a number, the first the most
 * significant.
 */
public record ListCopy(TaskConfig.ListCopy config) implements Configured {
    private int separator() {
        return config.nDigits();
    }

    @Override
    public int[] tokens(int example) {
        return withSeparators(answers(example));
    }

    private int[] withSeparators(int[] digits) {
        int[] tokens = new int[config.nCtx()];
        Arrays.fill(tokens, separator());
        System.arraycopy(digits, 0, tokens, 0, digits.length);
        return tokens;
    }

    @Override
    public int[] answerPositions() {
        return IntStream.range(config.listLength() + 1, config.nCtx()).toArray();
    }

    @Override
    public int[] answers(int example) {
        int[] digits = new int[config.listLength()];
        int rest = example;
        for (int i = digits.length - 1; i >= 0; i--) {
            digits[i] = rest % config.nDigits();
            rest /= config.nDigits();
        }
        return digits;
    }

    @Override
    public List<String> positionLabels() {
        List<String> labels = new ArrayList<>();
        for (int i = 1; i <= config.listLength(); i++) {
            labels.add("d" + i);
        }
        labels.add("SEP");
        for (int i = 1; i <= config.listLength(); i++) {
            labels.add("o" + i);
        }
        return labels;
    }

    @Override
    public String tokenLabel(int token) {
        return token == separator() ? "SEP" : Integer.toString(token);
    }

    @Override
    public String exampleQuestion() {
        return "1 ".repeat(config.listLength()).strip();
    }

    @Override
    public Question parseQuestion(List<String> words) {
        Check.that(
                words.size() == config.listLength(),
                "the question '%s' must be a list of %s numbers",
                Printable.beginning(String.join(" ", words)),
                config.listLength());
        int[] digits = words.stream()
                .mapToInt(w -> Numbers.parse(w, "a digit of this task", config.nDigits() - 1))
                .toArray();
        return new Question.AtOnce(withSeparators(digits), answerPositions());
    }

    @Override
    public String sentence(int[] tokens, int[] classes) {
        return words(Arrays.copyOf(tokens, config.listLength())) + " SEP -> " + words(classes);
    }

    private String words(int[] tokens) {
        return Arrays.stream(tokens).mapToObj(this::tokenLabel).collect(Collectors.joining(" "));
    }
}
