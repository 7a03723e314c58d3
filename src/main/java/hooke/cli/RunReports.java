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
import hooke.view.RunPage;
import hooke.view.RunReport;
import hooke.view.StoredRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reports of runs. */
final class RunReports {
    /** Longer contexts make heat maps that nobody can read. */
    private static final int READABLE_POSITIONS = 16;

    private RunReports() {}

    static Report of(Store store, Address address) {
        RunReader reader = store.read(address.run());
        RunReport report = StoredRun.report(reader, heatMaps(reader, address));
        return new Report(
                stem(address.run()),
                report.address(),
                RunPage.of(report),
                () -> Stream.concat(report.plots().stream(), report.heatMaps().stream())
                        .toList());
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
        return Report.page(folder, stem(run));
    }
}
