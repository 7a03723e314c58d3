package hooke.task;

import hooke.Check;
import hooke.config.Experiment;
import hooke.config.task.TextConfig;
import hooke.config.task.TextScore;
import hooke.config.task.TextTokens;
import hooke.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The next token of a text, block by block. Its examples are the whole blocks to train on, and behind them those of the test set. */
public final class Text implements SequenceTask {
    /** Blocks of either set that an analysis looks at. */
    private static final int LOOKED_AT = 64;

    private final TextConfig config;
    private final @Nullable Tokenizer stored;
    private @Nullable TextTokens tokens;

    /** @param stored the {@code tokenizer.json} that a run keeps; empty where it is to be made from the file */
    public Text(TextConfig config, Optional<String> stored) {
        this.config = config;
        this.stored =
                stored.map(json -> Tokenizer.parse(json, "the run's tokenizer")).orElse(null);
        Check.that(
                this.stored == null || this.stored.size() == config.dVocab(),
                "the tokenizer that the run keeps has %s tokens, and its model %s: they do not fit",
                this.stored == null ? 0 : this.stored.size(),
                config.dVocab());
    }

    /** Training and test set as tokens, read from the file. */
    public TextTokens texts() {
        if (tokens == null) {
            tokens = TextTokens.of(config, stored);
        }
        return tokens;
    }

    private Tokenizer cutter() {
        return stored == null ? texts().tokenizer() : stored;
    }

    @Override
    public Optional<String> tokenizer() {
        return Optional.of(cutter().json());
    }

    /** Of the test set, every token of which is scored: the other units in which its loss is told. */
    @Override
    public Map<String, Double> derived(String set, double loss) {
        if (!set.equals(EvaluationSet.TEST)) {
            return Map.of();
        }
        TextScore score = TextScore.of(config, loss);
        return Map.of(
                TextScore.NATS_PER_CHARACTER, score.natsPerCharacter().value(),
                TextScore.BITS_PER_BYTE, score.bitsPerByte().value());
    }

    @Override
    public int[] start() {
        return new int[] {separator()};
    }

    private int separator() {
        return TextTokens.separator(cutter(), config.separator());
    }

    private TokenBlocks train() {
        return new TokenBlocks(texts().train(), config.context());
    }

    /** Behind a separator, as each document stands in the text, so that its first token can be scored, too. */
    private TokenBlocks test() {
        return new TokenBlocks(
                IntStream.concat(IntStream.of(separator()), Arrays.stream(texts().test()))
                        .toArray(),
                config.context());
    }

    /** The test set, each of its tokens a target once. */
    public Batch.Sequences scored() {
        return test().all();
    }

    /** What the original scores of it, with batches of so many blocks: not its tail. */
    public Batch.Sequences scoredAsOriginal(int blocks) {
        return new TokenBlocks(texts().test(), config.context()).original(blocks);
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

    /** In the order of the file; no seed draws it. */
    @Override
    public Split split(Experiment experiment, Streams streams) {
        return Split.of(config.size(), IntStream.range(0, config.trainSize()).toArray());
    }

    @Override
    public Data data(Experiment experiment, Split split, Batches.Draws draws) {
        TokenBlocks text = train();
        var settings = experiment.train();
        var batches = new Batches(split.train(), settings.batch(), settings.order(), draws);
        int sample = config.trainSample();
        int[] spread = IntStream.range(0, sample)
                .map(i -> split.train()[(int) ((long) i * split.train().length / sample)])
                .toArray();
        List<EvaluationSet> sets = List.of(
                new EvaluationSet(EvaluationSet.TRAIN, text.numbered(spread)),
                new EvaluationSet(EvaluationSet.TEST, test().all()));
        return new Data() {
            @Override
            public Batch batch(long number) {
                return switch (config.blocks()) {
                    case SHUFFLED -> text.numbered(batches.at(number));
                    case SEQUENTIAL -> text.sequential(number, batches.size());
                };
            }

            @Override
            public List<EvaluationSet> sets() {
                return sets;
            }
        };
    }

    /** Documents of the test set that stand among those to train on, too: of blocks, hardly two are alike. */
    @Override
    public int overlap(Split split) {
        Set<List<Integer>> trained = new HashSet<>(documents(texts().train()));
        return (int)
                documents(texts().test()).stream().filter(trained::contains).count();
    }

    private List<List<Integer>> documents(int[] text) {
        int separator = separator();
        List<List<Integer>> documents = new ArrayList<>();
        List<Integer> document = new ArrayList<>();
        for (int token : text) {
            if (token == separator) {
                documents.add(document);
                document = new ArrayList<>();
            } else {
                document.add(token);
            }
        }
        return documents;
    }

    /** The first whole blocks of either set; where the test set has none, of the training set alone. */
    @Override
    public Alike alike(Split split) {
        int[][] trained = first(train());
        int[][] tested = first(test());
        return new Alike(
                new BlocksAlike(
                        this,
                        cutter(),
                        Stream.of(trained, tested).flatMap(Arrays::stream).toArray(int[][]::new)),
                new Split(
                        IntStream.range(0, trained.length).toArray(),
                        IntStream.range(trained.length, trained.length + tested.length)
                                .toArray()),
                "the first blocks");
    }

    private static int[][] first(TokenBlocks text) {
        return IntStream.range(0, Math.min(LOOKED_AT, text.whole()))
                .map(block -> block * text.context())
                .mapToObj(place -> Arrays.copyOfRange(text.tokens(), place, place + text.context() + 1))
                .toArray(int[][]::new);
    }

    @Override
    public String tokenLabel(int token) {
        return cutter().label(token);
    }

    /** The beginning of a document. */
    @Override
    public int[] tokens(String text) {
        return IntStream.concat(IntStream.of(separator()), Arrays.stream(cutter().encode(text)))
                .toArray();
    }

    @Override
    public int unknown(int[] tokens) {
        OptionalInt unknown = cutter().unknown();
        return (int) Arrays.stream(tokens)
                .filter(token -> unknown.isPresent() && token == unknown.getAsInt())
                .count();
    }

    /** Documents, a line each. */
    @Override
    public String text(int[] tokens) {
        int separator = separator();
        boolean spaced = cutter().decode(cutter().encode("a")).startsWith(" "); // Byte-level BPE begins with one.
        var text = new StringBuilder();
        int from = 0;
        for (int i = 0; i <= tokens.length; i++) {
            if (i == tokens.length || tokens[i] == separator) {
                String document = cutter().decode(Arrays.copyOfRange(tokens, from, i));
                document = spaced && document.startsWith(" ") ? document.substring(1) : document;
                text.append(text.isEmpty() ? "" : "\n").append(document);
                from = i + 1;
            }
        }
        return text.toString();
    }

    @Override
    public OptionalInt end() {
        return OptionalInt.of(separator());
    }

    /** The beginning of a document, of which the next token is asked for. */
    @Override
    public Question parseQuestion(List<String> words) {
        int[] beginning = tokens(String.join(" ", words));
        Check.that(
                beginning.length <= config.context(),
                "the question has %s tokens: at most %s fit in a block (task.context)",
                beginning.length,
                config.context());
        return new Question.AtOnce(beginning, new int[] {beginning.length - 1});
    }

    @Override
    public String exampleQuestion() {
        return "The";
    }

    /** {@code Show HN: -> " My"}. */
    @Override
    public String sentence(int[] tokens, int[] classes) {
        return "%s -> \"%s\"".formatted(text(tokens), cutter().decode(classes));
    }
}
