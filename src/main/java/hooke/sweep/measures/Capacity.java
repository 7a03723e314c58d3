package hooke.sweep.measures;

import hooke.Check;
import hooke.config.ModelConfig;
import hooke.stats.LogRank;
import hooke.stats.MultipleTesting;
import hooke.stats.Times;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The number of parameters as an axis: buckets of cells, and pairs of a deep narrow with a shallow wide model, which can tell what depth
 * does only where their sizes match.
 *
 * @param borders parameter counts at which buckets begin, rising
 * @param tolerance by how much the larger of a matched pair may exceed the smaller: 0.1 for 10%
 */
public record Capacity(List<Long> borders, double tolerance) {
    /** The borders of the capacity study. */
    public static final Capacity DEFAULT = new Capacity(List.of(200_000L, 700_000L), 0.1);

    /** What follows from a model's shape and so cannot be held fixed beside it. */
    private static final List<String> SHAPE = List.of("model.n_layers", "model.d_model", "model.d_head", "model.d_mlp");

    public Capacity {
        borders = List.copyOf(borders);
        Check.that(
                tolerance >= 0 && tolerance < 1, "the tolerance of a match (%s) must be from 0 to below 1", tolerance);
        for (int i = 0; i < borders.size(); i++) {
            Check.that(
                    borders.get(i) > (i == 0 ? 0 : borders.get(i - 1)),
                    "the borders of buckets %s must rise from above 0",
                    borders);
        }
    }

    /** Layers and width: {@code 2L d128}. */
    public record Shape(int layers, int width) {
        public static Shape of(CellMeasures cell) {
            ModelConfig model = cell.cell().experiment().model();
            return new Shape(model.nLayers(), model.dModel());
        }

        @Override
        public String toString() {
            return layers + "L d" + width;
        }
    }

    /** Two cells that differ in their shape alone. */
    public record Match(CellMeasures deep, CellMeasures wide) {
        /** Parameters of the larger over those of the smaller. */
        double ratio() {
            return (double) Math.max(deep.parameters(), wide.parameters())
                    / Math.min(deep.parameters(), wide.parameters());
        }
    }

    /**
     * Two shapes on one task.
     *
     * @param task as the sweep calls it; empty where all cells have one
     * @param matches cells of these shapes that agree in everything else: the strata of the test
     * @param isMatched whether their sizes are within the tolerance; others share a bucket alone, and are not tested
     * @param test log-rank, stratified by match, deep against wide; empty unless matched, or where a side has no run
     * @param adjustedP by Holm over all matched pairs; 1 without a test
     */
    public record Pair(
            Shape deep,
            Shape wide,
            String task,
            List<Match> matches,
            boolean isMatched,
            Optional<LogRank> test,
            double adjustedP) {
        /** Parameters of the larger over those of the smaller, at most. */
        public double ratio() {
            return matches.stream().mapToDouble(Match::ratio).max().orElse(1);
        }
    }

    /** Index of the bucket that a number of parameters falls into. */
    public int bucket(long parameters) {
        return (int) borders.stream().filter(border -> parameters >= border).count();
    }

    /** {@code medium, 200,000 to 700,000 parameters}. */
    public String name(int bucket) {
        String word = borders.size() == 2 ? List.of("small", "medium", "large").get(bucket) + ", " : "";
        String range = borders.isEmpty()
                ? "any number of"
                : bucket == 0
                        ? "below " + count(borders.getFirst())
                        : bucket == borders.size()
                                ? "from " + count(borders.getLast())
                                : count(borders.get(bucket - 1)) + " to " + count(borders.get(bucket));
        return word + range + " parameters";
    }

    private static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** All pairs of a deeper and narrower with a shallower and wider model: those that match in size, then those that share a bucket. None without a goal to compare them by. */
    public List<Pair> pairs(SweepMeasures sweep) {
        Map<Map<String, String>, List<CellMeasures>> alike = new HashMap<>();
        List<List<CellMeasures>> partners = new ArrayList<>();
        for (CellMeasures cell : sweep.hasGoal() ? sweep.cells() : List.<CellMeasures>of()) {
            List<CellMeasures> others = alike.computeIfAbsent(others(cell), _ -> new ArrayList<>());
            others.add(cell);
            partners.add(others);
        }
        Map<String, List<Match>> found = new LinkedHashMap<>();
        for (int i = 0; i < partners.size(); i++) {
            CellMeasures deep = sweep.cells().get(i);
            Shape a = Shape.of(deep);
            for (CellMeasures wide : partners.get(i)) {
                Shape b = Shape.of(wide);
                Match match = new Match(deep, wide);
                if (a.layers() > b.layers() && a.width() < b.width()) {
                    boolean matched = match.ratio() <= 1 + tolerance;
                    if (matched || bucket(deep.parameters()) == bucket(wide.parameters())) {
                        found.computeIfAbsent(
                                        matched + "|" + a + "|" + b + "|" + Panel.task(deep), _ -> new ArrayList<>())
                                .add(match);
                    }
                }
            }
        }
        List<Pair> pairs = found.values().stream()
                .map(matches -> pair(matches, sweep.mainGoal().kind()))
                .sorted((x, y) -> Boolean.compare(y.isMatched(), x.isMatched()))
                .toList();
        return corrected(pairs);
    }

    /** All settings of a cell but its shape and what follows from that. */
    private static Map<String, String> others(CellMeasures cell) {
        Map<String, String> others = new TreeMap<>(cell.cell().settings());
        SHAPE.forEach(others::remove);
        return others;
    }

    private Pair pair(List<Match> matches, Goal.Kind kind) {
        Match first = matches.getFirst();
        boolean matched = first.ratio() <= 1 + tolerance;
        List<List<Times>> strata = matches.stream()
                .filter(m ->
                        m.deep().times(kind).isPresent() && m.wide().times(kind).isPresent())
                .map(m -> List.of(
                        m.deep().times(kind).orElseThrow(), m.wide().times(kind).orElseThrow()))
                .toList();
        return new Pair(
                Shape.of(first.deep()),
                Shape.of(first.wide()),
                Panel.task(first.deep()),
                matches,
                matched,
                matched && !strata.isEmpty() ? Optional.of(LogRank.stratified(strata)) : Optional.empty(),
                1);
    }

    private static List<Pair> corrected(List<Pair> pairs) {
        double[] adjusted = MultipleTesting.holm(pairs.stream()
                .flatMap(p -> p.test().stream())
                .filter(LogRank::compares)
                .mapToDouble(LogRank::p)
                .toArray());
        List<Pair> corrected = new ArrayList<>();
        int next = 0;
        for (Pair p : pairs) {
            double adjustedP = p.test().filter(LogRank::compares).isPresent() ? adjusted[next++] : 1;
            corrected.add(new Pair(p.deep(), p.wide(), p.task(), p.matches(), p.isMatched(), p.test(), adjustedP));
        }
        return corrected;
    }
}
