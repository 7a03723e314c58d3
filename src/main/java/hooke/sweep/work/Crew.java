package hooke.sweep.work;

import hooke.InputException;
import hooke.store.Provenance;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.sweep.Cell;
import hooke.sweep.Halving;
import hooke.sweep.Sweep;
import hooke.sweep.SweepResults;
import hooke.sweep.work.Worker.Order;
import hooke.sweep.work.Worker.Reply;
import hooke.train.ResultJson;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Worker processes and the runs that they are given, one after another. A worker whose process dies costs the run that it had in hand: it
 * is tried once more, from its last checkpoint, and then told as failed; the others go on.
 */
public final class Crew {
    private static final int TRIES = 2;
    /** So many in a row that cannot train at all, and it is the machine: a full disk, a device that is gone. */
    private static final int REFUSALS = 3;

    private static final long LOOK_MILLIS = 100;

    private final Path folder;
    private final Provenance provenance;
    private final List<String> command;
    private final int workers;
    private final BooleanSupplier stop;
    private final Watcher watcher;

    /**
     * @param folder of the store
     * @param provenance of what is written here: that a run failed
     * @param command that starts a process which does {@link Worker#work}
     * @param workers at most at once
     * @param stop asked all the time: whether to save everything and end
     */
    public Crew(
            Path folder,
            Provenance provenance,
            List<String> command,
            int workers,
            BooleanSupplier stop,
            Watcher watcher) {
        this.folder = folder;
        this.provenance = provenance;
        this.command = List.copyOf(command);
        this.workers = workers;
        this.stop = stop;
        this.watcher = watcher;
    }

    /** One run to be trained. */
    public record Job(Cell cell, long seed) {
        /** {@code LABEL/SEED}. */
        public String name() {
            return cell.label() + "/" + seed;
        }
    }

    /** Hears what goes on, from several threads, one at a time. */
    public interface Watcher {
        void begins(Job job);

        /** So many updates are done. */
        void at(Job job, long step);

        void ended(Job job, End end);
    }

    /** What came of a job. */
    public sealed interface End {
        /** @param result as JSON, see {@link ResultJson} */
        record Done(String result) implements End {}

        /** Saved, to be gone on with. */
        record Paused(long step) implements End {}

        /** It is tried again from its last checkpoint, for this reason. */
        record TriedAgain(String why) implements End {}

        /** Another process is at it: it is asked for again later. */
        record Taken() implements End {}

        record Failed(String why) implements End {}
    }

    /**
     * Trains the sweep to its end, or until asked to stop; with {@link Halving}, from rung to rung with the cells that go on. What was
     * decided at a rung follows from what is stored, and so is decided again by whoever goes on.
     *
     * @param jobs of the sweep, in the order in which they are to be done
     * @param say hears what is decided at the rungs, in sentences
     */
    public void train(Sweep sweep, List<Job> jobs, Consumer<String> say) {
        List<Cell> alive = sweep.cells();
        if (sweep.halving().isPresent()) {
            Halving halving = sweep.halving().get();
            for (long rung : halving.rungs()) {
                train(of(alive, jobs), rung);
                if (stop.getAsBoolean()) {
                    return;
                }
                try (Store store = Store.openReadOnly(folder)) {
                    var decision = Rungs.decide(halving, rung, alive, SweepResults.read(store, sweep));
                    say.accept(decision.sentence());
                    alive = decision.goOn();
                }
            }
        }
        train(of(alive, jobs), Long.MAX_VALUE);
    }

    private static List<Job> of(List<Cell> cells, List<Job> jobs) {
        Set<String> hashes = cells.stream().map(Cell::hash).collect(Collectors.toSet());
        return jobs.stream().filter(job -> hashes.contains(job.cell().hash())).toList();
    }

    /** Trains them all, or until asked to stop, each for so many updates at most. */
    void train(List<Job> jobs, long until) {
        int wanted = Math.min(workers, jobs.size());
        var queue = new JobQueue(jobs, wanted);
        List<Hand> hands = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < wanted; i++) {
                var hand = new Hand(queue, until);
                hands.add(hand);
                threads.execute(hand);
            }
            try {
                while (!queue.await(LOOK_MILLIS)) {
                    if (stop.getAsBoolean()) {
                        queue.close();
                        hands.forEach(Hand::leave);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                queue.close();
                hands.forEach(Hand::leave);
            }
        }
        queue.fault().ifPresent(fault -> {
            throw fault;
        });
    }

    /** One worker process at a time, and the thread that speaks with it. */
    private final class Hand implements Runnable {
        private final JobQueue queue;
        private final long until;
        private @Nullable WorkerProcess process;

        Hand(JobQueue queue, long until) {
            this.queue = queue;
            this.until = until;
        }

        @Override
        public void run() {
            try {
                for (JobQueue.Entry job = queue.take(); job != null; job = queue.take()) {
                    work(job);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | Error e) {
                queue.fail(new IllegalStateException("the sweep broke", e));
            } finally {
                leave();
                if (process != null) {
                    process.await();
                }
                queue.gone();
            }
        }

        /** No more is said to the process, which then saves and ends. */
        synchronized void leave() {
            if (process != null) {
                process.leave();
            }
        }

        private synchronized WorkerProcess process() throws IOException {
            if (process == null || !process.isAlive()) {
                process = WorkerProcess.start(command);
            }
            return process;
        }

        private void work(JobQueue.Entry entry) {
            Job job = entry.job();
            tell(() -> watcher.begins(job));
            Reply last = new Reply.Failed("it could not be started");
            try {
                WorkerProcess worker = process();
                if (queue.isClosed()) {
                    worker.leave(); // It was started while all others were told to end.
                }
                worker.say(new Order(until, job.cell().experiment(job.seed()).toJson()));
                @Nullable Reply reply = worker.next();
                while (reply instanceof Reply.At(long step)) {
                    tell(() -> watcher.at(job, step));
                    reply = worker.next();
                }
                last = reply == null ? new Reply.Failed(worker.lastWords()) : reply;
                if (reply == null && !queue.isClosed() && entry.tries() + 1 >= TRIES) {
                    markFailed(job, worker.lastWords());
                }
            } catch (IOException e) {
                last = new Reply.Failed("its process cannot be spoken with: " + e.getMessage());
            }
            settle(entry, last);
        }

        private void settle(JobQueue.Entry entry, Reply reply) {
            Job job = entry.job();
            End end = switch (reply) {
                case Reply.Done(String result) -> new End.Done(result);
                case Reply.Paused(long step) -> new End.Paused(step);
                case Reply.Taken() -> new End.Taken();
                case Reply.Refused(String why) -> new End.Failed(why);
                case Reply.Failed(String why) ->
                    queue.isClosed()
                            ? new End.Paused(0)
                            : entry.tries() + 1 < TRIES ? new End.TriedAgain(why) : new End.Failed(why);
                case Reply.At(long step) -> throw new IllegalStateException("no end at " + step);
            };
            boolean asked = queue.isClosed() || end instanceof End.Paused(long step) && step >= until;
            tell(() -> watcher.ended(job, end));
            switch (end) {
                case End.TriedAgain _ -> queue.again(entry.tried());
                case End.Taken _ -> queue.later(entry);
                case End.Paused _ when !asked -> queue.again(entry);
                case End.Paused _, End.Done _, End.Failed _ -> queue.done();
            }
            countRefusals(reply);
        }

        private void countRefusals(Reply reply) {
            if (reply instanceof Reply.Refused(String why)) {
                if (queue.refused() >= REFUSALS) {
                    queue.fail(new InputException(why));
                }
            } else {
                queue.accepted();
            }
        }

        /** What a process that died could not write itself. */
        private void markFailed(Job job, String why) {
            Store.openReadOnly(folder).close(); // A store that is not there any more is not to be made.
            try (Store store = Store.open(folder)) {
                var claimed = store.tryClaim(job.cell().experiment(job.seed()), provenance);
                if (claimed.isPresent()) {
                    try (RunWriter writer = claimed.get()) {
                        if (writer.run().status() != hooke.store.Run.Status.DONE) {
                            writer.fail(
                                    ResultJson.failed(why), OffsetDateTime.now(Clock.system(ZoneId.systemDefault())));
                        }
                    }
                }
            }
        }

        private void tell(Runnable what) {
            synchronized (watcher) {
                what.run();
            }
        }
    }
}
