package hooke.lens.intervene;

import hooke.Check;
import hooke.config.ModelConfig;
import hooke.hook.Cache;
import hooke.hook.HookPoint;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.lens.Activations;
import hooke.lens.OpenedModel;
import hooke.lens.intervene.Intervention.Part;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Activation patching: the model runs on corrupted examples, one activation is put back to what it is on the clean ones, and the measure
 * tells how much of the clean answer that brings back (Meng et al. 2022, arXiv 2202.05262; Heimersheim and Nanda 2024, arXiv 2404.15255).
 * A value is (patched - corrupted) / (clean - corrupted): 0 is nothing, 1 is all.
 */
public final class Patching {
    private final OpenedModel opened;
    private final Pairs pairs;
    private final double[] clean;
    private final double[] corrupted;

    /**
     * Values by what was patched.
     *
     * @param what the point and its parts, in words
     * @param n pairs of examples
     * @param values over all answer positions together, [row][column]
     * @param byAnswer the same for each answer position, [answer][row][column]; NaN where clean and corrupted do not differ
     */
    public record Grid(
            String what, int n, List<String> rows, List<String> columns, double[][] values, double[][][] byAnswer) {}

    private Patching(OpenedModel opened, Pairs pairs) {
        this.opened = opened;
        this.pairs = pairs;
        this.clean = measure(batch -> Hooks.NONE, true);
        this.corrupted = measure(batch -> Hooks.NONE, false);
    }

    /** Runs the model on both sides of the pairs. */
    public static Patching of(OpenedModel opened, Pairs pairs) {
        return new Patching(opened, pairs);
    }

    /** The mean logit difference on the clean examples, at each answer position. */
    public double[] clean() {
        return clean.clone();
    }

    /** The mean logit difference on the corrupted examples, at each answer position. */
    public double[] corrupted() {
        return corrupted.clone();
    }

    private ModelConfig config() {
        return opened.model().config();
    }

    private int batch() {
        int length = pairs.clean().tokens()[0].length;
        return Activations.within(opened.model(), length, _ -> true, 2 * Activations.BYTES)
                .batch();
    }

    /** The mean difference with hooks in the forward pass of one side. */
    private double[] measure(Pairs.Way way, boolean onClean) {
        double[] sums = new double[opened.task().answerPositions().length];
        int batch = batch();
        for (int first = 0; first < pairs.n(); first += batch) {
            try (var _ = new Scope();
                    var _ = new NoGrad()) {
                Pairs some = pairs.range(first, Math.min(first + batch, pairs.n()));
                int[][] tokens = (onClean ? some.clean() : some.corrupted()).tokens();
                Tensor logits = opened.model().forward(tokens, way.hooks(some));
                double[] found = some.difference(opened, logits).toDoubles();
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += found[i] / pairs.n();
                }
            }
        }
        return sums;
    }

    /** What the points are on some examples, in the innermost scope. */
    private Cache seen(int[][] tokens, Predicate<HookPoint> points) {
        var cache = new Cache(points);
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            opened.model().forward(tokens, Hooks.read(cache));
        }
        return cache;
    }

    /** One part of a point back to clean: the mean difference at each answer position. */
    double[] patched(HookPoint at, Part part) {
        return measure(
                some -> {
                    Tensor clean = seen(some.clean().tokens(), at::equals).get(at);
                    return Hooks.NONE.replace(at, x -> Intervened.replace(x, clean, at, part));
                },
                false);
    }

    /** Each layer at each position: {@code RESID_PRE}, {@code ATTN_OUT}, {@code MLP_OUT}, ... */
    public Grid byPosition(Point point) {
        List<String> labels = opened.task().positionLabels();
        return grid(
                point,
                "position",
                labels,
                IntStream.range(0, labels.size()).mapToObj(Part::position).toList());
    }

    /** Each layer and head: {@code Z}, {@code Q}, {@code K}, {@code V} or {@code PATTERN}. */
    public Grid byHead(Point point) {
        Check.that(
                point.axes().contains("head"),
                "%s has no heads: patch it by position",
                point.inBlock() ? point.at(0) : point.at());
        return grid(
                point,
                "head",
                IntStream.range(0, config().nHeads()).mapToObj(h -> "head " + h).toList(),
                IntStream.range(0, config().nHeads()).mapToObj(Part::head).toList());
    }

    private Grid grid(Point point, String by, List<String> columns, List<Part> parts) {
        List<HookPoint> rows = rows(point);
        double[][][] found = new double[rows.size()][parts.size()][];
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < parts.size(); column++) {
                found[row][column] = patched(rows.get(row), parts.get(column));
            }
        }
        return normalised(by, rows, columns, found, true);
    }

    private List<HookPoint> rows(Point point) {
        List<HookPoint> rows = Activations.points(config()).stream()
                .filter(p -> p.point() == point)
                .toList();
        Check.that(
                !rows.isEmpty(),
                "this model has no %s",
                point.inBlock() ? point.at(0).toString().replace("blocks.0.", "blocks.N.") : point.at());
        return rows;
    }

    /** @param less whether the corrupted measure must be taken off: a gradient gives differences already */
    private Grid normalised(String by, List<HookPoint> rows, List<String> columns, double[][][] found, boolean less) {
        double[][] values = new double[rows.size()][columns.size()];
        double[][][] byAnswer = new double[clean.length][rows.size()][columns.size()];
        double span = sum(clean) - sum(corrupted);
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < columns.size(); column++) {
                double[] at = found[row][column];
                values[row][column] = (sum(at) - (less ? sum(corrupted) : 0)) / span;
                for (int i = 0; i < clean.length; i++) {
                    byAnswer[i][row][column] = (at[i] - (less ? corrupted[i] : 0)) / (clean[i] - corrupted[i]);
                }
            }
        }
        List<String> names = rows.stream()
                .map(p -> p.layer() < 0 ? p.toString() : "layer " + p.layer())
                .toList();
        String name = rows.getFirst().toString().replace("blocks.0.", "");
        return new Grid(name + " by " + by, pairs.n(), names, columns, values, byAnswer);
    }

    private static double sum(double[] values) {
        return Arrays.stream(values).sum();
    }

    /**
     * Attribution patching (Nanda 2023; Syed et al. 2023, arXiv 2310.10348): what {@link #byPosition} would find, to first order, from
     * one backward pass on the corrupted examples: {@code (clean - corrupted) . gradient}, summed over everything but position.
     */
    public Grid attributionByPosition(Point point) {
        return attribution(point, "position", opened.task().positionLabels(), axis(point, false));
    }

    /** The attribution patching of {@link #byHead}, see {@link #attributionByPosition}. */
    public Grid attributionByHead(Point point) {
        Check.that(
                point.axes().contains("head"),
                "%s has no heads: patch it by position",
                point.inBlock() ? point.at(0) : point.at());
        List<String> heads =
                IntStream.range(0, config().nHeads()).mapToObj(h -> "head " + h).toList();
        return attribution(point, "head", heads, axis(point, true));
    }

    private static int axis(Point point, boolean heads) {
        List<String> axes = point.axes();
        return heads ? axes.indexOf("head") : axes.contains("pos") ? axes.indexOf("pos") : axes.indexOf("query");
    }

    private Grid attribution(Point point, String by, List<String> columns, int axis) {
        Check.that(
                point != Point.SCORES,
                "scores cannot be patched by gradient, because masked entries are minus infinity; use %s",
                Point.PATTERN.at(0));
        List<HookPoint> rows = rows(point);
        double[][][] sums = new double[rows.size()][columns.size()][clean.length];
        int batch = batch();
        for (int first = 0; first < pairs.n(); first += batch) {
            Pairs some = pairs.range(first, Math.min(first + batch, pairs.n()));
            for (int answer = 0; answer < clean.length; answer++) {
                add(some, rows, axis, answer, sums);
            }
        }
        return normalised(by + ", by gradient", rows, columns, sums, false);
    }

    private void add(Pairs some, List<HookPoint> rows, int axis, int answer, double[][][] sums) {
        try (var _ = new Scope()) {
            Cache clean = seen(some.clean().tokens(), rows::contains);
            var watched = new Cache(rows::contains);
            Tensor logits = opened.model().forward(some.corrupted().tokens(), Hooks.gradients(watched));
            some.difference(opened, logits).select(0, answer).backward();
            try (var _ = new NoGrad()) {
                for (int row = 0; row < rows.size(); row++) {
                    HookPoint at = rows.get(row);
                    Tensor change = clean.get(at).minus(watched.get(at)).times(watched.gradient(at));
                    long[] others = IntStream.range(0, change.shape().length)
                            .filter(i -> i != axis)
                            .asLongStream()
                            .toArray();
                    double[] parts = change.sum(others).toDoubles();
                    for (int column = 0; column < parts.length; column++) {
                        sums[row][column][answer] += parts[column] / pairs.n();
                    }
                }
            }
        }
    }

    /**
     * Path patching (Wang et al. 2022, arXiv 2211.00593; Goldowsky-Dill et al. 2023, arXiv 2304.05969): a head's output goes back to clean
     * on the paths to one later head's q, k or v alone; other heads keep what they had on the corrupted examples, MLPs answer.
     *
     * @param receiver {@code Q}, {@code K} or {@code V}
     * @return the share of the difference brought back, over all answer positions
     */
    public double path(int fromLayer, int fromHead, int toLayer, int toHead, Point receiver) {
        Check.that(
                receiver == Point.Q || receiver == Point.K || receiver == Point.V,
                "a head receives at its q, k or v, not at %s",
                receiver.inBlock() ? receiver.at(0) : receiver.at());
        Check.that(fromLayer < toLayer, "layer %s comes before layer %s: no path leads there", toLayer, fromLayer);
        checkHead(fromLayer, fromHead);
        checkHead(toLayer, toHead);
        HookPoint to = receiver.at(toLayer);
        double[] found = measure(
                some -> {
                    Tensor received = alongPath(some, fromLayer, fromHead, to);
                    return Hooks.NONE.replace(to, x -> Intervened.replace(x, received, to, Part.head(toHead)));
                },
                false);
        return (sum(found) - sum(corrupted)) / (sum(clean) - sum(corrupted));
    }

    private void checkHead(int layer, int head) {
        Check.that(
                layer >= 0 && layer < config().nLayers() && head >= 0 && head < config().nHeads(),
                "layer %s, head %s does not exist: layers go from 0 to %s, heads from 0 to %s",
                layer,
                head,
                config().nLayers() - 1,
                config().nHeads() - 1);
    }

    /** What a point is when one head alone is clean and every other head is held as on the corrupted examples. */
    private Tensor alongPath(Pairs some, int fromLayer, int fromHead, HookPoint to) {
        Predicate<HookPoint> outputs = p -> p.point() == Point.Z;
        Cache dirty = seen(some.corrupted().tokens(), outputs);
        HookPoint from = Point.Z.at(fromLayer);
        Tensor sender = seen(some.clean().tokens(), from::equals).get(from);
        Hooks hooks = Hooks.NONE;
        for (int layer = 0; layer < to.layer(); layer++) {
            Tensor held = dirty.get(Point.Z.at(layer));
            hooks = hooks.replace(Point.Z.at(layer), _ -> held);
        }
        hooks = hooks.replace(from, x -> Intervened.replace(x, sender, from, Part.head(fromHead)));
        var received = new Cache(to);
        opened.model().forward(some.corrupted().tokens(), hooks.andRead(received));
        return received.get(to);
    }

    /** Every path from a head to a later head's q, k and v, by {@code 0.1 to 2.0 q}. */
    public Map<String, Double> paths() {
        Map<String, Double> paths = new LinkedHashMap<>();
        List<Point> receivers = new ArrayList<>(List.of(Point.Q, Point.K, Point.V));
        for (int from = 0; from < config().nLayers(); from++) {
            for (int to = from + 1; to < config().nLayers(); to++) {
                for (int a = 0; a < config().nHeads(); a++) {
                    for (int b = 0; b < config().nHeads(); b++) {
                        for (Point receiver : receivers) {
                            String name = receiver.name().toLowerCase(Locale.ROOT);
                            paths.put(
                                    "%s.%s to %s.%s %s".formatted(from, a, to, b, name),
                                    path(from, a, to, b, receiver));
                        }
                    }
                }
            }
        }
        return paths;
    }
}
