package hooke.cli.sweeps;

import hooke.Amounts;
import hooke.cli.runs.Ending;
import hooke.cli.terminal.Terminal;
import hooke.config.Estimates;
import hooke.config.Experiment;
import hooke.sweep.Sweep;
import hooke.sweep.work.Scheduler;
import hooke.sweep.work.Scheduler.End;
import hooke.sweep.work.Scheduler.Job;
import hooke.train.ResultJson;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/** Shows a sweep while it runs: a line for each run that ends, and on a terminal one that redraws itself below them. */
final class SweepProgress implements Scheduler.Watcher, AutoCloseable {
    private static final long REDRAW_NANOS = 200_000_000;
    private static final int BAR = 20;

    private final Terminal terminal;
    private final IntFunction<String> crew;
    private final LongSupplier nanos;
    private final Map<Job, Double> inHand = new HashMap<>();
    private final Map<Job, Long> begun = new HashMap<>();
    private String name = "";
    private int all;
    private long begunAt;
    private double work;
    private double workDone;
    private int done;
    private int failed;
    private long shownAt;

    /**
     * @param crew who trains so many runs, in words
     * @param nanos a clock, as {@link System#nanoTime}
     */
    SweepProgress(Terminal terminal, IntFunction<String> crew, LongSupplier nanos) {
        this.terminal = terminal;
        this.crew = crew;
        this.nanos = nanos;
    }

    @Override
    public void begins(Sweep sweep, List<Job> jobs) {
        name = sweep.name();
        all = sweep.size();
        done = all - jobs.size();
        work = jobs.stream().mapToDouble(SweepProgress::work).sum();
        workDone = 0;
        begunAt = nanos.getAsLong();
        terminal.err()
                .println("%s: %s of %s to do, %s"
                        .formatted(
                                name,
                                Amounts.count(jobs.size()),
                                Amounts.of(all, "run", "runs"),
                                crew.apply(jobs.size())));
    }

    /** FLOPs of a run that takes all its steps. */
    private static double work(Job job) {
        Experiment experiment = job.cell().experiment();
        Estimates needs = Estimates.of(experiment);
        return needs.stepFlops() * experiment.train().steps() + needs.evaluationFlops() * needs.evaluations();
    }

    @Override
    public void begins(Job job) {
        inHand.put(job, 0.0);
        begun.put(job, nanos.getAsLong());
        redraw(true);
    }

    @Override
    public void at(Job job, long step) {
        inHand.put(job, work(job) * step / job.cell().experiment().train().steps());
        redraw(false);
    }

    @Override
    public void ended(Job job, End end) {
        inHand.remove(job);
        Long since = begun.remove(job);
        String took = Amounts.duration((nanos.getAsLong() - (since == null ? begunAt : since)) / 1e9);
        switch (end) {
            case End.Done(String result) -> {
                done++;
                workDone += work(job);
                say(job.name() + "  " + Ending.line(job.cell().experiment(), ResultJson.read(result)) + ", took "
                        + took);
            }
            case End.Failed(String why) -> {
                failed++;
                workDone += work(job);
                say(job.name() + "  failed: " + why);
            }
            case End.TriedAgain(String why) -> say(job.name() + "  is tried again: " + why);
            case End.Paused(long step) -> say(job.name() + "  is saved at step " + Amounts.count(step));
            case End.Taken() -> redraw(true);
        }
    }

    @Override
    public void remark(String sentence) {
        say(sentence);
    }

    /** Runs that failed, or that their surroundings did not let train. */
    int failed() {
        return failed;
    }

    /** Prints a line of its own; the one that redraws itself moves down. */
    private void say(String line) {
        terminal.err().print(erase() + line + "\n");
        terminal.err().flush();
        redraw(true);
    }

    private void redraw(boolean now) {
        long time = nanos.getAsLong();
        if (terminal.errShown() && (now || time - shownAt >= REDRAW_NANOS)) {
            shownAt = time;
            String line = line();
            terminal.err().print(erase() + line.substring(0, Math.min(line.length(), terminal.width() - 1)));
            terminal.err().flush();
        }
    }

    /** {@code list-copy-grid  12/160 done  ██░░  2 running  at most 41 min left}. */
    private String line() {
        double share = work == 0
                ? 1
                : Math.min(
                        1,
                        (workDone + inHand.values().stream().mapToDouble(d -> d).sum()) / work);
        double seconds = (nanos.getAsLong() - begunAt) / 1e9;
        int full = (int) (BAR * share);
        return "%s  %s/%s done  %s%s  %s running%s%s"
                .formatted(
                        name,
                        Amounts.count(done),
                        Amounts.count(all),
                        "█".repeat(full),
                        "░".repeat(BAR - full),
                        inHand.size(),
                        failed == 0 ? "" : ", " + failed + " failed",
                        share > 0.001 && share < 1
                                ? "  at most %s left".formatted(Amounts.duration(seconds * (1 - share) / share))
                                : "");
    }

    private String erase() {
        return terminal.errShown() ? "\r\u001b[K" : "";
    }

    /** Takes the line that redraws itself away. */
    @Override
    public void close() {
        terminal.err().print(erase());
        terminal.err().flush();
    }
}
