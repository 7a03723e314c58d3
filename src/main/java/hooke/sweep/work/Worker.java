package hooke.sweep.work;

import hooke.InputException;
import hooke.config.EventKind;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.config.Fit;
import hooke.store.Provenance;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.sweep.SweepResults;
import hooke.train.Evaluation;
import hooke.train.Recorder;
import hooke.train.ResultJson;
import hooke.train.StoredTraining;
import hooke.train.Trainer;
import hooke.train.Training;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A process that trains one run after another, as it is told line by line. When nobody can tell it anything any more, because its input
 * ends with the process that started it, it saves what it trains and ends.
 */
public final class Worker {
    /** How often progress is told, so that a blink of a run tells nothing. */
    private static final long TELL_NANOS = 200_000_000;

    private final Store store;
    private final Provenance provenance;
    private final Consumer<String> out;
    private final Watch watch;
    private final BooleanSupplier interrupted;
    private volatile boolean left;

    /** Sees what goes by while runs are trained. */
    public interface Watch {
        /** A recorder for a run that begins, or goes on; it passes everything on to the other. */
        Recorder over(RunReader run, Recorder recorder);
    }

    private Worker(Store store, Provenance provenance, Consumer<String> out, Watch watch, BooleanSupplier interrupted) {
        this.store = store;
        this.provenance = provenance;
        this.out = out;
        this.watch = watch;
        this.interrupted = interrupted;
    }

    /**
     * Works until the input ends or somebody wants this process to end.
     *
     * @param in one {@link Order} a line
     * @param out takes one {@link Reply} a line, the first of them {@link Reply.Ready}
     * @param watch sees what is recorded
     * @param interrupted whether somebody wants this process to end; asked once a step
     */
    public static void work(
            Store store,
            Provenance provenance,
            BufferedReader in,
            Consumer<String> out,
            Watch watch,
            BooleanSupplier interrupted) {
        var worker = new Worker(store, provenance, out, watch, interrupted);
        var orders = new LinkedBlockingQueue<Optional<String>>();
        Thread.ofPlatform().daemon().name("orders").start(() -> worker.listen(in, orders));
        worker.work(orders);
    }

    private void listen(BufferedReader in, LinkedBlockingQueue<Optional<String>> orders) {
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                orders.add(Optional.of(line));
            }
        } catch (IOException e) {
            // Who cannot be heard has left.
        }
        left = true;
        orders.add(Optional.empty());
    }

    private void work(LinkedBlockingQueue<Optional<String>> orders) {
        out.accept(new Reply.Ready(provenance.likeness()).line());
        try {
            for (Optional<String> line = orders.take(); line.isPresent() && !ends(); line = orders.take()) {
                Reply.Last reply = reply(Order.parse(line.get()));
                store.forgetPages();
                out.accept(reply.line());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean ends() {
        return left || interrupted.getAsBoolean();
    }

    private Reply.Last reply(Order order) {
        try {
            return train(order);
        } catch (InputException e) {
            return new Reply.Refused(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return new Reply.Failed(e.toString());
        }
    }

    /** Goes on with a run of that hash if there is one, under whatever name. */
    private Reply.Last train(Order order) {
        Experiment asked = Experiments.parse(order.experiment(), "an order", List.of());
        Optional<Run> known = store.runsOf(order.hash()).stream().reduce(SweepResults::further);
        Experiment experiment = known.map(run -> store.read(run).experiment()).orElse(asked);
        Fit.here().check(experiment);
        Optional<RunWriter> claimed =
                store.tryClaim(experiment, provenance.at(OffsetDateTime.now(Clock.system(ZoneId.systemDefault()))));
        if (claimed.isEmpty()) {
            return new Reply.Taken();
        }
        try (RunWriter writer = claimed.get()) {
            Run run = writer.run();
            if (run.status() == Run.Status.DONE) {
                return new Reply.Done(String.valueOf(run.outcome()));
            }
            if (run.status() != Run.Status.FAILED && run.step() >= order.until()) {
                return new Reply.Paused(run.step());
            }
            var steps = new StepCounter(order.until());
            Optional<Trainer.Result> result = new StoredTraining(store, writer)
                    .train(
                            recorder -> steps.before(watch.over(store.read(run), recorder)),
                            _ -> {},
                            () -> ends() || steps.isOver());
            return result.map(r -> (Reply.Last) new Reply.Done(ResultJson.write(r)))
                    .orElse(new Reply.Paused(steps.step));
        }
    }

    /** Sees the steps go by. */
    private final class StepCounter {
        private final long until;
        private long step;
        private long toldAt = System.nanoTime();

        StepCounter(long until) {
            this.until = until;
        }

        boolean isOver() {
            return step >= until;
        }

        Recorder before(Recorder recorder) {
            return new Recorder() {
                @Override
                public void log(long at, String series, double value) {
                    recorder.log(at, series, value);
                    step = at;
                    if (System.nanoTime() - toldAt > TELL_NANOS) {
                        toldAt = System.nanoTime();
                        out.accept(new Reply.At(at).line());
                    }
                }

                @Override
                public void event(long at, EventKind kind, String detail) {
                    recorder.event(at, kind, detail);
                }

                @Override
                public void evaluated(Evaluation evaluation) {
                    recorder.evaluated(evaluation);
                }

                @Override
                public void checkpoint(Training training) {
                    recorder.checkpoint(training);
                    out.accept(new Reply.Saved(training.step()).line());
                }

                @Override
                public void finished(Trainer.Result result) {
                    recorder.finished(result);
                }
            };
        }
    }
}
