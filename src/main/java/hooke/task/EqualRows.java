package hooke.task;

import hooke.config.Experiment;
import hooke.config.task.TableConfig;
import hooke.config.task.TableRows;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The examples of a table, or some of them, whose inputs have one length and whose targets have one. */
final class EqualRows extends TableTask implements FiniteTask {
    private final int input;
    private final int answers;
    private final int size;
    private final Supplier<Rows> source;
    private @Nullable Rows rows;

    /** @param numbers those of the file's examples that are meant */
    private record Rows(TableRows table, int[] numbers) {}

    private EqualRows(TableConfig config, TableWords words, int input, int answers, int size, Supplier<Rows> source) {
        super(config, words);
        this.input = input;
        this.answers = answers;
        this.size = size;
        this.source = source;
    }

    /** All of a table whose lengths are equal. */
    static EqualRows of(TableConfig config) {
        TableConfig.Facts facts = config.facts();
        return new EqualRows(
                config,
                new TableWords(config),
                facts.nCtx() - facts.answers(),
                facts.answers(),
                facts.examples(),
                () -> new Rows(
                        TableRows.of(config),
                        IntStream.range(0, facts.examples()).toArray()));
    }

    /** Those with these numbers, which have the lengths of the first of them. */
    static EqualRows of(TableConfig config, TableWords words, TableRows table, int[] numbers) {
        int first = numbers[0];
        return new EqualRows(
                config,
                words,
                table.inputs()[first].length,
                words.answers(table.targets()[first]).length,
                numbers.length,
                () -> new Rows(table, numbers));
    }

    private Rows rows() {
        if (rows == null) {
            rows = source.get();
        }
        return rows;
    }

    private int number(int example) {
        return rows().numbers()[example];
    }

    @Override
    public int nCtx() {
        return input + answers;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int[] tokens(int example) {
        return words.tokens(rows().table().inputs()[number(example)], answers(example));
    }

    @Override
    public int[] answers(int example) {
        return words.answers(rows().table().targets()[number(example)]);
    }

    @Override
    public int[] answerPositions() {
        return IntStream.range(input, input + answers).toArray();
    }

    @Override
    public List<String> positionLabels() {
        List<String> labels = new ArrayList<>();
        for (int i = 1; i <= input; i++) {
            labels.add("i" + i);
        }
        labels.add(TableRows.SEPARATOR);
        for (int i = 1; i < answers; i++) {
            labels.add("t" + i);
        }
        return labels;
    }

    @Override
    public Split split(Experiment experiment, Streams streams) {
        return switch (config.split()) {
            case TableConfig.Splitting.Fraction _ -> FiniteTask.super.split(experiment, streams);
            case TableConfig.Splitting.Column _, TableConfig.Splitting.File _ ->
                Split.of(size, rows().table().train());
        };
    }

    @Override
    public int overlap(Split split) {
        return TableWords.overlap(rows().table(), split);
    }
}
