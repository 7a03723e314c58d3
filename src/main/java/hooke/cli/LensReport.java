package hooke.cli;

import hooke.config.ModelConfig;
import hooke.config.TaskConfig;
import hooke.lens.AttentionExample;
import hooke.lens.Examples;
import hooke.lens.ListCopyStudy;
import hooke.lens.OpenedModel;
import hooke.lens.fourier.Dissection;
import hooke.store.RunReader;
import hooke.tensor.Scope;
import hooke.train.StoredTraining;
import hooke.view.AttentionPage;
import hooke.view.GrokPage;
import hooke.view.GrokPlots;
import hooke.view.ListCopyPage;
import hooke.view.Page;
import hooke.view.Picture;
import hooke.view.Plot;
import hooke.view.StoredRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hooke lens RUN report}: the whole dissection of a run as one page. */
@Command(
        name = "report",
        description = {
            "Take a run apart, and write what is found as one HTML page.",
            "Grokking, at every checkpoint: spectra, neurons, restricted and excluded loss, phases, and a time-lapse. List copy,",
            "at one checkpoint: attention, leaks, edges, who writes the answers, what SEP carries. With --png or --svg also its",
            "plots as pictures."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke lens quick-grok report",
            "  ./hooke lens list-copy/0@100 report",
            "  ./hooke lens quick-grok report --per-key --svg --out pages"
        })
final class LensReport implements Callable<Integer> {
    private final Terminal terminal;
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

    LensReport(Terminal terminal, LensCommand lens) {
        this.terminal = terminal;
        this.lens = lens;
    }

    @Override
    public Integer call() {
        return switch (lens.task()) {
            case TaskConfig.ModularArithmetic _, TaskConfig.Permutation _ ->
                lens.whole("RUN report", this::writeGrokking);
            case TaskConfig.ListCopy _ -> lens.look(this::writeListCopy);
        };
    }

    private void writeGrokking(RunReader reader) {
        Dissection dissection = Dissection.of(reader.experiment(), StoredTraining.split(reader));
        var plots = new GrokPlots(
                StoredRun.report(reader, List.of()),
                dissection,
                LensProgress.film(terminal, dissection, reader.checkpoints(), keys),
                LensProgress.phases(reader),
                examples(reader));
        write(reader.run().address(), GrokPage.of(plots), plots.all());
    }

    /** Attention at the last checkpoint. */
    private static List<AttentionExample> examples(RunReader reader) {
        try (var _ = new Scope()) {
            OpenedModel opened = OpenedModel.of(reader, reader.checkpoints().getLast());
            return AttentionExample.of(opened, Examples.test(opened).first(AttentionPage.EXAMPLES));
        }
    }

    private void writeListCopy(LensCommand.Looked looked) {
        var study = ListCopyStudy.of(looked.opened());
        ModelConfig model = looked.opened().model().config();
        write(looked.address(), ListCopyPage.of(looked.address(), model, study), ListCopyPage.plots(model, study));
    }

    private void write(String address, Page page, List<? extends Plot> plots) {
        Path file = lens.file(out, address, "lens.html");
        page.write(file);
        terminal.out().println(file);
        for (Plot plot : png || svg ? plots : List.<Plot>of()) {
            var picture = new Picture(plot, address);
            String title = plot.title().split(" on (?=[0-9])")[0].toLowerCase(Locale.ROOT);
            String name = "lens-" + title.replaceAll("[^a-z0-9]+", "-");
            if (png) {
                Path image = lens.file(out, address, name + ".png");
                picture.writePng(image);
                terminal.out().println(image);
            }
            if (svg) {
                Path image = lens.file(out, address, name + ".svg");
                picture.writeSvg(image);
                terminal.out().println(image);
            }
        }
    }
}
