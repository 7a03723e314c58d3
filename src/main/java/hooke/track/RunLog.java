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
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The log of a run as JSON lines: written while it trains, or afterwards from what is stored, with the same events in the same order. */
public final class RunLog implements Recorder {
    private final LogFile file;
    /** Lines that it had when the run was resumed, as {@link #key}. */
    private final Set<String> before;

    private final LogLines lines;
    private final String lossSeries;
    private final DoubleSupplier clock;
    private final Recorder to;

    private RunLog(
            LogFile file, Set<String> before, LogLines lines, String lossSeries, DoubleSupplier clock, Recorder to) {
        this.file = file;
        this.before = before;
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
        List<Long> resumedAt = reader.resumedAt();
        Set<String> before = resumedAt.isEmpty()
                ? Set.of()
                : file.lines().stream().map(RunLog::key).collect(Collectors.toSet());
        var log = new RunLog(file, before, lines, lossSeries(reader.experiment()), clock, to);
        lines.head().forEach(log::add);
        if (!resumedAt.isEmpty()) {
            file.add(lines.resumed(resumedAt.getLast()));
        }
        return log;
    }

    /** Unless the file has it from before an interruption: what is trained again comes to the same. */
    private void add(String line) {
        if (before.isEmpty() || !before.contains(key(line))) {
            file.add(line);
        }
    }

    /** What a line tells: which run, event, step and name; empty for one that a killed process left unfinished. */
    private static String key(String line) {
        try {
            JsonNode json = JsonMapper.shared().readTree(line);
            return json.path("run").asString("") + " "
                    + json.path("event").asString("") + " "
                    + json.path("step").asLong(-1) + " "
                    + json.path("detail").path("name").asString("");
        } catch (JacksonException e) {
            return "";
        }
    }

    /** The loss that each step has. */
    private static String lossSeries(Experiment experiment) {
        return experiment.train().batch().isFull() ? "train_loss" : "loss";
    }

    @Override
    public void log(long step, String series, double value) {
        to.log(step, series, value);
        if (series.equals(lossSeries)) {
            add(lines.training(step, value, clock.getAsDouble()));
        }
    }

    @Override
    public void evaluated(Evaluation evaluation) {
        to.evaluated(evaluation);
        add(lines.validation(evaluation, clock.getAsDouble()));
    }

    @Override
    public void event(long step, EventKind kind, String detail) {
        to.event(step, kind, detail);
        add(lines.event(step, kind.word(), detail, clock.getAsDouble()));
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
