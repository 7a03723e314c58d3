package hooke.cli;

import hooke.Check;
import hooke.store.Address;
import hooke.store.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke report}: a run as one page, and its plots as pictures. */
@Command(
        name = "report",
        description = {
            "Write a run as one HTML page that needs nothing else: curves, events, settings,",
            "attention patterns, checkpoints, provenance. With --png or --svg also its plots as pictures."
        },
        footer = {"", "Examples:", "  ./hooke report quick-grok", "  ./hooke report list-copy/0@500 --svg --out pages"})
final class ReportCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description =
                    "name, name/seed or name/seed@step; attention is that of the step, else of the last checkpoint.")
    private String address = "";

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "The folder to write to (default: reports in the store).")
    private @Nullable Path out;

    @Option(names = "--png", description = "Also write every plot as a PNG.")
    private boolean png;

    @Option(names = "--svg", description = "Also write every plot as an SVG.")
    private boolean svg;

    ReportCommand(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Override
    public Integer call() {
        try (Store store = Store.openReadOnly(folder.get())) {
            Address found = store.find(address);
            Path target = out == null ? folder.get().resolve("reports") : out;
            Check.that(!java.nio.file.Files.isRegularFile(target), "--out (%s) is a file; name a folder", target);
            var report = new RunFiles(store, found, target);
            List<Path> written = new ArrayList<>(List.of(report.writePage()));
            if (png) {
                written.addAll(report.writePng());
            }
            if (svg) {
                written.addAll(report.writeSvg());
            }
            written.forEach(path -> terminal.out().println(path));
        }
        return Main.DONE;
    }
}
