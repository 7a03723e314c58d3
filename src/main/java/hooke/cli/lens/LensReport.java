package hooke.cli.lens;

import hooke.InputException;
import hooke.cli.report.Report;
import hooke.cli.report.ReportOptions;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Terminal;
import hooke.config.Experiment;
import hooke.config.task.LifeConfig;
import hooke.config.task.OwnConfig;
import hooke.config.task.TableConfig;
import hooke.config.task.TaskConfig;
import hooke.config.task.TextConfig;
import hooke.lens.Examples;
import hooke.lens.OpenedModel;
import hooke.lens.attention.AttentionExample;
import hooke.lens.fourier.Dissection;
import hooke.lens.listcopy.ListCopyStudy;
import hooke.store.RunReader;
import hooke.tensor.Scope;
import hooke.train.StoredTraining;
import hooke.view.lens.AttentionPage;
import hooke.view.lens.GrokPage;
import hooke.view.lens.GrokPlots;
import hooke.view.lens.ListCopyPage;
import hooke.view.page.Page;
import hooke.view.plot.Plot;
import hooke.view.run.StoredRun;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hooke lens RUN report}: the whole dissection of a run as one page. */
@Command(
        name = "report",
        description = {
            "Analyse a run and write the findings as one HTML page.",
            "For grokking runs, at every checkpoint: spectra, neurons, restricted and excluded loss, phases, and "
                    + "a time-lapse. For list copy, at one checkpoint: attention, leaks, edges, which components write the "
                    + "answers, what SEP carries. --png or --svg also writes the plots as pictures."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke lens quick-grok report",
            "  ./hooke lens list-copy/0@100 report",
            "  ./hooke lens quick-grok report --per-key --svg --out pages"
        })
final class LensReport implements Callable<Exit> {
    private final Terminal terminal;
    private final LensCommand lens;

    @Mixin
    private final LensSpectrum.KeyOptions keys = new LensSpectrum.KeyOptions();

    @Mixin
    private final ReportOptions files = new ReportOptions();

    LensReport(Terminal terminal, LensCommand lens) {
        this.terminal = terminal;
        this.lens = lens;
    }

    @Override
    public Exit call() {
        return switch (lens.task()) {
            case TaskConfig.ModularArithmetic _, TaskConfig.Permutation _ ->
                lens.whole("RUN report", this::writeGrokking);
            case TaskConfig.ListCopy _ -> lens.look(this::writeListCopy);
            case TaskConfig.None _, TableConfig _, LifeConfig _, TextConfig _, OwnConfig _ ->
                throw new InputException(
                        "lens report knows modular arithmetic, permutations and list copy; for other tasks use lens patterns --page, logits, ablate, patch and probe");
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
            return AttentionExample.of(
                    opened, Examples.test(opened).first(AttentionPage.EXAMPLES).mostVariedFirst());
        }
    }

    private void writeListCopy(LensCommand.Looked looked) {
        var study = ListCopyStudy.of(looked.opened());
        Experiment experiment = looked.opened().experiment();
        write(
                looked.address(),
                ListCopyPage.of(looked.address(), experiment, study),
                ListCopyPage.plots(experiment, study));
    }

    private void write(String address, Page page, List<? extends Plot> plots) {
        files.write(
                new Report(LensCommand.stem(address) + "-lens", address, page, () -> plots, Map.of("run", address)),
                lens.store(),
                terminal);
    }
}
