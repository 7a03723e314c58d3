package hooke.lens.intervene;

import hooke.Check;
import hooke.InputException;
import hooke.Problems;
import hooke.config.form.Tree;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Scalar;
import hooke.config.form.Tree.Sequence;
import hooke.config.form.Tree.Where;
import hooke.hook.HookPoint;
import hooke.lens.OpenedModel;
import hooke.lens.intervene.Intervention.Part;
import hooke.lens.intervene.Intervention.Through;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Interventions as a file: a list under {@code interventions}, each with its {@code kind}, positions by the task's labels (or by
 * number). What is wrong is one sentence with file, line, key, value and rule.
 */
public final class InterventionFile {
    private static final Map<String, List<String>> KEYS = Map.of(
            "zero", List.of("kind", "at", "heads", "positions"),
            "mean", List.of("kind", "at", "heads", "positions"),
            "resample", List.of("kind", "at", "heads", "positions", "seed"),
            "patch", List.of("kind", "at", "heads", "positions", "question"),
            "edge", List.of("kind", "layer", "head", "query", "key", "renormalise"),
            "mean-pattern", List.of("kind", "layers", "through"));
    private static final List<String> KINDS = KEYS.keySet().stream().sorted().toList();
    private static final int MOST = 1000;

    private final int layers;
    private final int heads;
    private final List<String> positions;

    private InterventionFile(OpenedModel opened) {
        this.layers = opened.model().config().nLayers();
        this.heads = opened.model().config().nHeads();
        this.positions = opened.task().positionLabels();
    }

    /** The interventions of a file, for this model. */
    public static List<Intervention> read(Path file, OpenedModel opened) {
        return new InterventionFile(opened).all(Tree.read(file, "a file of interventions"));
    }

    /** The same of a text; the source names it in sentences. */
    public static List<Intervention> parse(String yaml, String source, OpenedModel opened) {
        return new InterventionFile(opened).all(Tree.parse(yaml, source));
    }

    private List<Intervention> all(Tree tree) {
        Mapping file = mapping(tree, "a file of interventions", List.of("note", "interventions"));
        List<Intervention> all = new ArrayList<>();
        Tree list = required(file, "interventions", "a list of interventions");
        var problems = new Problems();
        list(list, "interventions").forEach(item -> problems.attempt(() -> all.add(one(item))));
        problems.check();
        Check.that(
                !all.isEmpty() && all.size() <= MOST,
                "%sinterventions must be from 1 to %s, not %s",
                list.where().prefix(),
                MOST,
                all.size());
        return all;
    }

    private Intervention one(Tree tree) {
        if (!(tree instanceof Mapping item)) {
            throw refusal(tree, "interventions", "must each have a kind and its keys: {kind: zero, at: ...}");
        }
        String kind = word(required(item, "kind", "one of " + String.join(", ", KINDS)), "kind", KINDS);
        var problems = new Problems();
        problems.attempt(() -> mapping(item, "an intervention of kind " + kind, KEYS.get(kind)));
        item.entries().keySet().forEach(key -> problems.attempt(() -> located(item, () -> value(item, key))));
        problems.check();
        return located(item, () -> switch (kind) {
            case "zero" -> new Intervention.Zero(point(item), part(item));
            case "mean" -> new Intervention.Mean(point(item), part(item));
            case "resample" -> new Intervention.Resample(point(item), part(item), whole(item, "seed", 0));
            case "patch" -> new Intervention.Patch(point(item), part(item), question(item));
            case "edge" ->
                new Intervention.Edge(
                        below(layers, required(item, "layer", "a number"), "layer"),
                        head(item),
                        position(required(item, "query", "a position"), "query"),
                        position(required(item, "key", "a position"), "key"),
                        flag(item, "renormalise"));
            case "mean-pattern" -> new Intervention.MeanPattern(numbers(item, "layers", layers), through(item));
            default -> throw new IllegalStateException(kind);
        });
    }

    /** Reads one key alone: what is wrong with several is said together. */
    private Object value(Mapping item, String key) {
        return switch (key) {
            case "at" -> point(item);
            case "heads", "positions" -> part(item.without(key.equals("heads") ? "positions" : "heads"));
            case "seed" -> whole(item, key, 0);
            case "question" -> question(item);
            case "layer" -> below(layers, required(item, key, ""), key);
            case "head" -> head(item);
            case "query", "key" -> position(required(item, key, ""), key);
            case "renormalise" -> flag(item, key);
            case "layers" -> numbers(item, key, layers);
            case "through" -> through(item);
            default -> key; // kind, which is known, and keys that are none
        };
    }

    private HookPoint point(Mapping item) {
        return HookPoint.parse(text(required(item, "at", "a hook point"), "at"), layers);
    }

    private Part part(Mapping item) {
        List<Integer> at = new ArrayList<>();
        @Nullable Tree given = item.get("positions");
        if (given != null) {
            list(given, "positions").forEach(tree -> at.add(position(tree, "positions")));
        }
        return new Part(numbers(item, "heads", heads), at);
    }

    private int position(Tree tree, String key) {
        String label = text(tree, key);
        int place = positions.indexOf(label);
        if (place < 0 && label.matches("[0-9]{1,6}")) {
            place = Integer.parseInt(label);
        }
        Check.that(
                place >= 0 && place < positions.size(),
                "%s%s (%s) is not a position of this task%s: the positions are %s",
                tree.where().prefix(),
                key,
                shown(label),
                Check.didYouMean(label, positions),
                String.join(", ", positions));
        return place;
    }

    private static List<String> question(Mapping item) {
        Tree given = required(item, "question", "a question as ./hooke ask takes it");
        return given instanceof Sequence s
                ? s.items().stream().map(t -> text(t, "question")).toList()
                : List.of(text(given, "question").strip().split("\\s+"));
    }

    private static Through through(Mapping item) {
        @Nullable Tree given = item.get("through");
        return given == null
                ? Through.SCORES
                : Through.valueOf(
                        word(given, "through", List.of("scores", "pattern")).toUpperCase(Locale.ROOT));
    }

    private static List<Integer> numbers(Mapping item, String key, int end) {
        @Nullable Tree given = item.get(key);
        return given == null
                ? List.of()
                : list(given, key).stream().map(t -> below(end, t, key)).toList();
    }

    /** Head 0 where the key is left out. */
    private int head(Mapping item) {
        @Nullable Tree given = item.get("head");
        return given == null ? 0 : below(heads, given, "head");
    }

    /** The number of a layer or head that the model has. */
    private static int below(int end, Tree tree, String key) {
        long number = whole(tree, key);
        Check.that(
                number < end,
                "%s%s (%s) does not exist: they go from 0 to %s",
                tree.where().prefix(),
                key,
                number,
                end - 1);
        return (int) number;
    }

    /** @param otherwise where the key is left out */
    private static long whole(Mapping item, String key, long otherwise) {
        @Nullable Tree given = item.get(key);
        return given == null ? otherwise : whole(given, key);
    }

    private static long whole(Tree tree, String key) {
        String text = text(tree, key);
        if (!text.matches("[0-9]{1,9}")) {
            throw refusal(tree, key, "must be a whole number from 0 to 999999999");
        }
        return Long.parseLong(text);
    }

    private static boolean flag(Mapping item, String key) {
        @Nullable Tree given = item.get(key);
        return given != null && word(given, key, List.of("true", "false")).equals("true");
    }

    private static String word(Tree tree, String key, List<String> words) {
        String text = text(tree, key);
        if (!words.contains(text)) {
            throw refusal(tree, key, "must be one of " + String.join(", ", words) + Check.didYouMean(text, words));
        }
        return text;
    }

    private static String text(Tree tree, String key) {
        if (tree instanceof Scalar s && !s.isEmpty()) {
            return s.text();
        }
        throw refusal(tree, key, "must be one value");
    }

    private static List<Tree> list(Tree tree, String key) {
        if (tree instanceof Sequence s) {
            return s.items();
        }
        throw refusal(tree, key, "must be a list, in brackets or with dashes");
    }

    private static Mapping mapping(Tree tree, String what, @Nullable List<String> keys) {
        if (!(tree instanceof Mapping m) || keys == null) {
            throw new InputException(tree.where().prefix() + "is not " + what + ": it must have keys");
        }
        var problems = new Problems();
        m.entries()
                .forEach((key, value) -> problems.attempt(() -> Check.that(
                        keys.contains(key),
                        "%s%s is not a key of %s%s: its keys are %s",
                        value.where().prefix(),
                        shown(key),
                        what,
                        Check.didYouMean(key, keys),
                        String.join(", ", keys))));
        problems.check();
        return m;
    }

    private static Tree required(Mapping item, String key, String what) {
        @Nullable Tree given = item.get(key);
        if (given == null) {
            throw new InputException(item.where().prefix() + key + " is missing: " + what);
        }
        return given;
    }

    /** Says again what a record or a hook point objects to, with the place of the intervention. */
    private static <T> T located(Tree tree, Supplier<T> made) {
        try {
            return made.get();
        } catch (InputException e) {
            String sentence = String.valueOf(e.getMessage());
            Where where = tree.where();
            throw sentence.startsWith(where.source()) ? e : new InputException(where.prefix() + sentence, e);
        }
    }

    private static InputException refusal(Tree tree, String key, String rule) {
        String value = tree instanceof Scalar s ? " (" + shown(s.text()) + ")" : "";
        return new InputException(tree.where().prefix() + key + value + " " + rule);
    }

    private static String shown(String text) {
        String clean = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", "?");
        return clean.length() <= 60 ? clean : clean.substring(0, 60) + "...";
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
