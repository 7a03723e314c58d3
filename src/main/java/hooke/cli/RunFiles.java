package hooke.cli;

import hooke.lens.AttentionPattern;
import hooke.lens.OpenedModel;
import hooke.store.Address;
import hooke.store.Checkpoint;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.Store;
import hooke.task.Task;
import hooke.tensor.Scope;
import hooke.view.HeatMap;
import hooke.view.Picture;
import hooke.view.Plot;
import hooke.view.RunPage;
import hooke.view.RunReport;
import hooke.view.StoredRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/** The report of a run as files in a folder. */
final class RunFiles {
    /** Longer contexts make heat maps that nobody can read. */
    private static final int READABLE_POSITIONS = 16;

    private final RunReport report;
    private final Path folder;
    private final String stem;

    RunFiles(Store store, Address address, Path folder) {
        RunReader reader = store.read(address.run());
        this.report = StoredRun.report(reader, heatMaps(reader, address));
        this.folder = Target.folder(folder);
        this.stem = stem(address.run());
    }

    /** What every head attends to on a sample of the task, at the step asked for or the last checkpoint. */
    private static List<HeatMap> heatMaps(RunReader reader, Address address) {
        List<Checkpoint> checkpoints = reader.checkpoints();
        if (checkpoints.isEmpty() || reader.experiment().model().nCtx() > READABLE_POSITIONS) {
            return List.of();
        }
        Checkpoint checkpoint =
                address.step().isPresent() ? reader.checkpoint(address.step().getAsLong()) : checkpoints.getLast();
        List<HeatMap> maps = new ArrayList<>();
        try (var _ = new Scope()) {
            OpenedModel opened = OpenedModel.of(reader, checkpoint);
            Task task = opened.task();
            int sample = task.size() / 2;
            String sentence = task.sentence(task.tokens(sample), task.answers(sample));
            var model = opened.model().config();
            for (AttentionPattern pattern : AttentionPattern.of(opened, task.tokens(sample))) {
                String head = model.nHeads() == 1 ? "" : ", head " + pattern.head();
                maps.add(HeatMap.attention(
                        "Layer " + pattern.layer() + head + " on " + sentence,
                        task.positionLabels(),
                        model.mask(),
                        pattern.weights()));
            }
        }
        return maps;
    }

    private static String stem(Run run) {
        return run.name() + "-" + run.seed();
    }

    /** Where the page of a run lies. */
    static Path page(Path folder, Run run) {
        return folder.resolve(stem(run) + ".html");
    }

    Path writePage() {
        Path file = folder.resolve(stem + ".html");
        RunPage.of(report).write(file);
        return file;
    }

    List<Path> writePng() {
        return write("png", Picture::writePng);
    }

    List<Path> writeSvg() {
        return write("svg", Picture::writeSvg);
    }

    private List<Path> write(String ending, BiConsumer<Picture, Path> how) {
        List<Plot> plots = new ArrayList<>(report.plots());
        plots.addAll(report.heatMaps());
        List<Path> written = new ArrayList<>();
        for (Plot plot : plots) {
            String title =
                    plot.title().split(" on ")[0].toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
            Path file = folder.resolve(stem + "-" + title + "." + ending);
            how.accept(new Picture(plot, report.address()), file);
            written.add(file);
        }
        return written;
    }
}
