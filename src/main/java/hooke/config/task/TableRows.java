package hooke.config.task;

import hooke.Check;
import hooke.InputException;
import hooke.config.form.Words;
import hooke.config.task.TableConfig.Facts;
import hooke.config.task.TableConfig.Splitting;
import hooke.config.task.TableConfig.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The examples of a {@link TableConfig} as tokens, in the order of its file; those of a test file follow.
 *
 * @param inputs [example][token]
 * @param targets [example][token], without an end
 * @param train numbers of the examples that a column or a file names for training; empty where a fraction is drawn
 */
public record TableRows(int[][] inputs, int[][] targets, int[] train) {
    /** Between input and target. */
    public static final String SEPARATOR = "<sep>";

    /** Behind a target, where not all examples have one length. */
    public static final String END = "<end>";

    /** A sequence and its targets are arrays of their own, so this bounds what a damaged file can ask for. */
    private static final int LONGEST = 1 << 16;

    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}");

    /** An example in words. */
    private record Example(String where, List<String> input, List<String> target, boolean trains) {}

    private record Read(List<Example> examples, Facts facts, String testSha256) {}

    /** Reads the files again and throws {@link InputException} if they are not what the experiment was made with. */
    public static TableRows of(TableConfig table) {
        Read read = read(table.file(), table.tokens(), table.split());
        Facts facts = table.facts();
        same(table.file(), facts.sha256(), read.facts().sha256());
        if (table.split() instanceof Splitting.File(String testFile, String sha256)) {
            same(testFile, sha256, read.testSha256());
        }
        Facts found = read.facts().withVocabulary(facts.vocabulary());
        Check.that(
                facts.equals(found),
                "task.facts do not fit %s: examples %s, train_examples %s, n_ctx %s, answers %s, equal_lengths %s would; leave out the facts that need not hold",
                table.file(),
                found.examples(),
                found.trainExamples(),
                found.nCtx(),
                found.answers(),
                found.equalLengths());
        Map<String, Integer> numbers = new HashMap<>();
        for (String word : facts.vocabulary()) {
            numbers.put(word, numbers.size());
        }
        List<Example> examples = read.examples();
        int[] train = IntStream.range(0, examples.size())
                .filter(i -> examples.get(i).trains())
                .toArray();
        return new TableRows(
                examples.stream().map(e -> numbers(e.input(), numbers, e)).toArray(int[][]::new),
                examples.stream().map(e -> numbers(e.target(), numbers, e)).toArray(int[][]::new),
                train);
    }

    private static void same(String file, String before, String now) {
        Check.that(
                before.equals(now),
                "%s is not the file that the experiment was made with: its SHA-256 is %s, and was %s",
                file,
                now,
                before);
    }

    private static int[] numbers(List<String> words, Map<String, Integer> numbers, Example example) {
        return words.stream()
                .mapToInt(word -> {
                    int number = numbers.getOrDefault(word, -1);
                    Check.that(
                            number >= 0,
                            "%s has the token %s, which task.facts.vocabulary does not have",
                            example.where(),
                            Words.shown(word, 60));
                    return number;
                })
                .toArray();
    }

    /** What follows from the files: their sizes, hash and vocabulary. */
    public static Facts facts(String file, Tokens tokens, Splitting split) {
        try {
            return read(file, tokens, split).facts();
        } catch (InputException e) {
            throw new InputException("task.file: " + e.getMessage(), e);
        }
    }

    /** The hash of a test file. */
    public static String sha256(String testFile) {
        try {
            return TableFile.read(testFile).sha256();
        } catch (InputException e) {
            throw new InputException("task.split.test_file: " + e.getMessage(), e);
        }
    }

    private static Read read(String path, Tokens tokens, Splitting split) {
        TableFile file = TableFile.read(path);
        List<Example> examples = new ArrayList<>();
        String testSha256 = "";
        switch (split) {
            case Splitting.Fraction _ -> {
                for (TableFile.Row row : file.rows()) {
                    examples.add(example(path, row, tokens, false));
                }
            }
            case Splitting.Column _ -> {
                for (TableFile.Row row : file.rows()) {
                    examples.add(example(path, row, tokens, trains(path, row)));
                }
            }
            case Splitting.File(String testFile, String _) -> {
                TableFile test = TableFile.read(testFile);
                testSha256 = test.sha256();
                for (TableFile.Row row : file.rows()) {
                    examples.add(example(path, row, tokens, true));
                }
                for (TableFile.Row row : test.rows()) {
                    examples.add(example(testFile, row, tokens, false));
                }
            }
        }
        return new Read(examples, facts(file, tokens, split, examples), testSha256);
    }

    private static boolean trains(String path, TableFile.Row row) {
        Check.that(
                Set.of("train", "test").contains(row.split()),
                "%s:%s: task.split is column, so the column split must say train or test, not '%s'",
                path,
                row.line(),
                Words.shown(row.split(), 40));
        return row.split().equals("train");
    }

    private static Example example(String path, TableFile.Row row, Tokens tokens, boolean trains) {
        String where = path + ":" + row.line();
        List<String> target = words(row.target(), tokens, where);
        String input = row.input();
        Check.that(
                !target.isEmpty(),
                "%s: has nothing to be learned: its %s is empty",
                where,
                input == null ? "text" : "target");
        return new Example(where, input == null ? List.of() : words(input, tokens, where), target, trains);
    }

    /** A text as tokens. */
    public static List<String> words(String text, Tokens tokens, String where) {
        List<String> words = switch (tokens) {
            case CHARACTERS -> text.codePoints().mapToObj(Character::toString).toList();
            case WORDS, INTEGERS ->
                Arrays.stream(SPACE.split(text)).filter(w -> !w.isEmpty()).toList();
        };
        for (String word : words) {
            Check.that(
                    tokens != Tokens.INTEGERS || WHOLE.matcher(word).matches(),
                    "%s: '%s' must be a whole number from 0, since task.tokens is integers",
                    where,
                    Words.shown(word, 40));
            Check.that(
                    !word.equals(SEPARATOR) && !word.equals(END),
                    "%s: %s is reserved as a separator or end: write this token differently",
                    where,
                    word);
        }
        Check.that(
                words.size() <= LONGEST,
                "%s: has %s tokens, but one text can have at most %s",
                where,
                words.size(),
                LONGEST);
        return tokens == Tokens.INTEGERS
                ? words.stream().map(w -> Integer.toString(Integer.parseInt(w))).toList()
                : words;
    }

    private static Facts facts(TableFile file, Tokens tokens, Splitting split, List<Example> examples) {
        boolean equal = examples.stream().map(e -> e.input().size()).distinct().count() == 1
                && examples.stream().map(e -> e.target().size()).distinct().count() == 1
                && file.rows().getFirst().input() != null;
        int end = equal ? 0 : 1;
        List<String> vocabulary = new ArrayList<>(vocabulary(tokens, examples));
        vocabulary.add(SEPARATOR);
        if (!equal) {
            vocabulary.add(END);
        }
        int train = switch (split) {
            case Splitting.Fraction(double trainFraction) -> (int) (examples.size() * trainFraction);
            case Splitting.Column _, Splitting.File _ ->
                (int) examples.stream().filter(Example::trains).count();
        };
        return new Facts(
                file.sha256(),
                vocabulary,
                examples.size(),
                train,
                examples.stream()
                        .mapToInt(e -> e.input().size() + e.target().size() + end)
                        .max()
                        .orElseThrow(),
                examples.stream().mapToInt(e -> e.target().size() + end).max().orElseThrow(),
                equal);
    }

    /** Integers are their own numbers; other tokens stand in order, whole numbers first. */
    private static List<String> vocabulary(Tokens tokens, List<Example> examples) {
        Stream<String> all = examples.stream().flatMap(e -> Stream.concat(e.input().stream(), e.target().stream()));
        if (tokens == Tokens.INTEGERS) {
            int largest = all.mapToInt(Integer::parseInt).max().orElseThrow();
            Check.that(
                    largest < TableConfig.MOST_TOKENS,
                    "the largest token is %s: integers are numbers of tokens, less than %s",
                    largest,
                    TableConfig.MOST_TOKENS);
            return IntStream.rangeClosed(0, largest).mapToObj(Integer::toString).toList();
        }
        var sorted = new TreeSet<String>((a, b) -> {
            boolean number = WHOLE.matcher(a).matches();
            if (number != WHOLE.matcher(b).matches()) {
                return number ? -1 : 1;
            }
            int byValue = number ? Integer.compare(Integer.parseInt(a), Integer.parseInt(b)) : 0;
            return byValue != 0 ? byValue : a.compareTo(b);
        });
        all.forEach(sorted::add);
        return List.copyOf(sorted);
    }
}
