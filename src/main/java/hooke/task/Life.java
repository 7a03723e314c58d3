package hooke.task;

import hooke.Check;
import hooke.config.Experiment;
import hooke.config.form.Words;
import hooke.config.task.LifeConfig;
import hooke.config.task.LifeConfig.Scored;
import hooke.config.task.LifeConfig.Source;
import hooke.task.life.Boards;
import hooke.task.life.Game;
import hooke.task.life.LifeExamples;
import hooke.task.life.LifeExamples.Example;
import hooke.task.life.LifeText;
import hooke.task.life.Start;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The next generation of a board as text, a byte a token. It is measured on the cells of the answer alone, whichever bytes it learns: the
 * board of the question cannot be predicted, and the padding is no feat.
 */
public final class Life implements SequenceTask {
    private static final int BYTES = 256;

    private final LifeConfig config;
    private final LifeText text;
    private @Nullable LifeExamples examples;

    public Life(LifeConfig config) {
        this.config = config;
        this.text = new LifeText(config.padding());
    }

    private LifeExamples examples() {
        if (examples == null) {
            examples = LifeExamples.of(config);
        }
        return examples;
    }

    /** Boards by their numbers, as a {@link Split} has them. */
    public List<Example> boards(int[] numbers) {
        return Arrays.stream(numbers).mapToObj(examples().all()::get).toList();
    }

    /** A text as it is, or a board: the beginning of a text that asks for its next generation. */
    @Override
    public int[] tokens(String beginning) {
        Check.that(
                beginning.chars().allMatch(c -> c < BYTES),
                "the prompt '%s' has a character that is no byte: a text of Life has bytes, one a token",
                Words.shown(beginning, 60));
        return beginning.startsWith("@")
                ? LifeText.tokens(beginning)
                : parseQuestion(List.of(beginning)).tokens();
    }

    @Override
    public String text(int[] tokens) {
        return LifeText.of(tokens);
    }

    @Override
    public OptionalInt end() {
        return OptionalInt.of(LifeText.END);
    }

    @Override
    public int dVocab() {
        return config.dVocab();
    }

    @Override
    public int dVocabOut() {
        return config.dVocabOut();
    }

    @Override
    public int nCtx() {
        return config.nCtx();
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.ACCURACY, Metric.EXACT_MATCH);
    }

    /** Where all boards differ, those of each width shuffled, and the last of them to be tested on. */
    @Override
    public Split split(Experiment experiment, Streams streams) {
        return switch (config.boards()) {
            case Source.Drawn drawn
            when drawn.overlap() == LifeConfig.Overlap.NONE -> {
                var rng = streams.split();
                List<Integer> train = new ArrayList<>();
                List<Integer> test = new ArrayList<>();
                int first = 0;
                for (int width : drawn.widths()) {
                    int trained = drawn.all(width) - drawn.test(width);
                    int[] order = rng.permutation(drawn.all(width));
                    for (int i = 0; i < order.length; i++) {
                        (i < trained ? train : test).add(first + order[i]);
                    }
                    first += order.length;
                }
                yield new Split(numbers(train), numbers(test));
            }
            case Source.Drawn _, Source.Files _ ->
                Split.of(config.size(), examples().train());
        };
    }

    private static int[] numbers(List<Integer> list) {
        return list.stream().mapToInt(i -> i).toArray();
    }

    @Override
    public int overlap(Split split) {
        return LifeExamples.overlap(boards(split.train()), boards(split.test())).values().stream()
                .mapToInt(boards -> boards)
                .sum();
    }

    @Override
    public Data data(Experiment experiment, Split split, Batches.Draws draws) {
        var train = experiment.train();
        var batches = new Batches(split.train(), train.batch(), train.order(), draws);
        int[] sample = IntStream.range(0, config.trainSample())
                .map(i -> split.train()[(int) ((long) i * split.train().length / config.trainSample())])
                .toArray();
        List<EvaluationSet> sets = List.of(
                new EvaluationSet(EvaluationSet.TRAIN, sequences(sample, this::isCell)),
                new EvaluationSet(EvaluationSet.TEST, sequences(split.test(), this::isCell)));
        return new Data() {
            @Override
            public Batch batch(long step) {
                return sequences(batches.at(step), Life.this::isLearned);
            }

            @Override
            public List<EvaluationSet> sets() {
                return sets;
            }
        };
    }

    /** Whether the byte that stands somewhere in the text counts. */
    private interface Counts {
        boolean at(Example example, int place);
    }

    private boolean isLearned(Example example, int place) {
        return config.loss() == Scored.ALL || place >= text.answer();
    }

    private boolean isCell(Example example, int place) {
        return place >= text.next() && place < text.next() + example.board().length();
    }

    private Batch.Sequences sequences(int[] numbers, Counts counts) {
        int[][] tokens = new int[numbers.length][];
        int[][] targets = new int[numbers.length][];
        for (int i = 0; i < numbers.length; i++) {
            Example example = examples().all().get(numbers[i]);
            int[] all = LifeText.tokens(text.text(example.board(), example.next()));
            tokens[i] = Arrays.copyOf(all, all.length - 1);
            targets[i] = IntStream.range(1, all.length)
                    .map(place -> counts.at(example, place) ? all[place] : Batch.Sequences.NONE)
                    .toArray();
        }
        return new Batch.Sequences(tokens, targets);
    }

    /** Those of the width that most of the test set has, the smallest of several. */
    @Override
    public Alike alike(Split split) {
        Map<Integer, Long> widths = boards(split.test()).stream()
                .map(Example::width)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        int width = widths.entrySet().stream()
                .min(Comparator.<Map.Entry<Integer, Long>>comparingLong(e -> -e.getValue())
                        .thenComparingInt(Map.Entry::getKey))
                .orElseThrow()
                .getKey();
        int[] numbers = IntStream.range(0, config.size())
                .filter(i -> examples().all().get(i).width() == width)
                .toArray();
        return new Alike(
                new LifeOfOneWidth(text, boards(numbers), width),
                new Split(places(numbers, split.train()), places(numbers, split.test())),
                "those of width " + width);
    }

    private static int[] places(int[] numbers, int[] of) {
        return Arrays.stream(of)
                .map(number -> Arrays.binarySearch(numbers, number))
                .filter(place -> place >= 0)
                .toArray();
    }

    @Override
    public String tokenLabel(int token) {
        return label(token);
    }

    /** A printable byte as itself, another by its number. */
    static String label(int token) {
        return token > ' ' && token < 127 ? Character.toString(token) : token == ' ' ? "space" : "byte " + token;
    }

    /** A board: its cells row by row, one word or a row a word, RLE, or the name of a start on the widest board. */
    @Override
    public Question parseQuestion(List<String> words) {
        String question = String.join("", words);
        String board = question.matches("[01]+")
                ? question
                : Start.board(
                        question, config.boards().widest(), config.boards().widest(), config.lifeRule());
        Boards.width(board.length());
        Check.that(
                board.length() <= config.padding(),
                "the board '%s' has %s cells: the text has room for %s",
                board,
                board.length(),
                config.padding());
        return new Question.Continued(LifeText.tokens(text.prompt(board)), text.answerLength(), LifeText.END);
    }

    @Override
    public String exampleQuestion() {
        int width = config.boards().widest();
        return width < 3 ? "1".repeat(width * width) : Start.board("glider", width, 0, config.lifeRule());
    }

    /** {@code 0110 -> 0000, as it must be}. */
    @Override
    public String sentence(int[] tokens, int[] classes) {
        String board = LifeText.board(LifeText.of(tokens));
        String generated = LifeText.of(classes);
        String truth = new Game(config.lifeRule(), config.topology())
                .next(Boards.of(board))
                .text(0);
        return board + " -> "
                + LifeText.bracketed(generated)
                        .map(a -> a.replaceFirst("p+$", ""))
                        .orElse("'" + generated + "'")
                + (LifeText.bracketed(generated)
                                .orElse("")
                                .replaceFirst("p+$", "")
                                .equals(truth)
                        ? ", which is right"
                        : ", where " + truth + " is right");
    }
}
