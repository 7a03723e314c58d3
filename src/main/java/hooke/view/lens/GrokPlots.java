package hooke.view.lens;

import hooke.Amounts;
import hooke.config.Parameter;
import hooke.lens.attention.AttentionExample;
import hooke.lens.attention.AttentionPattern;
import hooke.lens.fourier.Dissection;
import hooke.lens.fourier.Frame;
import hooke.lens.fourier.Phases;
import hooke.lens.fourier.ProgressLosses;
import hooke.lens.fourier.ProgressLosses.Definition;
import hooke.lens.fourier.Snapshot;
import hooke.lens.fourier.Spectrum;
import hooke.lens.group.Irrep;
import hooke.view.page.AttentionExplorer;
import hooke.view.plot.Axis;
import hooke.view.plot.BarPlot;
import hooke.view.plot.Curve;
import hooke.view.plot.CurvePlot;
import hooke.view.plot.HeatMap;
import hooke.view.plot.Plot;
import hooke.view.plot.PointPlot;
import hooke.view.plot.Scale;
import hooke.view.plot.TimeLapse;
import hooke.view.run.RunReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What is to be seen of a run whose task is a group, at every checkpoint.
 *
 * @param run whose curves stand beside the measures
 * @param frames one a checkpoint, the earliest first
 * @param examples attention at the last checkpoint, example by example
 */
public record GrokPlots(
        RunReport run, Dissection dissection, List<Frame> frames, Phases phases, List<AttentionExample> examples) {
    /** Columns of a spectrum over time that can still be told apart. */
    private static final int COLUMNS = 120;

    /** Colours that a reader tells apart. */
    private static final int CURVES = 6;

    public GrokPlots {
        frames = List.copyOf(frames);
        examples = List.copyOf(examples);
    }

    /** Every plot that can be printed. */
    public List<Plot> all() {
        var all = new ArrayList<Plot>(curves());
        all.add(spectrum(last()));
        neurons().ifPresent(all::add);
        all.addAll(planes(frames.getLast()));
        all.addAll(overTime());
        all.addAll(patterns(frames.getLast()));
        return all;
    }

    Snapshot last() {
        return frames.getLast().snapshot();
    }

    String part(int k) {
        return dissection.group().group().irreps().get(k).name();
    }

    String parts() {
        return dissection.group().isCyclic() ? "frequency" : "representation";
    }

    // Over steps

    List<CurvePlot> curves() {
        var plots = new ArrayList<CurvePlot>();
        plots.add(losses(Definition.LOGITS, "Losses, projected on the logits"));
        if (last().losses(Definition.NEURONS).isPresent()) {
            plots.add(losses(Definition.NEURONS, "Losses, projected on the neurons"));
        }
        last().losses(Definition.LOGITS)
                .filter(l -> l.excludedPerKey().length > 0)
                .ifPresent(l -> {
                    var curves = new ArrayList<Curve>();
                    for (int i = 0; i < Math.min(CURVES, l.excludedPerKey().length); i++) {
                        int key = i;
                        curves.add(measured(
                                "without " + part(last().keys().get(i)),
                                s -> s.losses(Definition.LOGITS).orElseThrow().excludedPerKey()[key]));
                    }
                    plots.add(
                            plot("Excluded loss of each key alone", Axis.measure("loss (nats)", true, curves), curves));
                });
        var gini = new ArrayList<>(List.of(measured("W_E", s -> s.embedding().gini())));
        if (last().neuronLogit().isPresent()) {
            gini.add(measured(
                    "W_out W_U", s -> s.neuronLogit().map(Spectrum::gini).orElse(Double.NaN)));
        }
        gini.add(measured("logits explained", s -> s.fit().explained()));
        plots.add(
                plot("Gini coefficients, and the share of the logits that kernels explain", Axis.share("share"), gini));
        List<Curve> squares = squares();
        plots.add(plot("Sum of squared weights", Axis.measure("squares", true, squares), squares));
        return plots;
    }

    private CurvePlot losses(Definition definition, String title) {
        var curves = new ArrayList<Curve>();
        for (String name : List.of("train_loss", "test_loss")) {
            run.curves().stream()
                    .filter(c -> c.name().equals(name))
                    .forEach(c -> curves.add(new Curve(name.replace('_', ' '), c.x(), c.y())));
        }
        curves.addAll(progress(definition));
        return plot(title, Axis.measure("loss (nats)", true, curves), curves);
    }

    private List<Curve> progress(Definition definition) {
        if (last().losses(definition).isEmpty()) {
            return List.of();
        }
        ToDoubleFunction<Snapshot> restricted =
                s -> s.losses(definition).map(ProgressLosses::restricted).orElse(Double.NaN);
        ToDoubleFunction<Snapshot> excluded =
                s -> s.losses(definition).map(ProgressLosses::excluded).orElse(Double.NaN);
        return List.of(measured("restricted", restricted), measured("excluded", excluded));
    }

    /** By groups of weights: those of the model's parts that a reader thinks in. */
    private List<Curve> squares() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        for (Parameter parameter : Parameter.of(dissection.experiment().model())) {
            groups.computeIfAbsent(parameter.group(), g -> new ArrayList<>()).add(parameter.name());
        }
        var curves = new ArrayList<Curve>();
        groups.entrySet().stream()
                .limit(CURVES)
                .forEach(group -> curves.add(measured(
                        group.getKey(),
                        s -> group.getValue().stream()
                                .mapToDouble(name -> s.squares().getOrDefault(name, 0.0))
                                .sum())));
        return curves;
    }

    private Curve measured(String name, ToDoubleFunction<Snapshot> value) {
        return new Curve(
                name,
                frames.stream().mapToDouble(f -> f.snapshot().step()).toArray(),
                frames.stream()
                        .mapToDouble(f -> value.applyAsDouble(f.snapshot()))
                        .toArray());
    }

    private CurvePlot plot(String title, Axis y, List<Curve> curves) {
        return CurvePlot.of(title, Axis.steps(curves), y, curves, markers());
    }

    private List<CurvePlot.Marker> markers() {
        var markers = new ArrayList<CurvePlot.Marker>();
        mark(markers, phases.memorized(), "memorized");
        mark(markers, phases.formed(), "circuit formed");
        mark(markers, phases.cleanedUp(), "clean-up done");
        return markers;
    }

    private static void mark(List<CurvePlot.Marker> markers, OptionalLong at, String label) {
        at.ifPresent(
                step -> markers.add(new CurvePlot.Marker(step, label, CurvePlot.Tone.MILESTONE, Optional.empty())));
    }

    /** How the spectra became what they are: parts downwards, checkpoints across. */
    List<HeatMap> overTime() {
        var maps = new ArrayList<HeatMap>();
        maps.add(overTime("Spectrum of W_E during training", Snapshot::embedding));
        if (last().neuronLogit().isPresent()) {
            maps.add(overTime(
                    "Spectrum of W_out W_U during training",
                    s -> s.neuronLogit().orElseThrow()));
        }
        return maps;
    }

    private HeatMap overTime(String title, java.util.function.Function<Snapshot, Spectrum> which) {
        int columns = Math.min(COLUMNS, frames.size());
        List<Snapshot> shown = IntStream.range(0, columns)
                .mapToObj(i -> frames.get(columns == 1 ? 0 : (int) ((long) i * (frames.size() - 1) / (columns - 1)))
                        .snapshot())
                .toList();
        int parts = dissection.group().group().irreps().size() - 1;
        double[][] values = new double[parts][columns];
        double high = 0;
        for (int c = 0; c < columns; c++) {
            double[] shares = which.apply(shown.get(c)).shares();
            for (int k = 0; k < parts; k++) {
                values[k][c] = shares[k + 1];
                high = Math.max(high, shares[k + 1]);
            }
        }
        return new HeatMap(
                title,
                parts(),
                names(),
                "step",
                shown.stream().map(s -> Amounts.count(s.step())).toList(),
                values,
                0,
                high > 0 ? Math.ceil(high * 100) / 100 : 1,
                "not measured");
    }

    // At one checkpoint

    private List<String> names() {
        return dissection.group().group().irreps().stream()
                .skip(1)
                .map(Irrep::name)
                .toList();
    }

    BarPlot spectrum(Snapshot snapshot) {
        var groups = new ArrayList<>(List.of(
                new BarPlot.Bars("W_E", withoutConstant(snapshot.embedding().shares()))));
        snapshot.neuronLogit().ifPresent(w -> groups.add(new BarPlot.Bars("W_out W_U", withoutConstant(w.shares()))));
        return bars(
                "Spectrum: share of the sum of squares",
                new Axis("share", Axis.Format.PERCENT, List.of(Scale.LINEAR), List.of()),
                groups);
    }

    private static double[] withoutConstant(double[] shares) {
        return Arrays.copyOfRange(shares, 1, shares.length);
    }

    /** Neurons by their frequency; where the neurons' energy lies, for permutations. */
    Optional<BarPlot> neurons() {
        Axis count = new Axis("neurons", Axis.Format.COUNT, List.of(Scale.LINEAR), List.of());
        Axis share = new Axis("share", Axis.Format.PERCENT, List.of(Scale.LINEAR), List.of());
        if (last().clusters().isPresent()) {
            double[] sizes = IntStream.rangeClosed(1, names().size())
                    .mapToDouble(k -> last().clusters().orElseThrow().size(k))
                    .toArray();
            return Optional.of(bars("Neurons of each frequency", count, List.of(new BarPlot.Bars("neurons", sizes))));
        }
        return last().shares()
                .map(s -> bars(
                        "Where the neurons' energy lies",
                        share,
                        List.of(
                                new BarPlot.Bars("functions of x y", withoutConstant(s.ofProduct())),
                                new BarPlot.Bars("functions of x", withoutConstant(s.ofX())))));
    }

    private BarPlot bars(String title, Axis y, List<BarPlot.Bars> groups) {
        return new BarPlot(
                title,
                parts(),
                y,
                names(),
                groups,
                last().keys().stream().map(k -> k - 1).toList());
    }

    /** Embeddings in the plane of each key frequency, or of their principal components. */
    List<PointPlot> planes(Frame frame) {
        boolean told = !dissection.group().isCyclic();
        return frame.planes().stream()
                .map(p -> new PointPlot(
                        p.part() == 0
                                ? "Embeddings in the plane of their principal components"
                                : "Embeddings at frequency " + part(p.part()),
                        p.part() == 0 ? "first component of the last checkpoint" : "their cosine",
                        p.part() == 0 ? "second component" : "their sine",
                        p.at(),
                        dissection.elementLabels(),
                        path(p.part()),
                        told ? List.of("even permutations", "odd permutations") : List.of(),
                        told ? parity() : List.of()))
                .toList();
    }

    /** Elements in the order of their angle at a frequency. */
    private List<Integer> path(int k) {
        int n = dissection.group().group().order();
        return k == 0
                ? List.of()
                : IntStream.range(0, n)
                        .boxed()
                        .sorted(java.util.Comparator.comparingInt(x -> (int) ((long) k * x % n)))
                        .toList();
    }

    /** 0 for an even permutation, 1 for an odd one: by the representation of one dimension. */
    private List<Integer> parity() {
        double[] sign = dissection.group().group().irreps().stream()
                .skip(1)
                .filter(part -> part.dimension() == 1)
                .findFirst()
                .orElseThrow()
                .kernel();
        return Arrays.stream(sign).mapToObj(s -> s > 0 ? 0 : 1).toList();
    }

    List<HeatMap> patterns(Frame frame) {
        boolean layers = dissection.experiment().model().nLayers() > 1;
        return frame.patterns().stream()
                .map(p -> HeatMap.attention(
                        (layers ? "Layer " + p.layer() + ", head " : "Head ") + p.head(),
                        dissection.positionLabels(),
                        dissection.experiment().model().mask(p.layer(), p.head()),
                        p.weights()))
                .toList();
    }

    /** Attention at the last checkpoint on examples one by one, and on average as the film shows it. */
    AttentionExplorer explorer() {
        var all = new ArrayList<>(examples);
        all.add(new AttentionExample(
                "mean over a sample of pairs",
                dissection.positionLabels(),
                frames.getLast().patterns().stream()
                        .map(p -> new AttentionPattern(p.layer(), p.head(), p.weights()))
                        .toList()));
        return new AttentionExplorer(
                "Where every token looks",
                dissection.positionLabels(),
                dissection.experiment().model().mask(),
                all);
    }

    TimeLapse film() {
        var losses = new ArrayList<>(List.of(
                measured("train loss", s -> s.full().train()),
                measured("test loss", s -> s.full().test())));
        losses.addAll(progress(Definition.LOGITS));
        return new TimeLapse(
                frames.size() == 1
                        ? "One checkpoint"
                        : Amounts.count(frames.size()) + " checkpoints, step "
                                + Amounts.count(frames.getFirst().snapshot().step()) + " to "
                                + Amounts.count(last().step()),
                frames.stream().mapToLong(f -> f.snapshot().step()).toArray(),
                frames.stream().map(f -> spectrum(f.snapshot())).toList(),
                frames.stream().map(this::planes).toList(),
                frames.stream()
                        .map(f -> f.planes().stream()
                                .mapToDouble(Frame.Places::share)
                                .toArray())
                        .toArray(double[][]::new),
                frames.stream().map(this::patterns).toList(),
                plot("Losses at the checkpoints", Axis.measure("loss (nats)", true, losses), losses));
    }
}
