package hooke.cli.train;

import hooke.Amounts;
import hooke.cli.runs.Ending;
import hooke.cli.terminal.Terminal;
import hooke.config.Aim;
import hooke.config.EventKind;
import hooke.config.Experiment;
import hooke.config.task.SampleTexts;
import hooke.train.Evaluation;
import hooke.train.Recorder;
import hooke.train.Trainer;
import hooke.train.Training;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Shows a training while it runs: a line that redraws itself on a terminal, a plain line every few seconds elsewhere, and a line for
 * each event. It watches what goes to another recorder.
 */
final class Progress implements Recorder, AutoCloseable {
    private static final double REDRAW_SECONDS = 0.1;
    private static final double PLAIN_SECONDS = 5;
    /** Time over which the rate is averaged. */
    private static final double RATE_SECONDS = 3;

    /** Cells of the bar, where there is room for so many; else half of them, else none. */
    private static final int BAR = 24;

    private final Terminal terminal;
    private final String run;
    private final Experiment experiment;
    private final long last;
    private final LongSupplier nanos;
    private final Recorder to;
    private final Map<String, Double> values = new LinkedHashMap<>();
    private final long interval;
    private long step;
    private long shownStep;
    private long shownAt;
    private double rate;

    /**
     * @param run its address
     * @param first updates done already
     * @param experiment that is trained
     * @param nanos a clock, as {@link System#nanoTime}
     * @param to where everything is passed on to
     */
    Progress(Terminal terminal, String run, long first, Experiment experiment, LongSupplier nanos, Recorder to) {
        this.terminal = terminal;
        this.run = run;
        this.experiment = experiment;
        this.last = experiment.train().steps();
        this.nanos = nanos;
        this.to = to;
        this.interval = (long) ((terminal.errShown() ? REDRAW_SECONDS : PLAIN_SECONDS) * 1e9);
        this.step = first;
        this.shownStep = first;
        this.shownAt = nanos.getAsLong();
    }

    @Override
    public void log(long step, String series, double value) {
        to.log(step, series, value);
        this.step = step;
        values.put(series, value);
        long now = nanos.getAsLong();
        if (now - shownAt >= interval) {
            show(now);
        }
    }

    @Override
    public void event(long step, EventKind kind, String detail) {
        to.event(step, kind, detail);
        if (kind == EventKind.SAMPLES) {
            say("%s: writes \"%s\" at step %s"
                    .formatted(run, SampleTexts.of(detail).getFirst(), Amounts.count(step)));
            return;
        }
        Optional<Aim> aim = Aim.ofEvent(kind, experiment);
        if (aim.isPresent()) { // noted when it is sure, it happened where its detail says
            long at = Ending.happened(step, detail);
            say("%s: %s at step %s".formatted(run, aim.get().done(experiment.train()), Amounts.count(at)));
        } else if (!Aim.isNotedBy(kind)) {
            long at = Ending.happened(step, detail);
            say("%s: %s at step %s".formatted(run, Ending.name(kind.word(), detail), Amounts.count(at)));
        }
    }

    @Override
    public void evaluated(Evaluation evaluation) {
        to.evaluated(evaluation);
    }

    @Override
    public void checkpoint(Training training) {
        to.checkpoint(training);
    }

    @Override
    public void finished(Trainer.Result result) {
        to.finished(result);
    }

    /** Prints a line of its own; the one that redraws itself moves down. */
    void say(String line) {
        terminal.err().print(erase() + line + "\n");
        terminal.err().flush();
    }

    private void show(long now) {
        double seconds = (now - shownAt) / 1e9;
        double measured = (step - shownStep) / seconds;
        double weight = rate == 0 ? 1 : 1 - Math.exp(-seconds / RATE_SECONDS);
        rate += weight * (measured - rate);
        shownAt = now;
        shownStep = step;
        terminal.err()
                .print(terminal.errShown() ? erase() + line(terminal.width() - 1) : line(Integer.MAX_VALUE) + "\n");
        terminal.err().flush();
    }

    private String erase() {
        return terminal.errShown() ? "\r\u001b[K" : "";
    }

    /** What is known, at most that wide. */
    private String line(int width) {
        String counted = "%s  %s/%s".formatted(run, Amounts.count(step), Amounts.count(last));
        var figures = new StringBuilder("  ").append(perSecond());
        if (values.containsKey("train_loss")) {
            figures.append("  ").append(experiment.task().lossUnit()).append(':');
        }
        figures.append(measure(" train", "train_loss", "train_accuracy"));
        figures.append(measure("  test", "test_loss", "test_accuracy"));
        if (rate > 0) {
            figures.append("  ").append(Amounts.duration((last - step) / rate)).append(" left");
        }
        int room = width == Integer.MAX_VALUE ? 0 : width - counted.length() - figures.length() - 2;
        int cells = room >= BAR ? BAR : room >= BAR / 2 ? BAR / 2 : 0;
        String line = counted + (cells == 0 ? "" : "  " + bar(cells)) + figures;
        return line.length() > width ? line.substring(0, width) : line;
    }

    private String bar(int cells) {
        int full = (int) (cells * step / Math.max(1, last));
        return "█".repeat(full) + "░".repeat(cells - full);
    }

    private String perSecond() {
        return String.format(Locale.ROOT, rate < 9.95 ? "%.1f/s" : "%,.0f/s", rate);
    }

    private String measure(String set, String loss, String accuracy) {
        Double lossValue = values.get(loss);
        Double accuracyValue = values.get(accuracy);
        return (lossValue == null ? "" : set + " " + Amounts.figure(lossValue))
                + (accuracyValue == null ? "" : String.format(Locale.ROOT, " (%.1f%%)", 100 * accuracyValue));
    }

    /** Takes the line that redraws itself away. */
    @Override
    public void close() {
        terminal.err().print(erase());
        terminal.err().flush();
    }
}
