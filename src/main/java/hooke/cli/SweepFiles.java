package hooke.cli;

import hooke.Check;
import hooke.sweep.Capacity;
import hooke.sweep.Panel;
import hooke.sweep.SweepMeasures;
import hooke.view.Picture;
import hooke.view.Plot;
import hooke.view.SweepPage;
import hooke.view.SweepPlots;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** The report of a sweep as files in a folder. */
final class SweepFiles {
    private final SweepMeasures sweep;
    private final Capacity capacity;
    private final List<Panel> panels;
    private final List<String> remarks;
    private final Path folder;

    /** @param by settings that make the groups of plots; empty to choose */
    SweepFiles(Measuring.Measured measured, Capacity capacity, List<String> by, Path folder) {
        SweepMeasures sweep = measured.measures();
        Set<String> keys = new TreeSet<>();
        sweep.cells().forEach(c -> keys.addAll(c.cell().settings().keySet()));
        for (String key : by) {
            Check.that(
                    keys.contains(key),
                    "--by %s: the cells of this sweep do not differ in that%s; they differ in %s",
                    key,
                    Check.didYouMean(key, keys),
                    String.join(", ", keys));
        }
        this.sweep = sweep;
        this.remarks = measured.remarks();
        this.capacity = capacity;
        this.panels = Panel.of(sweep, capacity, by);
        this.folder = Target.folder(folder);
    }

    Path writePage() {
        Path file = folder.resolve(sweep.sweep().name() + ".html");
        SweepPage.of(sweep, capacity, panels, remarks).write(file);
        return file;
    }

    List<Path> writePng() {
        return write("png", Picture::writePng);
    }

    List<Path> writeSvg() {
        return write("svg", Picture::writeSvg);
    }

    private List<Path> write(String ending, BiConsumer<Picture, Path> how) {
        List<Path> written = new ArrayList<>();
        for (Plot plot : SweepPlots.of(sweep, panels)) {
            String title = plot.title().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]+", "-");
            Path file = folder.resolve(sweep.sweep().name() + "-" + title + "." + ending);
            how.accept(new Picture(plot, sweep.sweep().name()), file);
            written.add(file);
        }
        return written;
    }
}
