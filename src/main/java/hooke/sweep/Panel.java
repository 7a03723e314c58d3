package hooke.sweep;

import hooke.stats.Sample;
import hooke.stats.Times;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Cells to be drawn in one picture: those of one task and one bucket of capacity, in groups that are compared there.
 *
 * @param title names task and bucket; empty where the sweep has one of each
 */
public record Panel(String title, List<Group> groups) {
    /** So many curves a reader can tell apart. */
    public static final int MOST_GROUPS = 6;

    public Panel {
        groups = List.copyOf(groups);
    }

    /** Cells that are drawn as one curve. */
    public record Group(String label, List<CellMeasures> cells) {
        public Group {
            cells = List.copyOf(cells);
        }

        public int runs() {
            return cells.stream().mapToInt(c -> c.runs().size()).sum();
        }

        public Optional<Times> times(Goal.Kind kind) {
            return CellMeasures.times(cells, kind);
        }

        /** Median and quartiles of the runs at each step of the grid, from the curves that {@code of} picks; NaN where no run is known. */
        public Band band(int steps, Function<RunMeasures, float[]> of) {
            List<float[]> curves = cells.stream()
                    .flatMap(c -> c.runs().stream())
                    .map(of)
                    .filter(curve -> curve.length == steps)
                    .toList();
            double[][] quartiles = new double[3][steps];
            for (int s = 0; s < steps; s++) {
                int step = s;
                double[] values = curves.stream()
                        .mapToDouble(c -> c[step])
                        .filter(v -> !Double.isNaN(v))
                        .toArray();
                @Nullable Sample sample = values.length == 0 ? null : Sample.of(values, "");
                for (int q = 0; q < 3; q++) {
                    quartiles[q][s] = sample == null ? Double.NaN : sample.quantile(0.25 + 0.25 * q);
                }
            }
            return new Band(quartiles[0], quartiles[1], quartiles[2], curves.size());
        }
    }

    /** The middle half of some curves, around their median. It is their spread, not the error of the median. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Band(double[] low, double[] median, double[] high, int n) {}

    /**
     * Panels by task and bucket, in each the groups that {@code by} tells apart.
     *
     * @param by settings; empty for shapes (layers and width) where the sweep has several, else the setting that tells most
     */
    public static List<Panel> of(SweepMeasures sweep, Capacity capacity, List<String> by) {
        List<Function<CellMeasures, String>> labels = labels(sweep, by);
        boolean buckets = sweep.cells().stream()
                        .map(c -> capacity.bucket(c.parameters()))
                        .distinct()
                        .count()
                > 1;
        Map<String, List<CellMeasures>> panels = new LinkedHashMap<>();
        for (CellMeasures cell : sweep.cells()) {
            String task = task(cell);
            String bucket =
                    buckets ? capacity.name(capacity.bucket(cell.parameters())).replace(" parameters", "") : "";
            String title = task + (task.isEmpty() || bucket.isEmpty() ? "" : " · ") + bucket;
            panels.computeIfAbsent(title, _ -> new ArrayList<>()).add(cell);
        }
        List<Panel> all = new ArrayList<>();
        panels.forEach((title, cells) -> all.add(new Panel(title, groups(cells, labels))));
        return all;
    }

    /** By the first label that makes no more groups than can be told apart. */
    private static List<Group> groups(List<CellMeasures> cells, List<Function<CellMeasures, String>> labels) {
        for (Function<CellMeasures, String> label : labels) {
            Map<String, List<CellMeasures>> groups = new LinkedHashMap<>();
            cells.forEach(c -> groups.computeIfAbsent(label.apply(c), _ -> new ArrayList<>())
                    .add(c));
            if (groups.size() <= MOST_GROUPS) {
                return groups.entrySet().stream()
                        .map(g -> new Group(g.getKey(), g.getValue()))
                        .toList();
            }
        }
        return List.of(new Group("all " + cells.size() + " cells", cells));
    }

    private static List<Function<CellMeasures, String>> labels(SweepMeasures sweep, List<String> by) {
        if (!by.isEmpty()) {
            return List.of(cell -> by.stream()
                    .map(key -> word(key) + " "
                            + cell.cell().experiment().settings().getOrDefault(key, "-"))
                    .collect(Collectors.joining(", ")));
        }
        if (sweep.cells().stream().map(Capacity.Shape::of).distinct().count() > 1) {
            return List.of(
                    cell -> Capacity.Shape.of(cell).toString(),
                    cell -> Capacity.Shape.of(cell).layers() + "L",
                    cell -> "d" + Capacity.Shape.of(cell).width());
        }
        return Importance.of(sweep).settings().stream()
                .filter(s -> s.values() <= MOST_GROUPS && !isTask(s.key()))
                .findFirst()
                .<List<Function<CellMeasures, String>>>map(most ->
                        List.of(cell -> word(most.key()) + " " + cell.axes().getOrDefault(most.key(), "-")))
                .orElse(List.of(_ -> "all cells"));
    }

    /** The last word of a setting's path. */
    static String word(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    /** Whether it makes another task: the size of the training set, say, does not. */
    private static boolean isTask(String key) {
        return List.of("task", "task.kind", "task.operation").contains(key);
    }

    /** What the sweep calls the task of a cell; empty where all cells have one. */
    static String task(CellMeasures cell) {
        return cell.axes().entrySet().stream()
                .filter(e -> isTask(e.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining(", "));
    }
}
