package hooke.cli.report;

import hooke.cli.runs.Show;
import hooke.cli.runs.TextFigures;
import hooke.config.task.TextConfig;
import hooke.lens.OpenedModel;
import hooke.lens.attention.AttentionPattern;
import hooke.store.Address;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.Store;
import hooke.store.files.Checkpoint;
import hooke.task.FiniteTask;
import hooke.tensor.Scope;
import hooke.view.plot.HeatMap;
import hooke.view.run.Comparison;
import hooke.view.run.ComparisonPage;
import hooke.view.run.RunPage;
import hooke.view.run.RunReport;
import hooke.view.run.StoredRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reports of runs. */
public final class RunReports {
    /** Longer contexts make heat maps that nobody can read. */
    private static final int READABLE_POSITIONS = 16;

    private RunReports() {}

    public static Report of(Store store, Address address) {
        RunReader reader = store.read(address.run());
        RunReport report = StoredRun.report(reader, heatMaps(reader, address));
        Map<String, Object> facts = Show.asMap(reader);
        facts.put("headline", report.headline());
        return new Report(
                stem(address.run()),
                report.address(),
                RunPage.of(report, TextFigures.losses(reader, address.step()), TextFigures.samples(reader)),
                () -> Stream.concat(report.plots().stream(), report.heatMaps().stream())
                        .toList(),
                facts);
    }

    /** The pages of runs that lie in a folder: file names by the run's address. */
    static Map<String, String> pages(List<Run> runs, Path folder) {
        Map<String, String> pages = new LinkedHashMap<>();
        for (Run run : runs) {
            Path page = page(folder, run);
            if (Files.exists(page)) {
                pages.put(run.address(), String.valueOf(page.getFileName()));
            }
        }
        return pages;
    }

    /**
     * Runs side by side.
     *
     * @param folder where the page will lie: it links to the pages of runs that lie there
     */
    public static Report of(Store store, List<Run> runs, Path folder) {
        Comparison.check(runs.size());
        var comparison = new Comparison(runs.stream()
                .map(run -> StoredRun.report(store.read(run), List.of()))
                .toList());
        return new Report(
                ComparisonPage.stem(comparison),
                comparison.headline(),
                ComparisonPage.of(comparison, pages(runs, folder)),
                comparison::plots,
                facts(comparison));
    }

    /** Values of a key are in the order of the runs. */
    private static Map<String, Object> facts(Comparison comparison) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("runs", comparison.runs().stream().map(RunReport::address).toList());
        facts.put("headline", comparison.headline());
        facts.put("outcomes", values(comparison.outcomes()));
        Map<String, Object> last = new LinkedHashMap<>();
        comparison
                .finals()
                .forEach(line -> last.put(
                        line.name(),
                        comparison.last(line.name()).stream()
                                .map(v -> v.orElse(null))
                                .toList()));
        facts.put("last", last);
        facts.put(
                "settings_that_differ",
                values(comparison.settings().stream()
                        .filter(Comparison.Line::differs)
                        .toList()));
        Map<String, Object> same = new LinkedHashMap<>();
        comparison.settings().stream()
                .filter(line -> !line.differs())
                .forEach(line -> same.put(line.name(), line.values().getFirst()));
        facts.put("settings_in_common", same);
        facts.put("provenance", values(comparison.provenance()));
        return facts;
    }

    private static Map<String, Object> values(List<Comparison.Line> lines) {
        Map<String, Object> map = new LinkedHashMap<>();
        lines.forEach(line -> map.put(line.name(), line.values()));
        return map;
    }

    /** What every head attends to on a sample of the task, at the step asked for or the last checkpoint. */
    private static List<HeatMap> heatMaps(RunReader reader, Address address) {
        List<Checkpoint> checkpoints = reader.checkpoints();
        if (checkpoints.isEmpty()
                || reader.experiment().task() instanceof TextConfig
                || reader.experiment().model().nCtx() > READABLE_POSITIONS) {
            return List.of();
        }
        Checkpoint checkpoint =
                address.step().isPresent() ? reader.checkpoint(address.step().getAsLong()) : checkpoints.getLast();
        List<HeatMap> maps = new ArrayList<>();
        try (var _ = new Scope()) {
            OpenedModel opened = OpenedModel.of(reader, checkpoint);
            FiniteTask task = opened.task();
            if (task.size() == 0) {
                return List.of();
            }
            int sample = task.size() / 2;
            String sentence = task.sentence(task.tokens(sample), task.answers(sample));
            var model = opened.model().config();
            for (AttentionPattern pattern : AttentionPattern.of(opened, task.tokens(sample))) {
                String head = model.nHeads() == 1 ? "" : ", head " + pattern.head();
                maps.add(HeatMap.attention(
                        "Layer " + pattern.layer() + head + " on " + sentence,
                        task.positionLabels(),
                        model.mask(pattern.layer(), pattern.head()),
                        pattern.weights()));
            }
        }
        return maps;
    }

    private static String stem(Run run) {
        return run.name() + "-" + run.seed();
    }

    /** Where the page of a run lies. */
    public static Path page(Path folder, Run run) {
        return Report.page(folder, stem(run));
    }
}
