package hooke.view.run;

import hooke.Amounts;
import hooke.Check;
import hooke.config.Aim;
import hooke.config.Parameter;
import hooke.config.task.ByToken;
import hooke.config.task.LikeTexts;
import hooke.config.task.TaskConfig;
import hooke.store.series.Series;
import hooke.view.PageNumbers;
import hooke.view.Palette;
import hooke.view.plot.Axis;
import hooke.view.plot.Curve;
import hooke.view.plot.CurvePlot;
import hooke.view.plot.Pen;
import hooke.view.run.RunReport.Event;
import hooke.view.run.RunReport.Fact;
import hooke.view.run.RunReport.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs side by side, also of different tasks: what they share by name is laid over each other. The first run is what the others are held
 * against.
 */
public record Comparison(List<RunReport> runs) {
    /** As many as colours and dashes tell apart. */
    public static final int MOST = Pen.COUNT;

    /** The fact that says with which of the processor's instructions a run was computed. */
    static final String INSTRUCTIONS = "Instructions";

    /** With more runs, those of one name share a colour, and the milestones are left to the table. */
    private static final int FEW = Palette.LIGHT.curves().size();

    /** Facts that belong to one run and say nothing about how another differs. */
    private static final Set<String> OWN =
            Set.of("Run", "Experiment", "Without its seed", "Command", "Begun", "Begun and resumed");

    /**
     * What is known of each run under one name.
     *
     * @param values in the order of the runs, null where a run has no such thing
     */
    public record Line(String name, List<@Nullable String> values) {
        public Line {
            values = Collections.unmodifiableList(new ArrayList<>(values));
        }

        public boolean differs() {
            return values.stream().distinct().count() > 1;
        }
    }

    public Comparison {
        runs = List.copyOf(runs);
        check(runs.size());
    }

    /** Refuses what no reader could tell apart, before anything is read. */
    public static void check(int runs) {
        Check.that(
                runs >= 2 && runs <= MOST,
                "a comparison shows 2 to %s runs, and these are %s: name fewer, or write the report of a sweep",
                MOST,
                runs);
    }

    /** In what they differ, as a headline. */
    public String headline() {
        List<String> keys =
                settings().stream().filter(Line::differs).map(Line::name).toList();
        boolean oneName = runs.stream().map(run -> name(run)).distinct().count() == 1;
        String count = Amounts.of(runs.size(), "run", "runs");
        if (keys.equals(List.of("seed"))) {
            return oneName
                    ? Amounts.of(runs.size(), "seed", "seeds") + " of " + name(runs.getFirst())
                    : count + " that differ in their seed alone";
        }
        if (keys.isEmpty()) {
            return count + " with the same settings";
        }
        if (keys.contains("task.kind")) {
            return count + " of different tasks";
        }
        List<String> first =
                keys.stream().filter(key -> !key.equals("seed")).limit(3).toList();
        long more = keys.stream().filter(key -> !key.equals("seed")).count() - first.size();
        return count + " that differ in " + String.join(", ", first)
                + (more > 0 ? " and " + Amounts.of(more, "more setting", "more settings") : "");
    }

    /** Every setting but names, notes and tags, in the order of the records. */
    public List<Line> settings() {
        return lines(run -> run.experiment().settings()).stream()
                .filter(line -> !line.name().equals("name")
                        && !line.name().equals("note")
                        && !line.name().startsWith("tags"))
                .toList();
    }

    /** Where the numbers come from; what is each run's own is left out. */
    public List<Line> provenance() {
        return lines(run -> {
                    Map<String, String> facts = new LinkedHashMap<>();
                    run.provenance().forEach((Fact fact) -> facts.put(fact.name(), fact.value()));
                    return facts;
                })
                .stream()
                .filter(line -> !OWN.contains(line.name()))
                .toList();
    }

    /** What became of them. */
    public List<Line> outcomes() {
        List<Line> lines = new ArrayList<>();
        lines.add(line("state", RunReport::stateWord));
        lines.add(line("memorized", run -> memorizes(run) ? milestone(run, Kind.MEMORIZED) : null));
        lines.add(line("grokked", run -> memorizes(run) ? milestone(run, Kind.GROKKED) : null));
        lines.add(line(
                "goal reached",
                run -> memorizes(run) || Aim.of(run.experiment()).isEmpty() || tokensDiffer()
                        ? null
                        : milestone(run, Kind.REACHED)));
        lines.removeIf(line -> line.values().stream().allMatch(Objects::isNull));
        lines.add(line("steps", run -> Amounts.count(run.lastStep())));
        lines.add(line(
                "trained for",
                run -> run.trained()
                        .map(time -> Amounts.duration(time.toMillis() / 1e3))
                        .orElse(null)));
        lines.add(line(
                "parameters",
                run -> Amounts.count(
                        Parameter.count(Parameter.of(run.experiment().model()), false))));
        return lines;
    }

    /** The last point of every series of more than one run, as {@link #last} has it in numbers. */
    public List<Line> finals() {
        return series().stream()
                .map(name -> line(
                        name,
                        run -> run.last(name)
                                .map(v -> Series.isShare(name) ? Amounts.percent(v) : PageNumbers.measure(v))
                                .map(v -> isOfOneUnit(name) ? v : v + " " + unit(name, run))
                                .orElse(null)))
                .toList();
    }

    /** Whether a series has one unit, or none, in all runs. */
    boolean isOfOneUnit(String series) {
        return runs.stream().map(run -> unit(series, run)).distinct().count() == 1;
    }

    /** In brackets, behind the name of a series; empty where it has none. */
    String unit(String series) {
        String units = runs.stream().map(run -> unit(series, run)).distinct().collect(Collectors.joining(", "));
        return units.isEmpty() ? "" : " (" + units + ")";
    }

    private static String unit(String series, RunReport run) {
        return Series.isLoss(series) ? run.experiment().task().lossUnit() : "";
    }

    /** The last value of a series in each run that has it, in the order of the runs. */
    public List<Optional<Double>> last(String series) {
        return runs.stream().map(run -> run.last(series)).toList();
    }

    private static boolean memorizes(RunReport run) {
        return run.experiment().task().memorizes();
    }

    /** {@code 2,100}, {@code ≤ 10,000} where nobody looked before, {@code > 10,000} where it had not happened by then. */
    static String milestone(RunReport run, Kind kind) {
        Optional<Event> event = run.first(kind);
        if (event.isPresent()) {
            boolean atFirstLook = event.get().after().isEmpty() && event.get().step() > 0;
            return (atFirstLook ? "≤ " : "") + Amounts.count(event.get().step());
        }
        return switch (run.state()) {
            case RUNNING, INTERRUPTED, FINISHED, STOPPED ->
                run.isSeenOnce() ? "unknown" : "> " + Amounts.count(run.lastStep());
            case DIVERGED -> "diverged";
            case FAILED -> "failed";
        };
    }

    /** Whether their texts are cut into different tokens: then nothing is compared that is counted by token. */
    boolean tokensDiffer() {
        return ByToken.differs(tasks());
    }

    /** Whether the losses of their texts, in any unit, are of different test sets. */
    boolean textsDiffer() {
        return LikeTexts.differ(tasks());
    }

    List<TaskConfig> tasks() {
        return runs.stream().map(run -> run.experiment().task()).toList();
    }

    /** Names of the series, those of the most runs first, else as they were logged. */
    List<String> series() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        boolean differ = tokensDiffer();
        runs.forEach(run -> run.curves().stream()
                .filter(curve -> !differ || !ByToken.counts(curve.name()))
                .forEach(curve -> counts.merge(curve.name(), 1, Integer::sum)));
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** One plot a series: those of the training first, those of the machine last. */
    public List<CurvePlot> plots() {
        return Stream.concat(plots(false).stream(), plots(true).stream()).toList();
    }

    List<CurvePlot> plots(boolean ofMachine) {
        List<Pen> pens = pens();
        return series().stream()
                .filter(name -> RunReport.isMachine(name) == ofMachine)
                .map(name -> plot(name, pens))
                .toList();
    }

    private CurvePlot plot(String series, List<Pen> pens) {
        List<Curve> curves = new ArrayList<>();
        List<Pen> used = new ArrayList<>();
        List<CurvePlot.Marker> markers = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            RunReport run = runs.get(i);
            Pen pen = pens.get(i);
            for (Curve curve : run.curves()) {
                if (curve.name().equals(series)) {
                    curves.add(new Curve(run.address(), curve.x(), curve.y()));
                    used.add(pen);
                    run.events().stream()
                            .filter(e -> runs.size() <= FEW && isSeenIn(e.kind(), series))
                            .map(e -> new CurvePlot.Marker(
                                    e.step(), e.name(), e.kind().tone(), Optional.of(pen)))
                            .forEach(markers::add);
                }
            }
        }
        String words = RunReport.words(series);
        String title = RunReport.capital(words);
        List<Curve> all = runs.stream().flatMap(run -> run.curves().stream()).toList();
        Axis y = Series.isShare(series)
                ? Axis.share(words, tasks().stream().anyMatch(TaskConfig::isSolvable))
                : Axis.measure(words + unit(series), Series.isLoss(series), curves);
        return new CurvePlot(
                curves.size() == runs.size() ? title : title + ", " + curves.size() + " of " + runs.size() + " runs",
                Axis.steps(all),
                y,
                curves,
                markers,
                used);
    }

    /** A milestone is marked where it can be seen: in what is measured on the examples that it is about. */
    private static boolean isSeenIn(Kind kind, String series) {
        return switch (kind) {
            case MEMORIZED -> series.startsWith("train_");
            case GROKKED, REACHED -> series.startsWith("test_");
            case DIVERGED, FAILED -> true;
            case NAMED, RESUMED, STOPPED -> false;
        };
    }

    /** What each run is drawn with: a colour of its own; of many runs a colour a name, and a dash a run of it. */
    List<Pen> pens() {
        if (runs.size() <= FEW) {
            return IntStream.range(0, runs.size()).mapToObj(Pen::of).toList();
        }
        List<String> names = runs.stream().map(Comparison::name).distinct().toList();
        boolean fit = names.size() <= FEW
                && names.stream()
                        .allMatch(name -> runs.stream()
                                        .filter(run -> name(run).equals(name))
                                        .count()
                                <= Pen.DASHES);
        List<Pen> pens = new ArrayList<>();
        Map<String, Integer> seen = new LinkedHashMap<>();
        for (RunReport run : runs) {
            int nth = seen.merge(name(run), 1, Integer::sum) - 1;
            pens.add(fit ? new Pen(names.indexOf(name(run)), nth) : Pen.of(pens.size()));
        }
        return pens;
    }

    private static String name(RunReport run) {
        return run.address().replaceFirst("/[^/]*$", "");
    }

    private Line line(String name, Function<RunReport, @Nullable String> value) {
        List<@Nullable String> values = new ArrayList<>();
        runs.forEach(run -> values.add(value.apply(run)));
        return new Line(name, values);
    }

    private List<Line> lines(Function<RunReport, Map<String, String>> facts) {
        List<Map<String, String>> all = runs.stream().map(facts).toList();
        Set<String> names = new LinkedHashSet<>();
        all.forEach(one -> names.addAll(one.keySet()));
        return names.stream()
                .map(name -> {
                    List<@Nullable String> values = new ArrayList<>();
                    all.forEach(one -> values.add(one.get(name)));
                    return new Line(name, values);
                })
                .toList();
    }
}
