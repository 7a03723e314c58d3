package hooke.config.task;

import hooke.Check;
import hooke.config.form.Descriptive;
import hooke.config.form.FilePath;
import java.util.HashSet;
import java.util.List;

/**
 * A user's own file of examples ({@link TableRows}): the model reads {@code input <sep> target} and learns the target's tokens, each
 * from those before it. Facts about the file are found when the experiment is read, and belong to it.
 */
public record TableConfig(@FilePath @Descriptive String file, Tokens tokens, Splitting split, Facts facts)
        implements TaskConfig {
    static final int MOST_TOKENS = 1_000_000;

    /** What a token is. */
    public enum Tokens {
        WORDS,
        CHARACTERS,
        INTEGERS
    }

    /** Which examples are for training. */
    public sealed interface Splitting {
        /** Drawn: all examples shuffled, and so many of them. */
        record Fraction(double trainFraction) implements Splitting {
            public Fraction {
                Check.that(
                        trainFraction > 0 && trainFraction < 1,
                        "task.split.train_fraction (%s) must be more than 0 and less than 1",
                        trainFraction);
            }
        }

        /** As the column {@code split} says. */
        record Column() implements Splitting {}

        /** Those of the file; the test set is another file. */
        record File(@FilePath @Descriptive String testFile, String sha256) implements Splitting {}

        /** What decides, in a sentence. */
        default String meaning() {
            return switch (this) {
                case Fraction _ -> SHUFFLED;
                case Column _ -> "The column split of the file says which examples are trained on.";
                case File _ -> "One file holds the examples that are trained on, another the test set.";
            };
        }
    }

    /**
     * What follows from the files.
     *
     * @param sha256 of the file, in hex
     * @param vocabulary every token, by number
     * @param nCtx tokens of the longest sequence
     * @param answers tokens learned of the longest target
     * @param equalLengths whether all inputs have one length, and all targets one
     */
    public record Facts(
            String sha256,
            List<String> vocabulary,
            int examples,
            int trainExamples,
            int nCtx,
            int answers,
            boolean equalLengths) {
        public Facts {
            vocabulary = List.copyOf(vocabulary);
            Check.that(
                    vocabulary.contains(TableRows.SEPARATOR) && (equalLengths || vocabulary.contains(TableRows.END)),
                    "task.facts.vocabulary must have %s%s",
                    TableRows.SEPARATOR,
                    equalLengths ? "" : " and " + TableRows.END);
            Check.that(
                    vocabulary.size() == new HashSet<>(vocabulary).size(),
                    "task.facts.vocabulary must list each token once");
            Check.that(
                    vocabulary.size() <= MOST_TOKENS,
                    "task.facts.vocabulary has %s different tokens, but at most %s are possible: the words of natural text are too many",
                    vocabulary.size(),
                    MOST_TOKENS);
            Check.that(
                    trainExamples >= 1 && trainExamples < examples,
                    "task.split leaves %s of %s examples for training; both sets need at least one",
                    trainExamples,
                    examples);
            Check.that(
                    answers >= 1 && nCtx >= answers,
                    "task.facts.n_ctx (%s) must be at least task.facts.answers (%s), which must be at least 1",
                    nCtx,
                    answers);
        }

        Facts withVocabulary(List<String> other) {
            return new Facts(sha256, other, examples, trainExamples, nCtx, answers, equalLengths);
        }
    }

    /** Without its folder. */
    public String fileName() {
        return file.substring(file.lastIndexOf('/') + 1);
    }

    @Override
    public boolean memorizes() {
        return false;
    }

    @Override
    public String doing(String share) {
        return "predicts " + share + " of the targets' tokens";
    }

    @Override
    public int trainSize() {
        return facts.trainExamples();
    }

    @Override
    public int dVocab() {
        return facts.vocabulary().size();
    }

    @Override
    public int dVocabOut() {
        return dVocab();
    }

    @Override
    public int nCtx() {
        return facts.nCtx();
    }

    @Override
    public int size() {
        return facts.examples();
    }
}
