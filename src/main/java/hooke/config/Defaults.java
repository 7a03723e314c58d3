package hooke.config;

import hooke.Check;
import hooke.InputException;
import hooke.config.form.Binder;
import hooke.config.form.Canonical;
import hooke.config.form.Components;
import hooke.config.form.Entries;
import hooke.config.form.Form;
import hooke.config.form.Tree;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Scalar;
import hooke.config.task.LifeConfig;
import hooke.config.task.TableConfig;
import hooke.config.task.TableRows;
import hooke.config.task.TaskConfig;
import hooke.config.task.TextConfig;
import hooke.config.task.TextTokens;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a key is when a file leaves it out: {@code defaults.yaml} beside this class, and here what follows from other keys. */
final class Defaults {
    private static final Pattern AROUND_NAME = Pattern.compile("^.*[/\\\\]|\\.ya?ml$");

    static final String RESOURCE = "defaults.yaml";

    /** Read once: a store of a thousand runs makes as many of these. */
    private static final Entries ENTRIES = Entries.read(Defaults.class, RESOURCE);

    /** Of files that were read: a sweep makes a thousand experiments of one draft. */
    private final Map<List<Object>, TableConfig.Facts> facts = new ConcurrentHashMap<>();

    private final Map<List<String>, LifeConfig.Facts> lifeFacts = new ConcurrentHashMap<>();

    private final Map<List<Object>, TextConfig.Facts> textFacts = new ConcurrentHashMap<>();

    Entries entries() {
        return ENTRIES;
    }

    Experiment bind(Mapping root, String source) {
        return Binder.bind(new Form("an experiment", ENTRIES, this::derive, Map.of()), Experiment.class, root, source);
    }

    /** The default of a key of this experiment where it is a constant: not required, and not derived from others. */
    @Nullable
    String constant(String key, Mapping experiment) {
        @Nullable Tree entry = ENTRIES.root();
        @Nullable Tree tree = experiment;
        for (String name : key.split("\\.")) {
            if (entry instanceof Mapping m && m.get("kind") != null && !name.equals("kind")) {
                entry = tree instanceof Mapping t && t.get("kind") instanceof Scalar s ? m.get(s.text()) : null;
            }
            entry = entry instanceof Mapping m ? m.get(name) : null;
            tree = tree instanceof Mapping m ? m.get(name) : null;
        }
        return switch (entry) {
            case Scalar s when !Entries.isRequired(s) && !Entries.isDerived(s) -> s.text();
            case Mapping m when m.get("kind") != null -> Entries.kind(m);
            case null, default -> null;
        };
    }

    /** A value that follows from those before it: see {@link Form.Derivation}. */
    private Object derive(String path, Map<String, Object> bound, String source) {
        return switch (path) {
            case "task.split.sha256" -> TableRows.sha256((String) get(bound, "task.split.test_file"));
            case String p when isFact(p, "task.facts.", TableConfig.Facts.class) -> fact(facts(bound), p);
            case String p when isFact(p, "task.facts.", TextConfig.Facts.class) -> fact(textFacts(bound), p);
            case String p when isFact(p, "task.boards.facts.", LifeConfig.Facts.class) -> fact(lifeFacts(bound), p);
            case "task.tokenizer.sha256" -> TextTokens.sha256((String) get(bound, "task.tokenizer.path"));
            case "task.padding" -> {
                int widest = ((LifeConfig.Source) get(bound, "task.boards")).widest();
                yield widest * widest;
            }
            case "name" -> AROUND_NAME.matcher(source).replaceAll("");
            case "seeds.split", "seeds.weights", "seeds.order", "seeds.notebook" -> OptionalLong.empty();
            case "model.d_head" -> headWidth((int) get(bound, "model.d_model"), (int) get(bound, "model.n_heads"));
            case "model.d_mlp" -> (boolean) get(bound, "model.attn_only") ? 0 : 4 * (int) get(bound, "model.d_model");
            case "model.n_ctx" -> ((TaskConfig) get(bound, "task")).nCtx();
            case "model.d_vocab" -> ((TaskConfig) get(bound, "task")).dVocab();
            case "model.d_vocab_out" -> ((TaskConfig) get(bound, "task")).dVocabOut();
            case "model.positions.dims" -> (int) get(bound, "model.d_head");
            case "model.mask.at" -> separator((TaskConfig) get(bound, "task"));
            default -> throw new IllegalStateException(path + " is called derived in " + RESOURCE);
        };
    }

    private static boolean isFact(String path, String around, Class<? extends Record> facts) {
        return path.startsWith(around) && Components.of(facts).keys().contains(path.substring(around.length()));
    }

    private static Object fact(Record facts, String path) {
        Components components = Components.of(facts.getClass());
        int place = components.keys().indexOf(path.substring(path.lastIndexOf('.') + 1));
        return Canonical.value(facts, components.all().get(place));
    }

    private TableConfig.Facts facts(Map<String, Object> bound) {
        var file = (String) get(bound, "task.file");
        var tokens = (TableConfig.Tokens) get(bound, "task.tokens");
        var split = (TableConfig.Splitting) get(bound, "task.split");
        return facts.computeIfAbsent(List.of(file, tokens, split), _ -> TableRows.facts(file, tokens, split));
    }

    private LifeConfig.Facts lifeFacts(Map<String, Object> bound) {
        var train = (String) get(bound, "task.boards.train_file");
        var test = (String) get(bound, "task.boards.test_file");
        return lifeFacts.computeIfAbsent(List.of(train, test), _ -> LifeConfig.Facts.of(train, test));
    }

    private TextConfig.Facts textFacts(Map<String, Object> bound) {
        var file = (String) get(bound, "task.file");
        var column = (String) get(bound, "task.column");
        var trainFraction = (double) get(bound, "task.train_fraction");
        var tokenizer = (TextConfig.Tokenizing) get(bound, "task.tokenizer");
        var separator = (String) get(bound, "task.separator");
        return textFacts.computeIfAbsent(
                List.of(file, column, trainFraction, tokenizer, separator),
                _ -> TextTokens.facts(file, column, trainFraction, tokenizer, separator));
    }

    private static Object get(Map<String, Object> bound, String path) {
        @Nullable Object value = bound.get(path);
        if (value == null) {
            throw new Form.NotBoundException(path);
        }
        return value;
    }

    private static int headWidth(int dModel, int nHeads) {
        if (nHeads < 1) {
            return 1; // ModelConfig says what is wrong
        }
        Check.that(
                dModel % nHeads == 0,
                "model.d_model (%s) must be a multiple of model.n_heads (%s), or give model.d_head",
                dModel,
                nHeads);
        return Math.max(1, dModel / nHeads);
    }

    private static int separator(TaskConfig task) {
        return task.listCopy()
                .map(TaskConfig.ListCopy::listLength)
                .orElseThrow(
                        () -> new InputException(
                                "model.mask.at is missing: the position of the bottleneck, which only list copy has by itself"));
    }
}
