package hooke.config.task;

import hooke.Amounts;
import hooke.Check;
import hooke.config.form.Descriptive;
import hooke.config.form.FilePath;
import java.util.ArrayList;
import java.util.List;

/**
 * The next token of a user's own text: documents, such as titles, each followed by a separator, cut into blocks of {@code context} tokens.
 * The first documents of the file are trained on, the others are the test set, of which every token is scored exactly once. Facts about
 * the file are found when the experiment is read, and belong to it.
 *
 * @param column of CSV, TSV and JSON lines: where the documents stand
 * @param separator the special token behind each document
 * @param context tokens that a block has
 */
public record TextConfig(
        @FilePath @Descriptive String file,
        String column,
        double trainFraction,
        Tokenizing tokenizer,
        String separator,
        int context,
        Blocks blocks,
        Facts facts)
        implements TaskConfig {
    /** Tokens of the training set that an evaluation measures, about. */
    private static final int SAMPLE = 1 << 14;

    private static final int LONGEST = 1 << 16;

    /** How a text is cut into tokens. */
    public sealed interface Tokenizing {
        /** Bytes, and above them what byte pair encoding merges. */
        record Bpe(int vocabSize, TrainedOn trainedOn) implements Tokenizing {
            /** The bytes and the special tokens. */
            private static final int SMALLEST = 259;

            public Bpe {
                Check.that(
                        vocabSize >= SMALLEST && vocabSize <= TableConfig.MOST_TOKENS,
                        "task.tokenizer.vocab_size (%s) must be from %s, the 256 bytes and three special tokens, to %s",
                        vocabSize,
                        SMALLEST,
                        TableConfig.MOST_TOKENS);
            }
        }

        /** Those of the training documents. */
        record Characters() implements Tokenizing {}

        record Bytes() implements Tokenizing {}

        /** One that was trained before, a {@code tokenizer.json}. */
        record File(@FilePath @Descriptive String path, String sha256) implements Tokenizing {}
    }

    /** Which documents a tokenizer is trained on. */
    public enum TrainedOn {
        TRAIN,
        /** The test set, too, as the original: it leaks how the test set is written. */
        ALL
    }

    /** In which order the training text is seen. */
    public enum Blocks {
        /** Cut at multiples of the context, and drawn as {@code train.order} says. */
        SHUFFLED,
        /** From front to back, and again from the front when less than a batch is left, as the original. */
        SEQUENTIAL
    }

    /**
     * What follows from the file. A separator counts as one character and one byte: the newline that it stands for.
     *
     * @param fileSha256 of the file, in hex
     * @param tokenizerSha256 SHA-256 of its {@code tokenizer.json}, in hex
     * @param testCharacters of the test set's documents and separators
     * @param longest tokens of the longest document
     * @param malformed bytes that are no UTF-8
     * @param unknown tokens of the test set that the tokenizer has no entry for
     */
    public record Facts(
            String fileSha256,
            String tokenizerSha256,
            int dVocab,
            int trainDocuments,
            int testDocuments,
            int trainTokens,
            int testTokens,
            int testCharacters,
            int testBytes,
            int longest,
            int malformed,
            int unknown) {
        public Facts {
            Check.that(dVocab >= 2, "task.facts.d_vocab (%s) must be at least 2", dVocab);
            Check.that(
                    testTokens >= 1 && testCharacters >= 1 && testBytes >= 1,
                    "task.facts must have a test set of at least one token, character and byte");
        }
    }

    public TextConfig {
        checkFraction(trainFraction);
        Check.that(
                facts.trainDocuments() >= 1 && facts.testDocuments() >= 1,
                "task.train_fraction (%s) leaves %s of %s documents for training; both sets need at least one",
                trainFraction,
                facts.trainDocuments(),
                facts.trainDocuments() + facts.testDocuments());
        Check.that(context >= 1 && context <= LONGEST, "task.context (%s) must be from 1 to %s", context, LONGEST);
        Check.that(
                facts.trainTokens() > context,
                "task.context (%s) must be less than the %s tokens of the training text: a block has a next token behind each of its own",
                context,
                facts.trainTokens());
    }

    static void checkFraction(double trainFraction) {
        Check.that(
                trainFraction > 0 && trainFraction < 1,
                "task.train_fraction (%s) must be more than 0 and less than 1",
                trainFraction);
    }

    /** Without its folder. */
    public String fileName() {
        return file.substring(file.lastIndexOf('/') + 1);
    }

    @Override
    public int dVocab() {
        return facts.dVocab();
    }

    @Override
    public int dVocabOut() {
        return facts.dVocab();
    }

    @Override
    public int nCtx() {
        return context;
    }

    /** Blocks of both sets. */
    @Override
    public int size() {
        return trainSize() + testBlocks();
    }

    /** Whole blocks of the training text. */
    @Override
    public int trainSize() {
        return (facts.trainTokens() - 1) / context;
    }

    /** The last one may be shorter. */
    public int testBlocks() {
        return (facts.testTokens() - 1) / context + 1;
    }

    /** Blocks of the training set that an evaluation measures. */
    public int trainSample() {
        return Math.clamp(SAMPLE / context, 1, trainSize());
    }

    @Override
    public int evaluated() {
        return trainSample() + testBlocks();
    }

    @Override
    public String learns() {
        return "what comes next in " + fileName();
    }

    @Override
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        remarks.add("%s to train on, %s; %s to test on, %s, each scored once"
                .formatted(
                        Amounts.of(facts.trainDocuments(), "document", "documents"),
                        Amounts.of(facts.trainTokens(), "token", "tokens"),
                        Amounts.count(facts.testDocuments()),
                        Amounts.of(facts.testTokens(), "token", "tokens")));
        if (tokenizer instanceof Tokenizing.Bpe(int vocabSize, TrainedOn trainedOn)) {
            if (trainedOn == TrainedOn.ALL) {
                remarks.add("the tokenizer is trained on the test set, too (task.tokenizer.trained_on is all), so it"
                        + " has seen how that is written");
            }
            if (dVocab() < vocabSize) {
                remarks.add("the text has only %s different tokens, fewer than task.tokenizer.vocab_size (%s)"
                        .formatted(Amounts.count(dVocab()), Amounts.count(vocabSize)));
            }
        }
        if (facts.longest() > context) {
            remarks.add(
                    "the longest document has %s tokens, more than a block of %s (task.context): it is learned in parts"
                            .formatted(Amounts.count(facts.longest()), context));
        }
        if (facts.malformed() > 0) {
            remarks.add("bytes of the text that are no UTF-8, kept as they are: %s"
                    .formatted(Amounts.count(facts.malformed())));
        }
        if (facts.unknown() > 0) {
            remarks.add(
                    "tokens of the test set that the tokenizer does not know: %s; what they stand for is not scored, so the loss is too low"
                            .formatted(Amounts.count(facts.unknown())));
        }
        return remarks;
    }

    @Override
    public String examples(long n) {
        return Amounts.of(n, "block", "blocks");
    }

    @Override
    public String trainedOn() {
        return Amounts.of((long) trainSample() * context, "token", "tokens");
    }

    @Override
    public String testedOn() {
        return Amounts.of(facts.testTokens(), "token", "tokens");
    }

    @Override
    public boolean memorizes() {
        return false;
    }

    @Override
    public boolean isSolvable() {
        return false;
    }

    @Override
    public String doing(String share) {
        return "predicts " + share + " of the tokens";
    }
}
