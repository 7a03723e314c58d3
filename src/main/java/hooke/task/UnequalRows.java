package hooke.task;

import hooke.config.Experiment;
import hooke.config.task.TableConfig;
import hooke.config.task.TableRows;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The examples of a table whose inputs or targets differ in length: sequences, padded behind their end. */
final class UnequalRows extends TableTask implements SequenceTask {
    private @Nullable TableRows rows;

    UnequalRows(TableConfig config) {
        super(config, new TableWords(config));
    }

    @Override
    public int[] tokens(String text) {
        return words.tokens(text);
    }

    @Override
    public String text(int[] tokens) {
        return words.everything(tokens);
    }

    @Override
    public OptionalInt end() {
        return OptionalInt.of(words.end());
    }

    private TableRows rows() {
        if (rows == null) {
            rows = TableRows.of(config);
        }
        return rows;
    }

    @Override
    public int nCtx() {
        return config.nCtx();
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.ACCURACY, Metric.EXACT_MATCH);
    }

    @Override
    public Split split(Experiment experiment, Streams streams) {
        return switch (config.split()) {
            case TableConfig.Splitting.Fraction _ -> Split.of(config.size(), config.trainSize(), streams.split());
            case TableConfig.Splitting.Column _, TableConfig.Splitting.File _ ->
                Split.of(config.size(), rows().train());
        };
    }

    @Override
    public Data data(Experiment experiment, Split split, Batches.Draws draws) {
        var train = experiment.train();
        return new Sets(
                new Batches(split.train(), train.batch(), train.order(), draws),
                set(EvaluationSet.TRAIN, split.train()),
                set(EvaluationSet.TEST, split.test()),
                this::sequences);
    }

    private interface ToSequences {
        Batch.Sequences of(int[] examples);
    }

    private record Sets(Batches batches, EvaluationSet train, EvaluationSet test, ToSequences sequences)
            implements Data {
        @Override
        public Batch batch(long step) {
            return batches.isWhole() ? train.batch() : sequences.of(batches.at(step));
        }

        @Override
        public List<EvaluationSet> sets() {
            return List.of(train, test);
        }
    }

    /** The shortest first: what is measured together is then padded little. */
    private EvaluationSet set(String name, int[] examples) {
        int[] sorted = Arrays.stream(examples)
                .boxed()
                .sorted(Comparator.comparingInt(this::length))
                .mapToInt(i -> i)
                .toArray();
        return new EvaluationSet(name, sequences(sorted));
    }

    private int length(int example) {
        return rows().inputs()[example].length + rows().targets()[example].length + 1;
    }

    private Batch.Sequences sequences(int[] examples) {
        int longest = Arrays.stream(examples).map(this::length).max().orElse(1);
        int[][] tokens = new int[examples.length][];
        int[][] targets = new int[examples.length][longest];
        for (int i = 0; i < examples.length; i++) {
            int[] input = rows().inputs()[examples[i]];
            int[] answers = words.answers(rows().targets()[examples[i]]);
            int[] read = words.tokens(input, answers);
            tokens[i] = Arrays.copyOf(read, longest);
            Arrays.fill(tokens[i], read.length, longest, words.end());
            Arrays.fill(targets[i], Batch.Sequences.NONE);
            System.arraycopy(answers, 0, targets[i], input.length, answers.length);
        }
        return new Batch.Sequences(tokens, targets);
    }

    @Override
    public int overlap(Split split) {
        return TableWords.overlap(rows(), split);
    }

    /** Those of the form that most of the test set has, the shortest of several. */
    @Override
    public Alike alike(Split split) {
        Map<List<Integer>, Long> forms =
                Arrays.stream(split.test()).boxed().collect(Collectors.groupingBy(this::form, Collectors.counting()));
        List<Integer> form = forms.entrySet().stream()
                .min(Comparator.<Map.Entry<List<Integer>, Long>>comparingLong(e -> -e.getValue())
                        .thenComparingInt(e -> e.getKey().get(0) + e.getKey().get(1))
                        .thenComparingInt(e -> e.getKey().get(0)))
                .orElseThrow()
                .getKey();
        int[] numbers = IntStream.range(0, config.size())
                .filter(i -> form(i).equals(form))
                .toArray();
        var task = EqualRows.of(config, words, rows(), numbers);
        return new Alike(
                task,
                new Split(places(numbers, split.train()), places(numbers, split.test())),
                "those of %s + %s tokens".formatted(form.get(0), form.get(1)));
    }

    private List<Integer> form(int example) {
        return List.of(rows().inputs()[example].length, rows().targets()[example].length);
    }

    /** Where those that are among the numbers stand there. */
    private static int[] places(int[] numbers, int[] examples) {
        return Arrays.stream(examples)
                .map(e -> Arrays.binarySearch(numbers, e))
                .filter(place -> place >= 0)
                .toArray();
    }
}
