package hooke.cli.report;

import hooke.cli.arguments.Target;
import hooke.view.drawing.Picture;
import hooke.view.page.Page;
import hooke.view.plot.Plot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * A report on its way to a folder: a page, and its plots, which can lie beside it as pictures.
 *
 * @param stem of all its files' names
 * @param address what it is about, for the pictures' corner
 * @param facts what it tells, for scripts
 */
public record Report(
        String stem, String address, Page page, Supplier<List<? extends Plot>> plots, Map<String, Object> facts) {

    /** Where its page lies in a folder. */
    static Path page(Path folder, String stem) {
        return folder.resolve(stem + ".html");
    }

    public Path writePage(Path folder) {
        Path file = page(Target.folder(folder), stem);
        page.write(file);
        return file;
    }

    List<Path> writePng(Path folder) {
        return write(folder, "png", Picture::writePng);
    }

    List<Path> writeSvg(Path folder) {
        return write(folder, "svg", Picture::writeSvg);
    }

    /** Each named by its title, less the example that it shows where the rest tells it from the others. */
    private List<Path> write(Path folder, String ending, BiConsumer<Picture, Path> how) {
        List<? extends Plot> all = plots.get();
        List<String> brief =
                all.stream().map(plot -> plot.title().split(" on ")[0]).toList();
        List<Path> written = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            String title = Collections.frequency(brief, brief.get(i)) == 1
                    ? brief.get(i)
                    : all.get(i).title();
            String name = title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]+", "-");
            Path file = Target.folder(folder).resolve(stem + "-" + name + "." + ending);
            how.accept(new Picture(all.get(i), address), file);
            written.add(file);
        }
        return written;
    }
}
