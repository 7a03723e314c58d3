package hooke.lens.intervene;

import hooke.Check;
import hooke.Printable;
import hooke.hook.Cache;
import hooke.hook.HookPoint;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.lens.Activations;
import hooke.lens.Examples;
import hooke.lens.OpenedModel;
import hooke.lens.Score;
import hooke.lens.intervene.Intervention.Part;
import hooke.tensor.DType;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * A model with interventions, done in their order. Means and other examples come from the reference examples, on the model as it is.
 * It lives in the scope that was innermost when it was made.
 */
public final class Intervened implements Score.Way {
    /** Added to a mean pattern before its logarithm, as the list-copy notebook does. */
    private static final double TINY = 1e-12;

    private final OpenedModel opened;
    private final List<Intervention> interventions;
    private final Examples reference;
    private final Map<HookPoint, Tensor> means = new HashMap<>();

    private Intervened(OpenedModel opened, List<Intervention> interventions, Examples reference) {
        this.opened = opened;
        this.interventions = List.copyOf(interventions);
        this.reference = reference;
    }

    /** Throws an {@link hooke.InputException} where an intervention names a layer, head or position that the model has not. */
    public static Intervened of(OpenedModel opened, List<Intervention> interventions, Examples reference) {
        var intervened = new Intervened(opened, interventions, reference);
        interventions.forEach(intervened::check);
        intervened.takeMeans();
        return intervened;
    }

    /** How well the model answers with the interventions. */
    public Score score(Examples examples) {
        return Score.of(opened, examples, this);
    }

    private int layers() {
        return opened.model().config().nLayers();
    }

    /** The whole of a question, as long as every example. */
    private int[] tokens(List<String> question) {
        int[] tokens = opened.task().parseQuestion(question).tokens();
        int length = opened.task().positionLabels().size();
        Check.that(
                tokens.length == length,
                "the question '%s' has %s tokens where the examples have %s: a patch needs all of them, with the answer after <sep>",
                Printable.beginning(String.join(" ", question)),
                tokens.length,
                length);
        return tokens;
    }

    private void check(Intervention intervention) {
        switch (intervention) {
            case Intervention.Zero(HookPoint at, Part part) -> check(at, part);
            case Intervention.Mean(HookPoint at, Part part) -> check(at, part);
            case Intervention.Resample(HookPoint at, Part part, long _) -> check(at, part);
            case Intervention.Patch(HookPoint at, Part part, List<String> question) -> {
                check(at, part);
                tokens(question);
            }
            case Intervention.Edge(int layer, int head, int query, int key, boolean _) -> {
                checkLayer(layer);
                checkHead(head);
                checkPosition(query);
                checkPosition(key);
                checkOpen(layer, head, query, key);
            }
            case Intervention.MeanPattern(List<Integer> some, var _) -> some.forEach(this::checkLayer);
        }
    }

    private void check(HookPoint at, Part part) {
        Check.that(
                Activations.points(opened.model().config()).contains(at),
                "hook point %s does not exist in this model: the points of a layer are %s",
                at,
                String.join(
                        ", ",
                        Activations.points(opened.model().config()).stream()
                                .filter(p -> p.layer() == 0)
                                .map(HookPoint::toString)
                                .toList()));
        part.heads().forEach(this::checkHead);
        part.positions().forEach(this::checkPosition);
    }

    private void checkLayer(int layer) {
        Check.that(
                layer >= 0 && layer < layers(), "layer %s does not exist: layers go from 0 to %s", layer, layers() - 1);
    }

    private void checkHead(int head) {
        int heads = opened.model().config().nHeads();
        Check.that(head >= 0 && head < heads, "head %s does not exist: heads go from 0 to %s", head, heads - 1);
    }

    private void checkPosition(int position) {
        int length = reference.tokens()[0].length;
        Check.that(
                position >= 0 && position < length,
                "position %s does not exist: positions go from 0 to %s",
                position,
                length - 1);
    }

    /** What the mask closes carries nothing: an edge there to be cut is a slip. */
    private void checkOpen(int layer, int head, int query, int key) {
        var config = opened.model().config();
        List<String> labels = opened.task().positionLabels();
        Check.that(
                config.mask(layer, head).open(query, key, config.nCtx()),
                "there is no edge from %s to %s to cut: the mask excludes it",
                labels.get(query),
                labels.get(key));
    }

    private void takeMeans() {
        Set<HookPoint> points = new LinkedHashSet<>();
        for (Intervention intervention : interventions) {
            switch (intervention) {
                case Intervention.Mean(HookPoint at, Part _) -> points.add(at);
                case Intervention.MeanPattern(List<Integer> some, var _) ->
                    ofLayers(some).forEach(layer -> points.add(Point.PATTERN.at(layer)));
                case Intervention.Zero _, Intervention.Resample _, Intervention.Patch _, Intervention.Edge _ -> {}
            }
        }
        if (!points.isEmpty()) {
            List<HookPoint> inOrder = List.copyOf(points);
            List<Tensor> found = Activations.within(
                            opened.model(), reference.tokens()[0].length, points::contains, Activations.BYTES)
                    .means(reference.tokens(), inOrder);
            for (int i = 0; i < inOrder.size(); i++) {
                means.put(inOrder.get(i), found.get(i));
            }
        }
    }

    private List<Integer> ofLayers(List<Integer> some) {
        return some.isEmpty() ? IntStream.range(0, layers()).boxed().toList() : some;
    }

    @Override
    public Hooks hooks(Examples batch, int first) {
        Hooks hooks = Hooks.NONE;
        for (Intervention intervention : interventions) {
            hooks = with(hooks, intervention, batch, first);
        }
        return hooks;
    }

    private Hooks with(Hooks hooks, Intervention intervention, Examples batch, int first) {
        return switch (intervention) {
            case Intervention.Zero(HookPoint at, Part part) ->
                hooks.replace(at, x -> replace(x, Tensor.zeros(x.dtype(), 1), at, part));
            case Intervention.Mean(HookPoint at, Part part) ->
                hooks.replace(at, x -> replace(x, mean(at).to(x.dtype()), at, part));
            case Intervention.Resample(HookPoint at, Part part, long seed) -> {
                Tensor others = seen(at, partners(seed, first, batch.n()));
                yield hooks.replace(at, x -> replace(x, others, at, part));
            }
            case Intervention.Patch(HookPoint at, Part part, List<String> question) -> {
                Tensor other = seen(at, new int[][] {tokens(question)});
                yield hooks.replace(at, x -> replace(x, other, at, part));
            }
            case Intervention.Edge(int layer, int head, int query, int key, boolean renormalise) ->
                hooks.replace(Point.PATTERN.at(layer), x -> cut(x, head, query, key, renormalise));
            case Intervention.MeanPattern(List<Integer> some, Intervention.Through through) -> {
                Hooks all = hooks;
                for (int layer : ofLayers(some)) {
                    all = switch (through) {
                        case SCORES ->
                            all.replace(
                                    Point.SCORES.at(layer),
                                    meanOf(layer, x -> x.plus(TINY).log()));
                        case PATTERN -> all.replace(Point.PATTERN.at(layer), meanOf(layer, x -> x));
                    };
                }
                yield all;
            }
        };
    }

    private UnaryOperator<Tensor> meanOf(int layer, UnaryOperator<Tensor> how) {
        return x -> how.apply(mean(Point.PATTERN.at(layer)).to(x.dtype())).expand(x.shape());
    }

    private Tensor mean(HookPoint at) {
        return Objects.requireNonNull(means.get(at));
    }

    /** For so many examples from this number on, others of the reference. */
    private int[][] partners(long seed, int first, int n) {
        int[][] shuffled = reference.shuffled(seed).tokens();
        return IntStream.range(first, first + n)
                .mapToObj(i -> shuffled[i % shuffled.length])
                .toArray(int[][]::new);
    }

    /** What a point is on these examples, the model as it is. */
    private Tensor seen(HookPoint at, int[][] tokens) {
        Scope here = Scope.innermost();
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var cache = new Cache(at);
            opened.model().forward(tokens, Hooks.read(cache));
            return cache.get(at).keepIn(here);
        }
    }

    /** One part of an activation by another's, which broadcasts. */
    static Tensor replace(Tensor value, Tensor by, HookPoint at, Part part) {
        return part.equals(Part.ALL) ? by.expand(value.shape()) : value.replacedBy(by, mask(value, at, part));
    }

    /** True where the part is, broadcast over all other axes. */
    private static Tensor mask(Tensor value, HookPoint at, Part part) {
        List<String> axes = at.point().axes();
        long[] shape = value.shape();
        int headAxis = axes.indexOf("head");
        int positionAxis = axes.contains("pos") ? axes.indexOf("pos") : axes.indexOf("query");
        int heads = headAxis < 0 ? 1 : (int) shape[headAxis];
        int positions = (int) shape[positionAxis];
        boolean headFirst = headAxis >= 0 && headAxis < positionAxis;
        byte[] chosen = new byte[heads * positions];
        for (int head = 0; head < heads; head++) {
            for (int position = 0; position < positions; position++) {
                boolean in = (part.heads().isEmpty() || part.heads().contains(head))
                        && (part.positions().isEmpty() || part.positions().contains(position));
                chosen[headFirst ? head * positions + position : position * heads + head] = (byte) (in ? 1 : 0);
            }
        }
        long[] broad = new long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            broad[i] = i == headAxis || i == positionAxis ? shape[i] : 1;
        }
        return Tensor.of(DType.BOOL, MemorySegment.ofArray(chosen), broad);
    }

    private static Tensor cut(Tensor pattern, int head, int query, int key, boolean renormalise) {
        int heads = (int) pattern.size(1);
        int queries = (int) pattern.size(2);
        int keys = (int) pattern.size(3);
        byte[] chosen = new byte[heads * queries * keys];
        chosen[(head * queries + query) * keys + key] = 1;
        Tensor mask = Tensor.of(DType.BOOL, MemorySegment.ofArray(chosen), 1, heads, queries, keys);
        Tensor without = pattern.replacedBy(Tensor.zeros(pattern.dtype(), 1), mask);
        if (!renormalise) {
            return without;
        }
        Tensor row = without.sum(-1).unsqueeze(-1); // [batch, head, query, 1]
        Tensor nothing = row.eq(Tensor.zeros(pattern.dtype(), 1));
        Tensor scaled = without.dividedBy(row.replacedBy(Tensor.ones(pattern.dtype(), 1), nothing));
        byte[] its = new byte[heads * queries];
        its[head * queries + query] = 1;
        return without.replacedBy(scaled, Tensor.of(DType.BOOL, MemorySegment.ofArray(its), 1, heads, queries, 1));
    }
}
