package hooke.sweep.measures;

import hooke.stats.Sample;
import hooke.stats.Times;
import hooke.sweep.Cell;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Cells to be drawn in one picture: those of one task and one bucket of capacity, in groups that are compared there.
 *
 * @param title names task and bucket; empty where the sweep has one of each
 * @param groups in their order: of numbers the smallest first
 * @param isRange whether the groups are stretches of one setting's numbers
 * @param isPooled whether a group is one curve, the median of all its runs; else each of its cells is one
 * @param isChosen whether the groups are values of the setting that matters most in these very runs, so that a test between them
 *     looks at data that have chosen it
 */
public record Panel(String title, List<Group> groups, boolean isRange, boolean isPooled, boolean isChosen) {
    /** So many curves a reader can tell apart. */
    public static final int MOST_GROUPS = 6;

    public Panel {
        groups = List.copyOf(groups);
    }

    /** Cells that are drawn in one colour. */
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
    }

    /**
     * Cells that are drawn as one curve: one, or where somebody asked for groups the whole group.
     *
     * @param group index of its group
     */
    public record Line(String name, int group, List<CellMeasures> cells) {
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

    public List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (int g = 0; g < groups.size(); g++) {
            Group group = groups.get(g);
            if (isPooled) {
                lines.add(new Line(group.label(), g, group.cells()));
            } else {
                for (CellMeasures cell : group.cells()) {
                    lines.add(new Line(cell.cell().label(), g, List.of(cell)));
                }
            }
        }
        return lines;
    }

    /**
     * Panels by task and bucket, in each the groups that {@code by} tells apart.
     *
     * @param by settings, whose groups are pooled; empty for shapes (layers and width) where the sweep has several, else the setting that
     *     tells most, with a curve for each cell
     */
    public static List<Panel> of(SweepMeasures sweep, Capacity capacity, List<String> by) {
        List<Grouping> groupings = groupings(sweep, by);
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
        panels.forEach((title, cells) -> all.add(panel(title, cells, groupings, !by.isEmpty())));
        return all;
    }

    /** What tells groups apart, and the order in which a legend has them. */
    private record Grouping(
            Function<CellMeasures, String> label, Comparator<CellMeasures> order, boolean isRange, boolean isChosen) {
        static Grouping of(Varied varied, boolean isChosen) {
            List<String> groups = varied.groups();
            return new Grouping(
                    cell -> {
                        int group = varied.group(cell.cell());
                        return group < 0 ? "no " + varied.word() : varied.word() + " " + groups.get(group);
                    },
                    Comparator.comparingInt(cell -> {
                        int group = varied.group(cell.cell());
                        return group < 0 ? groups.size() : group;
                    }),
                    !varied.borders().isEmpty(),
                    isChosen);
        }

        Grouping and(Grouping other) {
            return new Grouping(
                    cell -> label.apply(cell) + ", " + other.label.apply(cell),
                    order.thenComparing(other.order),
                    false,
                    isChosen);
        }
    }

    /** By the first that makes no more groups than can be told apart. */
    private static Panel panel(String title, List<CellMeasures> cells, List<Grouping> groupings, boolean pooled) {
        for (Grouping grouping : groupings) {
            Map<String, List<CellMeasures>> groups = new LinkedHashMap<>();
            cells.stream()
                    .sorted(grouping.order())
                    .forEach(c -> groups.computeIfAbsent(grouping.label().apply(c), _ -> new ArrayList<>())
                            .add(c));
            if (groups.size() <= MOST_GROUPS) {
                List<Group> all = groups.entrySet().stream()
                        .map(g -> new Group(g.getKey(), g.getValue()))
                        .toList();
                return new Panel(title, all, grouping.isRange(), pooled, grouping.isChosen());
            }
        }
        String all = cells.size() == 1 ? cells.getFirst().cell().label() : "all " + cells.size() + " cells";
        return new Panel(title, List.of(new Group(all, cells)), false, pooled, false);
    }

    private static List<Grouping> groupings(SweepMeasures sweep, List<String> by) {
        List<Cell> cells = sweep.cells().stream().map(CellMeasures::cell).toList();
        if (!by.isEmpty()) {
            return List.of(by.stream()
                    .map(key -> Grouping.of(Varied.ofSetting(key, cells), false))
                    .reduce(Grouping::and)
                    .orElseThrow());
        }
        Function<CellMeasures, Capacity.Shape> shape = Capacity.Shape::of;
        if (sweep.cells().stream().map(shape).distinct().count() > 1) {
            Comparator<CellMeasures> layers =
                    Comparator.comparingInt(c -> shape.apply(c).layers());
            Comparator<CellMeasures> width =
                    Comparator.comparingInt(c -> shape.apply(c).width());
            return List.of(
                    new Grouping(c -> shape.apply(c).toString(), layers.thenComparing(width), false, false),
                    new Grouping(c -> shape.apply(c).layers() + "L", layers, false, false),
                    new Grouping(c -> "d" + shape.apply(c).width(), width, false, false));
        }
        List<Varied> telling = Importance.of(sweep).settings().stream()
                .map(Importance.Setting::varied)
                .toList();
        // Where nothing was reached, no setting tells more than another.
        return Stream.concat(telling.stream(), sweep.varied().stream())
                .filter(v -> v.groups().size() <= MOST_GROUPS && !isTask(v.key()))
                .map(v -> Grouping.of(v, telling.size() > 1))
                .limit(1)
                .toList();
    }

    /** Whether it makes another task: the size of the training set, say, does not. */
    private static boolean isTask(String key) {
        return List.of("task", "task.kind", "task.operation").contains(key);
    }

    /** What the sweep calls the task of a cell; empty where all cells have one. */
    static String task(CellMeasures cell) {
        return cell.cell().axes().entrySet().stream()
                .filter(e -> isTask(e.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining(", "));
    }
}
