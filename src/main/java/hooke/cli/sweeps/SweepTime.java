package hooke.cli.sweeps;

import hooke.Amounts;
import hooke.cli.process.SameProgram;
import hooke.sweep.CellResults;
import hooke.sweep.SweepResults;
import hooke.sweep.SweepRun.Status;
import hooke.sweep.work.Forecast;
import java.time.Duration;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.OptionalDouble;

/** What {@code sweep --dry-run} says of time. */
final class SweepTime {
    /** A measurement takes some 10 seconds; what is not done after so many has updates that nobody wants to wait for here. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private SweepTime() {}

    /**
     * Those who would train.
     *
     * @param size runs at once
     * @param words for the end of a sentence that says with whom
     */
    record Crew(int size, String words) {}

    static String sentence(SweepResults results, Crew crew) {
        int measuring = Math.min(crew.size(), Runtime.getRuntime().availableProcessors());
        List<String> command = SameProgram.words("step-time");
        return sentence(
                results,
                Forecast.of(results, some -> StepTimeCommand.ask(command, measuring, some, LIMIT)),
                crew,
                measuring);
    }

    static String sentence(SweepResults results, Forecast forecast, Crew crew, int measuring) {
        List<CellResults> left = results.cells().stream()
                .filter(row -> row.count(Status.DONE) < row.runs().size())
                .toList();
        OptionalDouble all = forecast.all(crew.size());
        if (all.isEmpty()) {
            return "how long a run takes was not measured: a process that tries some updates gave no answer, or none within %s"
                    .formatted(Amounts.duration(LIMIT.toSeconds()));
        }
        DoubleSummaryStatistics each = new DoubleSummaryStatistics();
        left.forEach(row -> each.accept(forecast.seconds(row.cell()).orElseThrow()));
        long fromRuns =
                left.stream().filter(row -> forecast.isFromRuns(row.cell())).count();
        String least = Amounts.duration(each.getMin());
        String most = Amounts.duration(each.getMax());
        return "a run takes about %s, all about %s with %s: %s"
                .formatted(
                        least.equals(most) ? most : least + " to " + most,
                        Amounts.duration(all.getAsDouble()),
                        crew.words(),
                        basis(results, forecast, left.size(), fromRuns, measuring));
    }

    /** What the times come from and contain. */
    private static String basis(SweepResults results, Forecast forecast, int cells, long fromRuns, int measuring) {
        String byRuns = "finished runs of the same cell, their mean";
        if (fromRuns == cells) {
            return byRuns + "; the start of the workers is not in it";
        }
        boolean mayStop = results.cells().stream()
                .anyMatch(row -> row.cell().experiment().train().stopsAt().isPresent());
        String measured =
                "all steps and evaluations by their FLOPs, at the speed of some seconds of training here, %s, and %s until a worker has it; checkpoints are not in it%s"
                        .formatted(
                                measuring == 1 ? "alone" : measuring + " side by side",
                                Amounts.duration(forecast.start().orElse(0)),
                                mayStop ? ", and a run that stops early takes less" : "");
        return fromRuns == 0 ? measured : byRuns + "; of other cells " + measured;
    }
}
