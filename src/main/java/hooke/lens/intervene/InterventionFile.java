package hooke.lens.intervene;

import hooke.Check;
import hooke.config.form.Binder;
import hooke.config.form.Entries;
import hooke.config.form.Form;
import hooke.config.form.Tree;
import hooke.config.form.Tree.Sequence;
import hooke.config.form.Values;
import hooke.hook.HookPoint;
import hooke.lens.OpenedModel;
import hooke.lens.intervene.Intervention.Part;
import hooke.lens.intervene.Intervention.Through;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Interventions as a file: a list under {@code interventions}, each with its {@code kind}, positions by the task's labels (or by
 * number). All that is wrong is told together, a sentence each with file, line, key, value and rule.
 */
public final class InterventionFile {
    private static final int MOST = 1000;

    private final int layers;
    private final int heads;
    private final List<String> positions;

    private InterventionFile(OpenedModel opened) {
        this.layers = opened.model().config().nLayers();
        this.heads = opened.model().config().nHeads();
        this.positions = opened.task().positionLabels();
    }

    record Written(String note, List<Intervention> interventions) {
        Written {
            Check.that(
                    !interventions.isEmpty() && interventions.size() <= MOST,
                    "interventions must be from 1 to %s, not %s",
                    MOST,
                    interventions.size());
        }
    }

    /** The interventions of a file, for this model. */
    public static List<Intervention> read(Path file, OpenedModel opened) {
        return new InterventionFile(opened).all(Tree.read(file, "a file of interventions"), file.toString());
    }

    /**
     * The interventions of a text, for this model.
     *
     * @param source names the text in sentences
     */
    public static List<Intervention> parse(String yaml, String source, OpenedModel opened) {
        return new InterventionFile(opened).all(Tree.parse(yaml, source), source);
    }

    private List<Intervention> all(Tree tree, String source) {
        Entries entries = Entries.read(InterventionFile.class, "interventions.yaml");
        return Binder.bind(
                        new Form("a file of interventions", entries, Form.NOT_DERIVED, readers()),
                        Written.class,
                        tree,
                        source)
                .interventions();
    }

    /** What depends on the model and its task. */
    private Map<String, Form.Reader> readers() {
        Form.Reader layer = (tree, path) -> below(layers, tree, path);
        Form.Reader head = (tree, path) -> below(heads, tree, path);
        return Map.of(
                "at",
                (tree, path) -> Values.located(tree, () -> HookPoint.parse(Values.text(tree, path), layers)),
                "layer",
                layer,
                "layers",
                each(layer),
                "head",
                head,
                "heads",
                each(head),
                "query",
                this::position,
                "key",
                this::position,
                "positions",
                each(this::position),
                "question",
                InterventionFile::question);
    }

    private static Form.Reader each(Form.Reader one) {
        return (tree, path) -> Values.list(tree, path).stream()
                .map(item -> one.read(item, path))
                .toList();
    }

    private int position(Tree tree, String path) {
        String label = Values.text(tree, path);
        int place = positions.indexOf(label);
        if (place < 0 && label.matches("[0-9]{1,6}")) {
            place = Integer.parseInt(label);
        }
        if (place < 0 || place >= positions.size()) {
            throw Values.refusal(
                    tree,
                    path,
                    "is not a position of this task" + Check.didYouMean(label, positions) + ": the positions are "
                            + String.join(", ", positions));
        }
        return place;
    }

    private static List<String> question(Tree tree, String path) {
        return tree instanceof Sequence s
                ? s.items().stream().map(t -> Values.text(t, path)).toList()
                : List.of(Values.text(tree, path).strip().split("\\s+"));
    }

    /** The number of a layer or head that the model has. */
    private static int below(int end, Tree tree, String path) {
        long number = Values.whole(tree, path, Integer.MAX_VALUE);
        if (number < 0 || number >= end) {
            throw Values.refusal(tree, path, "does not exist: they go from 0 to " + (end - 1));
        }
        return (int) number;
    }

    /** Interventions as the text of a file that reads back as the same. */
    public static String yaml(List<Intervention> interventions, List<String> positions) {
        var out = new StringBuilder("interventions:\n");
        for (Intervention intervention : interventions) {
            out.append("  - {").append(flow(intervention, positions)).append("}\n");
        }
        return out.toString();
    }

    private static String flow(Intervention intervention, List<String> positions) {
        return switch (intervention) {
            case Intervention.Zero(HookPoint at, Part part) -> "kind: zero" + flow(at, part, positions);
            case Intervention.Mean(HookPoint at, Part part) -> "kind: mean" + flow(at, part, positions);
            case Intervention.Resample(HookPoint at, Part part, long seed) ->
                "kind: resample" + flow(at, part, positions) + ", seed: " + seed;
            case Intervention.Patch(HookPoint at, Part part, List<String> question) ->
                "kind: patch" + flow(at, part, positions) + ", question: \"" + String.join(" ", question) + '"';
            case Intervention.Edge(int layer, int head, int query, int key, boolean renormalise) ->
                "kind: edge, layer: %s, head: %s, query: \"%s\", key: \"%s\", renormalise: %s"
                        .formatted(layer, head, positions.get(query), positions.get(key), renormalise);
            case Intervention.MeanPattern(List<Integer> some, Through through) ->
                "kind: mean-pattern, layers: " + some + ", through: "
                        + through.name().toLowerCase(Locale.ROOT);
        };
    }

    private static String flow(HookPoint at, Part part, List<String> positions) {
        List<String> labels =
                part.positions().stream().map(p -> '"' + positions.get(p) + '"').toList();
        return ", at: " + at + (part.heads().isEmpty() ? "" : ", heads: " + part.heads())
                + (part.positions().isEmpty() ? "" : ", positions: " + labels);
    }
}
