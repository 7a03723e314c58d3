package hooke.task;

import hooke.Check;
import hooke.Printable;
import hooke.config.task.TableConfig;
import hooke.config.task.TableRows;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How the examples of a table are written as tokens, {@code input <sep> target}, and as words; knows no example. */
final class TableWords {
    private final TableConfig config;
    private final Map<String, Integer> numbers = new HashMap<>();

    TableWords(TableConfig config) {
        this.config = config;
        config.facts().vocabulary().forEach(word -> numbers.put(word, numbers.size()));
    }

    int separator() {
        return number(TableRows.SEPARATOR);
    }

    /** The token behind a target; -1 where all have one length. */
    int end() {
        return config.isFinite() ? -1 : number(TableRows.END);
    }

    private int number(String word) {
        return Objects.requireNonNull(numbers.get(word), word);
    }

    /** What the model reads of an example: all but its last token, which nothing follows. */
    int[] tokens(int[] input, int[] answers) {
        return IntStream.concat(
                        IntStream.concat(Arrays.stream(input), IntStream.of(separator())),
                        Arrays.stream(answers, 0, answers.length - 1))
                .toArray();
    }

    /** What it must answer: the target and its end. */
    int[] answers(int[] target) {
        return end() < 0
                ? target
                : IntStream.concat(Arrays.stream(target), IntStream.of(end())).toArray();
    }

    /** How many examples of the test set have the tokens of one that is trained on. */
    static int overlap(TableRows rows, Split split) {
        Set<List<Integer>> trained =
                Arrays.stream(split.train()).mapToObj(i -> example(rows, i)).collect(Collectors.toSet());
        return (int) Arrays.stream(split.test())
                .filter(i -> trained.contains(example(rows, i)))
                .count();
    }

    private static List<Integer> example(TableRows rows, int i) {
        return Stream.of(rows.inputs()[i], new int[] {-1}, rows.targets()[i])
                .flatMapToInt(Arrays::stream)
                .boxed()
                .toList();
    }

    String label(int token) {
        return config.facts().vocabulary().get(token);
    }

    /** An input to be answered; behind {@code <sep>} the target may follow, which is then read and not asked for. */
    Question parse(List<String> words) {
        int separator = words.indexOf(TableRows.SEPARATOR);
        int[] input = numbers(words.subList(0, separator < 0 ? words.size() : separator));
        TableConfig.Facts facts = config.facts();
        int room = facts.nCtx() - facts.answers();
        Check.that(
                !facts.equalLengths() || input.length == room,
                "the question '%s' must have %s tokens, as every input of %s, but has %s",
                Printable.beginning(String.join(" ", words)),
                room,
                config.fileName(),
                input.length);
        Check.that(
                input.length < facts.nCtx(),
                "the question '%s' has %s tokens: with %s at most %s fit in the model's context",
                Printable.beginning(String.join(" ", words)),
                input.length,
                TableRows.SEPARATOR,
                facts.nCtx() - 1);
        if (separator < 0) {
            int[] tokens = tokens(input, new int[1]);
            int most = Math.min(facts.answers(), facts.nCtx() - input.length);
            return facts.answers() == 1
                    ? new Question.AtOnce(tokens, new int[] {input.length})
                    : new Question.Continued(tokens, most, end());
        }
        int[] target = numbers(words.subList(separator + 1, words.size()));
        int[] answers = answers(target);
        Check.that(
                answers.length >= 1 && (end() >= 0 || answers.length == facts.answers()),
                "behind %s stands the target: %s",
                TableRows.SEPARATOR,
                end() >= 0 ? "at least one token" : facts.answers() + " tokens");
        int[] tokens = tokens(input, answers);
        Check.that(
                tokens.length <= facts.nCtx(),
                "the question '%s' has %s tokens: at most %s fit in the model's context",
                Printable.beginning(String.join(" ", words)),
                tokens.length,
                facts.nCtx());
        return new Question.AtOnce(
                tokens, IntStream.range(input.length, tokens.length).toArray());
    }

    /** Those of a beginning: an input, behind which the separator is put, or one with the separator and the target's first tokens. */
    int[] tokens(String text) {
        int separator = text.indexOf(TableRows.SEPARATOR);
        int[] input = numbers(List.of(separator < 0 ? text : text.substring(0, separator)));
        int[] target =
                separator < 0 ? new int[0] : numbers(List.of(text.substring(separator + TableRows.SEPARATOR.length())));
        return IntStream.concat(
                        IntStream.concat(Arrays.stream(input), IntStream.of(separator())), Arrays.stream(target))
                .toArray();
    }

    private int[] numbers(List<String> words) {
        return TableRows.words(String.join(" ", words), config.tokens(), "the question").stream()
                .mapToInt(word -> {
                    int number = numbers.getOrDefault(word, -1);
                    Check.that(
                            number >= 0,
                            "'%s' is not a token of %s%s",
                            word,
                            config.fileName(),
                            Check.didYouMean(word, config.facts().vocabulary()));
                    return number;
                })
                .toArray();
    }

    /** {@code 3 1 2 -> 2 1 3}. */
    String sentence(int[] tokens, int[] classes) {
        int separator = IntStream.range(0, tokens.length)
                .filter(i -> tokens[i] == separator())
                .findFirst()
                .orElse(tokens.length);
        return (text(Arrays.copyOf(tokens, separator)) + " -> " + text(classes)).strip();
    }

    /** As it stands in the file. */
    String text(int[] tokens) {
        return Arrays.stream(tokens)
                .filter(token -> token != end())
                .mapToObj(this::label)
                .collect(Collectors.joining(between()));
    }

    /** With separators and ends, each between spaces. */
    String everything(int[] tokens) {
        return Arrays.stream(tokens).mapToObj(this::label).collect(Collectors.joining(between()));
    }

    private String between() {
        return switch (config.tokens()) {
            case CHARACTERS -> "";
            case WORDS, INTEGERS -> " ";
        };
    }

    /** An input of that many tokens, which need not be one of the file. */
    String exampleQuestion() {
        int tokens = Math.max(0, config.facts().nCtx() - config.facts().answers() - (end() < 0 ? 0 : 1));
        return config.facts()
                .vocabulary()
                .getFirst()
                .concat(between())
                .repeat(tokens)
                .strip();
    }
}
