package hooke.cli;

import hooke.Check;
import hooke.InputException;
import hooke.config.TaskConfig;
import hooke.lens.fourier.Dissection;
import hooke.store.RunReader;
import hooke.train.StoredTraining;
import hooke.view.GrokPage;
import hooke.view.GrokPlots;
import hooke.view.Picture;
import hooke.view.Plot;
import hooke.view.StoredRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hooke lens RUN report}: the whole dissection of a run as one page. */
@Command(
        name = "report",
        description = {
            "Take a run apart at every checkpoint, and write what is found as one HTML page that needs nothing else: spectra,",
            "neurons, restricted and excluded loss, phases, and a time-lapse. With --png or --svg also its plots as pictures."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke lens quick-grok report",
            "  ./hooke lens quick-grok report --per-key --svg --out pages"
        })
final class LensReport implements Callable<Integer> {
    private final Terminal terminal;
    private final Supplier<Path> folder;
    private final LensCommand lens;

    @Mixin
    private final LensSpectrum.KeyOptions keys = new LensSpectrum.KeyOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "The folder to write to (default: reports in the store).")
    private @Nullable Path out;

    @Option(names = "--png", description = "Also write every plot as a PNG.")
    private boolean png;

    @Option(names = "--svg", description = "Also write every plot as an SVG.")
    private boolean svg;

    LensReport(Terminal terminal, Supplier<Path> folder, LensCommand lens) {
        this.terminal = terminal;
        this.folder = folder;
        this.lens = lens;
    }

    @Override
    public Integer call() {
        return lens.whole("RUN report", this::write);
    }

    private void write(RunReader reader) {
        Path target = out == null ? folder.get().resolve("reports") : out;
        Check.that(!Files.isRegularFile(target), "--out (%s) is a file; name a folder", target);
        try {
            Files.createDirectories(target);
        } catch (IOException e) {
            throw new UncheckedIOException(target.toString(), e);
        }
        switch (reader.experiment().task()) {
            case TaskConfig.ModularArithmetic m -> writeGrokking(reader, target);
            case TaskConfig.Permutation p -> writeGrokking(reader, target);
            case TaskConfig.ListCopy l ->
                throw new InputException(
                        "there is no report of list copy yet; ./hooke lens %s patterns shows its attention"
                                .formatted(reader.run().address()));
        }
    }

    private void writeGrokking(RunReader reader, Path target) {
        Dissection dissection = Dissection.of(reader.experiment(), StoredTraining.split(reader));
        var plots = new GrokPlots(
                StoredRun.report(reader, List.of()),
                dissection,
                LensProgress.film(terminal, dissection, reader.checkpoints(), keys),
                LensProgress.phases(reader));
        String stem = reader.run().name() + "-" + reader.run().seed() + "-lens";
        Path page = target.resolve(stem + ".html");
        GrokPage.of(plots).write(page);
        terminal.out().println(page);
        for (Plot plot : png || svg ? plots.all() : List.<Plot>of()) {
            var picture = new Picture(plot, reader.run().address());
            String name = plot.title().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
            if (png) {
                Path file = target.resolve(stem + "-" + name + ".png");
                picture.writePng(file);
                terminal.out().println(file);
            }
            if (svg) {
                Path file = target.resolve(stem + "-" + name + ".svg");
                picture.writeSvg(file);
                terminal.out().println(file);
            }
        }
    }
}
