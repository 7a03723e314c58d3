package hooke.track;

import hooke.config.EventKind;
import hooke.config.Experiment;
import hooke.store.Event;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.series.Series;
import hooke.train.Evaluation;
import hooke.train.Recorder;
import hooke.train.ResultJson;
import hooke.train.StoredTraining;
import hooke.train.Trainer;
import hooke.train.Training;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleSupplier;

/** The log of a run as JSON lines: written while it trains, or afterwards from what is stored, with the same events in the same order. */
public final class RunLog implements Recorder {
    private final LogFile file;
    private final LogLines lines;
    private final String lossSeries;
    private final DoubleSupplier clock;
    private final Recorder to;

    private RunLog(LogFile file, LogLines lines, String lossSeries, DoubleSupplier clock, Recorder to) {
        this.file = file;
        this.lines = lines;
        this.lossSeries = lossSeries;
        this.clock = clock;
        this.to = to;
    }

    /**
     * Logs a run that begins now, or goes on.
     *
     * @param clock seconds since 1970
     * @param to where everything is passed on to, before it is logged
     */
    public static Recorder over(RunReader reader, LogFile file, DoubleSupplier clock, Recorder to) {
        var lines = new LogLines(reader, clock.getAsDouble());
        lines.head().forEach(file::add);
        List<Long> resumedAt = reader.resumedAt();
        if (!resumedAt.isEmpty()) {
            file.add(lines.resumed(resumedAt.getLast()));
        }
        return new RunLog(file, lines, lossSeries(reader.experiment()), clock, to);
    }

    /** The loss that each step has. */
    private static String lossSeries(Experiment experiment) {
        return experiment.train().batch().isFull() ? "train_loss" : "loss";
    }

    @Override
    public void log(long step, String series, double value) {
        to.log(step, series, value);
        if (series.equals(lossSeries)) {
            file.add(lines.training(step, value, clock.getAsDouble()));
        }
    }

    @Override
    public void evaluated(Evaluation evaluation) {
        to.evaluated(evaluation);
        file.add(lines.validation(evaluation, clock.getAsDouble()));
    }

    @Override
    public void event(long step, EventKind kind, String detail) {
        to.event(step, kind, detail);
        file.add(lines.event(step, kind.word(), detail, clock.getAsDouble()));
    }

    @Override
    public void checkpoint(Training training) {
        to.checkpoint(training);
    }

    @Override
    public void finished(Trainer.Result result) {
        to.finished(result);
        file.add(lines.finished(result, clock.getAsDouble()));
    }

    /** A line of a stored run, with what it is sorted by. */
    private record Line(long step, int place, String text) {}

    /**
     * Writes the log of a stored run, without what an interruption made twice.
     *
     * @param now stands for the end of a run that has not ended
     */
    public static void write(RunReader reader, LogFile file, OffsetDateTime now) {
        RunTimes times = RunTimes.of(reader, now);
        var lines = new LogLines(reader, times.begun());
        lines.head().forEach(file::add);
        List<Line> all = new ArrayList<>();
        String loss = lossSeries(reader.experiment());
        if (reader.seriesNames().contains(loss)) {
            Series series = reader.series(loss);
            for (int i = 0; i < series.size(); i++) {
                long step = series.steps()[i];
                all.add(new Line(step, 0, lines.training(step, series.values()[i], times.at(step))));
            }
        }
        for (Evaluation evaluation : StoredTraining.evaluations(reader)) {
            long step = evaluation.step();
            all.add(new Line(step, 1, lines.validation(evaluation, times.at(step))));
        }
        for (Event event : reader.events()) {
            long step = event.step();
            all.add(new Line(step, 2, lines.event(step, event.kind(), event.detail(), times.at(step))));
        }
        all.sort(Comparator.comparingLong(Line::step).thenComparingInt(Line::place));
        all.forEach(line -> file.add(line.text()));
        if (reader.run().status() == Run.Status.DONE) {
            file.add(lines.finished(ResultJson.read(String.valueOf(reader.run().outcome())), times.ended()));
        }
    }
}
