package hooke.config.task;

import hooke.Amounts;
import hooke.Check;
import hooke.InputException;
import hooke.Sha256;
import hooke.config.form.Words;
import hooke.config.task.TextConfig.Facts;
import hooke.config.task.TextConfig.Tokenizing;
import hooke.text.BpeTrainer;
import hooke.text.Bytes;
import hooke.text.Characters;
import hooke.text.Tokenizer;
import hooke.text.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The text of a {@link TextConfig} as tokens, a separator behind each document.
 *
 * @param train those of the documents to train on
 * @param test those of the others
 */
public record TextTokens(Tokenizer tokenizer, int[] train, int[] test) {
    private static final String TOKENIZER = "a tokenizer.json";

    private static final String COLUMN = "task.column";

    private record Read(TextTokens tokens, Facts facts) {}

    /**
     * Reads the file again and throws {@link InputException} if it is not what the experiment was made with.
     *
     * @param tokenizer the experiment's, where a run has stored it
     */
    public static TextTokens of(TextConfig text, @Nullable Tokenizer tokenizer) {
        TextFile file = TextFile.read(text.file(), text.column(), COLUMN);
        Facts facts = text.facts();
        Check.that(
                facts.fileSha256().equals(file.sha256()),
                "%s is not the file that the experiment was made with: its SHA-256 is %s, and was %s",
                text.file(),
                file.sha256(),
                facts.fileSha256());
        Read read = read(file, text.trainFraction(), text.tokenizer(), text.separator(), tokenizer);
        Check.that(
                facts.equals(read.facts()),
                "task.facts do not fit %s: leave out those that need not hold; they would be %s",
                text.file(),
                read.facts());
        return read.tokens();
    }

    /** What follows from the file. */
    public static Facts facts(
            String path, String column, double trainFraction, Tokenizing tokenizing, String separator) {
        TextFile file;
        try {
            file = TextFile.read(path, column, COLUMN);
        } catch (InputException e) {
            throw new InputException("task.file: " + e.getMessage(), e);
        }
        Check.that(
                file.documents().size() > 1,
                "task.file: %s has one document, and two are needed, to train on and to test on: %s",
                path,
                TextFile.isPlain(path) ? "each line is one, so break it into lines (fold -s)" : "each row is one");
        return read(file, trainFraction, tokenizing, separator, null).facts();
    }

    private static Read read(
            TextFile file, double trainFraction, Tokenizing tokenizing, String separator, @Nullable Tokenizer given) {
        List<byte[]> documents = file.documents();
        TextConfig.checkFraction(trainFraction);
        int trained = (int) (documents.size() * trainFraction);
        Check.that(
                trained >= 1 && trained < documents.size(),
                "task.train_fraction (%s) leaves %s of %s documents for training; both sets need at least one",
                trainFraction,
                trained,
                documents.size());
        List<byte[]> train = documents.subList(0, trained);
        List<byte[]> test = documents.subList(trained, documents.size());
        Tokenizer tokenizer = given == null ? tokenizer(tokenizing, train, documents) : given;
        int end = separator(tokenizer, separator);
        int lost = documents.stream().mapToInt(tokenizer::lost).sum();
        Check.that(
                lost == 0,
                "task.tokenizer has no token for some of the text's bytes, %s in all, and no unk_token for them, so they would be left out without a word: train a tokenizer on this text (./hooke tokenizer train)",
                Amounts.count(lost));
        int[][] cut = documents.stream().map(tokenizer::encode).toArray(int[][]::new);
        int[] testTokens = joined(cut, trained, cut.length, end);
        OptionalInt unknown = tokenizer.unknown();
        var tokens = new TextTokens(tokenizer, joined(cut, 0, trained, end), testTokens);
        var facts = new Facts(
                file.sha256(),
                sha256(tokenizer),
                tokenizer.size(),
                train.size(),
                test.size(),
                tokens.train().length,
                testTokens.length,
                test.stream()
                        .mapToInt(document -> Utf8.characters(document) + 1)
                        .sum(),
                test.stream().mapToInt(document -> document.length + 1).sum(),
                Arrays.stream(cut).mapToInt(document -> document.length).max().orElse(0),
                file.malformed(),
                unknown.isEmpty()
                        ? 0
                        : (int) Arrays.stream(testTokens)
                                .filter(token -> token == unknown.getAsInt())
                                .count());
        return new Read(tokens, facts);
    }

    private static Tokenizer tokenizer(Tokenizing tokenizing, List<byte[]> train, List<byte[]> documents) {
        return switch (tokenizing) {
            case Tokenizing.Bpe bpe ->
                BpeTrainer.train(
                        bpe.vocabSize(),
                        switch (bpe.trainedOn()) {
                            case TRAIN -> train;
                            case ALL -> documents;
                        });
            case Tokenizing.File file -> stored(file);
            case Tokenizing.Characters() -> Characters.of(train);
            case Tokenizing.Bytes() -> new Bytes();
        };
    }

    private static Tokenizer stored(Tokenizing.File file) {
        byte[] bytes = TableFile.bytes(file.path(), TOKENIZER);
        String sha256 = Sha256.of(bytes);
        Check.that(
                file.sha256().equals(sha256),
                "%s is not the tokenizer that the experiment was made with: its SHA-256 is %s, and was %s",
                file.path(),
                sha256,
                file.sha256());
        return Tokenizer.parse(bytes, "task.tokenizer.path: " + file.path());
    }

    /** Of a tokenizer file. */
    public static String sha256(String tokenizerFile) {
        try {
            return Sha256.of(TableFile.bytes(tokenizerFile, TOKENIZER));
        } catch (InputException e) {
            throw new InputException("task.tokenizer.path: " + e.getMessage(), e);
        }
    }

    /** Of what makes a tokenizer. */
    public static String sha256(Tokenizer tokenizer) {
        return Sha256.of(tokenizer.json().getBytes(StandardCharsets.UTF_8));
    }

    /** The number of the special token that is called so. */
    public static int separator(Tokenizer tokenizer, String separator) {
        OptionalInt id = tokenizer.id(separator);
        List<String> specials = tokenizer.specials().all().stream()
                .map(s -> Words.shown(s.content(), 40))
                .limit(20)
                .toList();
        Check.that(
                id.isPresent(),
                "task.separator (%s) must be a special token of the tokenizer: %s",
                Words.shown(separator, 40),
                specials.isEmpty() ? "it has none" : String.join(", ", specials));
        return id.getAsInt();
    }

    private static int[] joined(int[][] documents, int from, int to, int separator) {
        return Arrays.stream(documents, from, to)
                .flatMapToInt(document -> IntStream.concat(Arrays.stream(document), IntStream.of(separator)))
                .toArray();
    }
}
