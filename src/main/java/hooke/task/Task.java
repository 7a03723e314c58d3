package hooke.task;

import hooke.config.Experiment;
import hooke.config.task.LifeConfig;
import hooke.config.task.OwnConfig;
import hooke.config.task.TableConfig;
import hooke.config.task.TaskConfig;
import hooke.config.task.TextConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be learned: its sizes, where batches come from, what is measured, and the words for people. Open: a program may bring a
 * task of its own, see {@link hooke.train.Training#begin(Experiment, Task)}; where every example is known it implements {@link
 * FiniteTask}.
 */
public interface Task {

    /** Reads no file: tables, boards and texts do when their examples are first asked for. */
    static Task of(TaskConfig config) {
        return of(config, Optional.empty());
    }

    /**
     * The task of a run.
     *
     * @param tokenizer that the run keeps, a {@code tokenizer.json}: its texts are read and written without the file that it learned
     */
    static Task of(TaskConfig config, Optional<String> tokenizer) {
        return switch (config) {
            case TaskConfig.ModularArithmetic m -> new ModularArithmetic(m);
            case TaskConfig.Permutation p -> new Permutation(p);
            case TaskConfig.ListCopy l -> new ListCopy(l);
            case TaskConfig.None none -> new NoTask(none, "task none");
            case TableConfig table -> table.isFinite() ? EqualRows.of(table) : new UnequalRows(table);
            case LifeConfig life -> new Life(life);
            case TextConfig text -> new Text(text, tokenizer);
            case OwnConfig own -> new NoTask(own, "task " + own.name() + ", which belongs to a Java program,");
        };
    }

    /** Different tokens that the model reads. */
    int dVocab();

    /** Classes that it tells apart. */
    int dVocabOut();

    /** Tokens of its longest sequence. */
    int nCtx();

    /** What is measured beside the loss, in the order of the series. */
    default List<Metric> metrics() {
        return List.of(Metric.ACCURACY);
    }

    /** Which examples are for training: the first draws of the experiment's streams. */
    Split split(Experiment experiment, Streams streams);

    /** How many examples of the test set stand in the training set, too. */
    default int overlap(Split split) {
        return 0;
    }

    /** Batches and evaluation sets of a split. */
    Data data(Experiment experiment, Split split, Batches.Draws draws);

    /** The {@code tokenizer.json} by which it reads and writes texts, for a run to keep; empty where words are known without. */
    default Optional<String> tokenizer() {
        return Optional.empty();
    }

    /** What follows from the loss on an evaluation set, by the names of metrics. */
    default Map<String, Double> derived(String set, double loss) {
        return Map.of();
    }

    /** The examples that analyses look at. */
    Alike alike(Split split);

    /** A token in words. */
    default String tokenLabel(int token) {
        return Integer.toString(token);
    }

    /** A class that the model answers, in words: a token, unless the task has other classes. */
    default String answerLabel(int answer) {
        return tokenLabel(answer);
    }

    /** What a person's question stands for; an {@link hooke.InputException} says what is wrong with it. */
    Question parseQuestion(List<String> words);

    /** A question that may be asked, as a person writes it. */
    String exampleQuestion();

    /** A question and the classes answered, as a person writes them: {@code 7 x 16 = 112 (mod 113)}. */
    String sentence(int[] tokens, int[] classes);
}
