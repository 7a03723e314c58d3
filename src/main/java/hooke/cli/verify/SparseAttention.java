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
import hooke.view.plot.Scale;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
            String millis = String.format(Locale.ROOT, "%.0f", cell.cpuMillis());
            terminal.out().printf(Locale.ROOT, FORM, cell.context(), cell.kind(), cell.engine(), millis, megabytes);
        });
        var drawn = new Picture(plot(), threads == 1 ? "1 thread" : threads + " threads");
        if (picture.toString().endsWith(".svg")) {
            drawn.writeSvg(picture);
        } else {
            drawn.writePng(picture);
        }
        terminal.out().println("plot: " + picture);
    }

    /** One colour, or dash, a kind; libtorch's lines are dashed where ours are solid. */
    CurvePlot plot() {
        List<String> names = new ArrayList<>(BenchSparse.names());
        names.add(BenchSparse.MATERIALISED);
        Map<String, List<Cell>> lines = new LinkedHashMap<>();
        cells.forEach(cell -> lines.computeIfAbsent(
                        "%s, %s".formatted(cell.kind(), cell.engine()), _ -> new ArrayList<>())
                .add(cell));
        List<Curve> curves = new ArrayList<>();
        List<Pen> pens = new ArrayList<>();
        lines.forEach((name, line) -> {
            Pen ofKind = Pen.of(names.indexOf(line.getFirst().kind()));
            curves.add(new Curve(
                    name,
                    line.stream().mapToDouble(Cell::context).toArray(),
                    line.stream().mapToDouble(Cell::cpuMillis).toArray()));
            pens.add(new Pen(
                    ofKind.colour(),
                    2 * ofKind.dash() + (line.getFirst().engine().equals("fused") ? 0 : 1)));
        });
        return new CurvePlot(
                "Attention forward and backward",
                new Axis("context, tokens", Axis.Format.COUNT, List.of(Scale.LOG), List.of()),
                Axis.measure("CPU time, ms", true, curves),
                curves,
                List.of(),
                pens);
    }
}
