package hooke.cli.verify;

import hooke.Check;
import hooke.check.BenchSparse;
import hooke.check.BenchSparse.Cell;
import hooke.cli.terminal.Terminal;
import hooke.view.drawing.Picture;
import hooke.view.plot.Axis;
import hooke.view.plot.Curve;
import hooke.view.plot.CurvePlot;
import hooke.view.plot.Pen;
import hooke.view.plot.Plot;
import hooke.view.plot.Scale;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The table and the picture of {@code bench sparse-attention}. */
final class SparseAttention {
    private static final String FORM = "%-8s %-28s %-6s %14s %8s%n";

    private final Terminal terminal;
    private final Path picture;
    private final List<Cell> cells = new ArrayList<>();

    /** @param picture where the picture goes, an SVG or a PNG by the ending of its name */
    SparseAttention(Terminal terminal, Path picture) {
        Path folder = picture.toAbsolutePath().getParent();
        Check.that(
                picture.toString().endsWith(".svg") || picture.toString().endsWith(".png"),
                "--plot (%s) must end with .svg or .png",
                picture);
        Check.that(
                folder != null && Files.isDirectory(folder) && !Files.isDirectory(picture),
                "--plot (%s) must name a file in a folder that is there",
                picture);
        this.terminal = terminal;
        this.picture = picture;
    }

    /** Measures, and prints each line as it comes: the long contexts take longest. */
    void run(int threads, List<Integer> contexts, double seconds) {
        terminal.out().printf(Locale.ROOT, FORM, "context", "attention", "engine", "ms of CPU time", "MB kept");
        BenchSparse.run(threads, contexts, seconds, cell -> {
            cells.add(cell);
            String megabytes = cell.bytes().isPresent()
                    ? String.format(Locale.ROOT, "%.1f", cell.bytes().getAsLong() / 1e6)
                    : "-";
            String millis = String.format(Locale.ROOT, cell.cpuMillis() < 100 ? "%.1f" : "%.0f", cell.cpuMillis());
            terminal.out().printf(Locale.ROOT, FORM, cell.context(), cell.kind(), cell.engine(), millis, megabytes);
        });
        var drawn = new Picture(plots(), threads == 1 ? "1 thread" : threads + " threads");
        if (picture.toString().endsWith(".svg")) {
            drawn.writeSvg(picture);
        } else {
            drawn.writePng(picture);
        }
        terminal.out().println("plot: " + picture);
    }

    /** One plot for each engine, all with the same range of times, and in each one colour, or dash, for a kind. */
    List<Plot> plots() {
        List<String> names = new ArrayList<>(BenchSparse.names());
        names.add(BenchSparse.MATERIALISED);
        Map<String, Map<String, List<Cell>>> lines = new LinkedHashMap<>();
        cells.forEach(cell -> lines.computeIfAbsent(cell.engine(), _ -> new LinkedHashMap<>())
                .computeIfAbsent(cell.kind(), _ -> new ArrayList<>())
                .add(cell));
        DoubleSummaryStatistics times =
                cells.stream().mapToDouble(Cell::cpuMillis).summaryStatistics();
        List<Plot> plots = new ArrayList<>();
        lines.forEach((engine, kinds) -> {
            List<Curve> curves = new ArrayList<>();
            kinds.forEach((kind, line) -> curves.add(new Curve(
                    kind,
                    line.stream().mapToDouble(Cell::context).toArray(),
                    line.stream().mapToDouble(Cell::cpuMillis).toArray())));
            plots.add(new CurvePlot(
                    "Attention forward and backward, " + (engine.equals("torch") ? "libtorch" : engine + " engine"),
                    new Axis("context, tokens", Axis.Format.COUNT, List.of(Scale.LOG), List.of()),
                    new Axis(
                            "CPU time, ms",
                            Axis.Format.NUMBER,
                            List.of(Scale.LOG),
                            List.of(times.getMin(), times.getMax())),
                    curves,
                    List.of(),
                    kinds.keySet().stream()
                            .map(kind -> Pen.of(names.indexOf(kind)))
                            .toList()));
        });
        return plots;
    }
}
