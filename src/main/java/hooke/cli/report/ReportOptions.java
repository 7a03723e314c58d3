package hooke.cli.report;

import hooke.cli.arguments.Target;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a report goes, and as what. */
public final class ReportOptions {
    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "The folder to write to (default: reports in the store).")
    private @Nullable Path out;

    @Option(names = "--png", description = "Also write every plot as a PNG.")
    private boolean png;

    @Option(names = "--svg", description = "Also write every plot as an SVG.")
    private boolean svg;

    @Option(names = "--json", description = "Print the report's contents and the names of its files as JSON.")
    private boolean json;

    /** The folder asked for, looked at before any work is done for it. */
    Path folder(Path store) {
        return out == null ? Target.reports(store) : Target.checked(out);
    }

    /** Writes what was asked for, and names each file. */
    public void write(Report report, Path store, Terminal terminal) {
        Path folder = folder(store);
        List<Path> written = new ArrayList<>(List.of(report.writePage(folder)));
        if (png) {
            written.addAll(report.writePng(folder));
        }
        if (svg) {
            written.addAll(report.writeSvg(folder));
        }
        if (json) {
            var map = new LinkedHashMap<>(report.facts());
            map.put("files", written.stream().map(Path::toString).toList());
            terminal.out().print(Json.text(map));
        } else {
            written.forEach(file -> terminal.out().println(file));
        }
    }
}
