package hooke.config;

import hooke.Check;
import hooke.config.form.Canonical;
import hooke.config.form.Entries;
import hooke.config.form.Keys;
import hooke.config.form.Tree;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Words;
import hooke.config.task.LifeConfig;
import hooke.config.task.OwnConfig;
import hooke.config.task.TableConfig;
import hooke.config.task.TaskConfig;
import hooke.config.task.TextConfig;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An experiment as a file for people: every key with its value and what it means; what the file need not state, because it is the
 * default, as a comment.
 */
public final class Template {
    /** Where comments begin. */
    private static final int COLUMN = 34;

    /** What a table is read from before anybody has said it. */
    private static final String OWN_FILE = "examples.csv";

    /** The file that a text is read from before anybody has said it. */
    private static final String OWN_TEXT = "titles.txt";

    private static final Map<String, String> FIRST = Map.of(
            "modular-arithmetic",
            """
            task: {kind: modular-arithmetic, operation: add, modulus: 53, train_fraction: 0.4}
            model: {n_layers: 1, d_model: 128, n_heads: 4}
            train:
              steps: 10000
              optimizer: {weight_decay: 1.0, betas: [0.9, 0.98]}
              loss_dtype: float64
              evaluate_every: 10
              stop: {kind: reached, metric: test-accuracy, at_least: 0.999}
            """,
            "permutation",
            """
            task: {kind: permutation, elements: 5, train_fraction: 0.6}
            model: {n_layers: 1, d_model: 128, n_heads: 4}
            train:
              steps: 50000
              optimizer: {weight_decay: 1.0, betas: [0.9, 0.98]}
              loss_dtype: float64
              evaluate_every: 100
              stop: {kind: reached, metric: test-accuracy, at_least: 0.999}
            """,
            "list-copy",
            """
            task: {kind: list-copy, list_length: 2, n_digits: 100}
            model: {n_layers: 3, d_model: 128, n_heads: 1, attn_only: true, mask: bottleneck}
            train:
              steps: 50000
              batch: 128
              stop: {kind: reached, metric: test-accuracy, at_least: 0.999}
            """,
            "table",
            """
            task:
              kind: table
              file: %s
              facts: {sha256: "", vocabulary: [<sep>], examples: 2, train_examples: 1, n_ctx: 1, answers: 1, equal_lengths: true}
            model: {n_layers: 2, d_model: 64, n_heads: 4, norm: layer-norm}
            train:
              steps: 1000
              optimizer: {weight_decay: 0.1}
            """.formatted(OWN_FILE),
            "text",
            """
            task:
              kind: text
              file: %s
              tokenizer: {vocab_size: 2000}
              context: 64
              facts: {file_sha256: "", tokenizer_sha256: "", d_vocab: 2000, train_documents: 9, test_documents: 1, train_tokens: 10000,
                test_tokens: 1, test_characters: 1, test_bytes: 1, longest: 1, malformed: 0, unknown: 0}
            model: {n_layers: 2, d_model: 128, n_heads: 4, act_fn: gelu, norm: layer-norm, tied_embeddings: true, without_biases: [unembed]}
            train:
              steps: 1000
              batch: 32
              optimizer: {lr: 0.001, weight_decay: 0.1, decay: matrices}
              clip_norm: 1.0
            """.formatted(OWN_TEXT),
            "life",
            """
            task: {kind: life, boards: {widths: [4, 2], train: 20000, test: 1000, density: uniform}, loss: answer}
            model: {n_layers: 2, d_model: 128, n_heads: 4, act_fn: gelu, norm: layer-norm}
            train:
              steps: 10000
              batch: 64
              optimizer: {lr: 0.001, weight_decay: 0.01}
              stop: {kind: reached, metric: test-accuracy, at_least: 0.999}
            """);

    private final Entries entries;
    private final Map<String, String> settings;
    private final Set<String> stated;
    private final StringBuilder out = new StringBuilder();

    private Template(Entries entries, Experiment experiment) {
        this.entries = entries;
        this.settings = experiment.settings();
        this.stated = Difference.fromDefaults(experiment).stream()
                .map(Difference::key)
                .filter(key -> !key.equals("name"))
                .collect(Collectors.toSet());
    }

    /** The tasks that an experiment can begin with. */
    public static List<String> tasks() {
        return Words.kinds(TaskConfig.class).stream().filter(FIRST::containsKey).toList();
    }

    /**
     * A first experiment of a task, to be changed.
     *
     * @param name of the file to come, without {@code .yaml}
     * @param task its kind, as in {@code task.kind}
     */
    public static String first(String name, String task) {
        List<String> kinds = tasks();
        Check.that(
                FIRST.containsKey(task),
                "--task (%s) must be one of %s%s",
                Words.shown(task, 60),
                String.join(", ", kinds),
                Check.didYouMean(task, kinds));
        Experiment experiment = Experiments.parse(FIRST.getOrDefault(task, ""), name + ".yaml", List.of());
        return switch (experiment.task()) {
            case TableConfig table -> of(experiment).replace(table.file(), OWN_FILE);
            case TextConfig text -> of(experiment).replace(text.file(), OWN_TEXT);
            case TaskConfig.ModularArithmetic _,
                    TaskConfig.Permutation _,
                    TaskConfig.ListCopy _,
                    TaskConfig.None _,
                    LifeConfig _,
                    OwnConfig _ -> of(experiment);
        };
    }

    /** The file of an experiment; read again under the experiment's name, it is equal. */
    public static String of(Experiment experiment) {
        Entries entries = new Defaults().entries();
        Template template = new Template(entries, experiment);
        template.out.append("""
                # An experiment for Hooke. Lines that begin with # and a key show its default: to change it, take the # away.
                #   hooke explain FILE   shows the whole experiment with parameters, FLOPs, memory and data
                #   hooke run FILE       trains it

                """);
        template.record(experiment, entries.root(), "", "");
        return template.out.toString();
    }

    private void record(Record record, Mapping entry, String path, String indent) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            String key = Words.key(component.getName());
            Tree below = Entries.entry(entry, key);
            String comment = entries.comment(below);
            Object value = Canonical.value(record, component);
            if (value instanceof TableConfig.Facts
                    || value instanceof LifeConfig.Facts
                    || value instanceof TextConfig.Facts) {
                continue; // They follow from the file.
            }
            if (value instanceof Record r && component.getType().isSealed()) {
                variant(component.getType(), r, (Mapping) below, path + key, indent);
            } else if (value instanceof Record r) {
                line(path + key, "", comment, indent);
                record(r, (Mapping) below, path + key + ".", indent + "  ");
            } else {
                line(path + key, " " + settings.getOrDefault(path + key, "null"), comment, indent);
            }
            if (path.isEmpty() && value instanceof Record) {
                out.append('\n');
            }
        }
    }

    private void variant(Class<?> sealed, Record variant, Mapping entry, String path, String indent) {
        String kind = Words.kind(variant.getClass());
        boolean bare = Canonical.hasBare(sealed);
        String others =
                Words.kinds(sealed).stream().filter(k -> !k.equals(kind)).collect(Collectors.joining(", "));
        String comment = entries.comment(entry) + (bare || others.isEmpty() ? "" : "; or " + others);
        if (bare) {
            line(path, " " + settings.get(path), comment, indent);
        } else if (variant.getClass().getRecordComponents().length == 0) {
            line(path, " " + kind, comment, indent);
        } else {
            line(path, "", comment, indent);
            line(Keys.kind(path), " " + kind, entries.comment(Entries.entry(entry, kind)), indent + "  ");
            record(variant, Entries.variant(entry, kind), path + ".", indent + "  ");
        }
    }

    private void line(String path, String value, String comment, String indent) {
        boolean isStated = stated.stream().anyMatch(s -> s.equals(path) || s.startsWith(path + "."));
        String text = indent + (isStated ? "" : "# ") + path.substring(path.lastIndexOf('.') + 1) + ":" + value;
        out.append(text);
        if (!comment.isEmpty()) {
            out.append(" ".repeat(Math.max(2, COLUMN - text.length())))
                    .append("# ")
                    .append(comment);
        }
        out.append('\n');
    }
}
