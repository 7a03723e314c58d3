package hooke.sweep.work;

import hooke.InputException;
import hooke.config.Experiment;
import hooke.store.Provenance;
import hooke.store.Run;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.sweep.Cell;
import hooke.sweep.CellResults;
import hooke.sweep.Halving;
import hooke.sweep.Sweep;
import hooke.sweep.SweepResults;
import hooke.sweep.SweepRun;
import hooke.sweep.file.Sweeps;
import hooke.train.ResultJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Trains what is missing of a sweep: which run is next, how far it goes, and what becomes of one that breaks. A run whose process dies is
 * tried once more, from its last checkpoint, and then told as failed; one whose machine is lost goes on elsewhere. The {@link Workplace}
 * does the training and decides nothing.
 */
public final class Scheduler {
    private static final int TRIES = 2;
    /** So many machines may be lost under one run; more are no chance. */
    private static final int LOSSES = 20;
    /** So many in a row that cannot train at all, and it is the machine: a full disk, a device that is gone. */
    private static final int REFUSALS = 3;

    private static final long LOOK_MILLIS = 100;

    private final Path folder;
    private final Provenance provenance;
    private final Workplace workplace;
    private final BooleanSupplier stop;
    private final Watcher watcher;

    /**
     * @param folder of the store
     * @param provenance of what is written here: that a run failed
     * @param stop asked all the time: whether to save everything and end
     */
    public Scheduler(Path folder, Provenance provenance, Workplace workplace, BooleanSupplier stop, Watcher watcher) {
        this.folder = folder;
        this.provenance = provenance;
        this.workplace = workplace;
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
        /** A sweep will be trained with the cells that it has by now: these runs of it are missing. */
        default void begins(Sweep sweep, List<Job> jobs) {}

        default void begins(Job job) {}

        /** So many updates are done. */
        default void at(Job job, long step) {}

        default void ended(Job job, End end) {}

        /** What the user should know, a sentence: what was decided at a rung of {@link Halving}, or what a workplace waits for. */
        default void remark(String sentence) {}
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
     * What training came to.
     *
     * @param sweep with the cells that were proposed meanwhile
     * @param stopped before all was done, because somebody asked for it
     */
    public record Trained(Sweep sweep, boolean stopped) {}

    /**
     * Trains the sweep to its end, or until asked to stop. With {@link Halving} it goes from rung to rung with the cells that go on, with
     * {@link hooke.sweep.Bayes} from batch to batch; what was decided follows from what is stored, and so is decided again by whoever goes on.
     */
    public Trained train(Sweep asked) {
        Sweep sweep = asked;
        try (var hands = new Hands(workplace)) {
            for (Optional<Sweep> more = grown(sweep); more.isPresent(); more = grown(sweep)) {
                sweep = more.get();
            }
            boolean stopped = pass(sweep, hands);
            for (Optional<Sweep> more = grown(sweep); !stopped && more.isPresent(); more = grown(sweep)) {
                sweep = more.get();
                stopped = pass(sweep, hands);
            }
            return new Trained(sweep, stopped);
        }
    }

    private Optional<Sweep> grown(Sweep sweep) {
        if (sweep.bayes().isEmpty() || !Files.exists(folder.resolve("hooke.db"))) {
            return Optional.empty();
        }
        try (Store store = Store.openReadOnly(folder)) {
            return Sweeps.grown(SweepResults.read(store, sweep));
        }
    }

    /** Trains all cells that a sweep has; whether it was stopped. */
    private boolean pass(Sweep sweep, Hands hands) {
        workplace.check(sweep);
        List<Job> jobs = keep(sweep);
        if (jobs.isEmpty()) {
            return false;
        }
        watcher.begins(sweep, jobs);
        List<Cell> alive = sweep.cells();
        if (sweep.halving().isPresent()) {
            Halving halving = sweep.halving().get();
            for (long rung : halving.rungs()) {
                train(of(alive, jobs), rung, hands);
                if (stop.getAsBoolean()) {
                    return true;
                }
                try (Store store = Store.openReadOnly(folder)) {
                    var decision = Rungs.decide(halving, rung, alive, SweepResults.read(store, sweep));
                    watcher.remark(decision.sentence());
                    alive = decision.goOn();
                }
            }
        }
        train(of(alive, jobs), Long.MAX_VALUE, hands);
        return stop.getAsBoolean();
    }

    /** Keeps the sweep in the store, and says what is missing there: of each seed all cells, so that early looks see them all. */
    private List<Job> keep(Sweep sweep) {
        try (Store store = Store.open(folder)) {
            SweepResults results = SweepResults.read(store, sweep);
            store.keepSweep(sweep.name(), sweep.text(), results.hashes(), now());
            List<Job> jobs = new ArrayList<>();
            for (int s = 0; s < sweep.seeds().size(); s++) {
                for (CellResults row : results.cells()) {
                    SweepRun run = row.runs().get(s);
                    if (run.status() != SweepRun.Status.DONE) {
                        jobs.add(new Job(row.cell(), run.seed()));
                    }
                }
            }
            return jobs;
        }
    }

    private static List<Job> of(List<Cell> cells, List<Job> jobs) {
        Set<String> hashes = cells.stream().map(Cell::hash).collect(Collectors.toSet());
        return jobs.stream().filter(job -> hashes.contains(job.cell().hash())).toList();
    }

    /** Trains them all, or until asked to stop, each for so many updates at most. */
    private void train(List<Job> jobs, long until, Hands hands) {
        List<Workplace.Hand> wanted = hands.take(workplace.hands(jobs.size()));
        var queue = new JobQueue(jobs, wanted.size());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            wanted.forEach(hand -> threads.execute(() -> serve(hand, queue, until)));
            try {
                while (!queue.await(LOOK_MILLIS)) {
                    if (stop.getAsBoolean() || queue.isClosed()) {
                        queue.close();
                        hands.leave();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                hands.leave();
            } finally {
                queue.close();
            }
        }
        queue.fault().ifPresent(fault -> {
            throw fault;
        });
    }

    private void serve(Workplace.Hand hand, JobQueue queue, long until) {
        try {
            for (JobQueue.Entry entry = queue.take(); entry != null; entry = queue.take()) {
                Job job = entry.job();
                Experiment experiment = job.cell().experiment(job.seed());
                var order = new Order(until, experiment.hash(), experiment.toJson());
                settle(queue, entry, until, hand.train(order, new Progress(job)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (InputException e) {
            queue.fail(e);
        } catch (RuntimeException | Error e) {
            queue.fail(new IllegalStateException("the sweep broke", e));
        } finally {
            queue.gone();
        }
    }

    private void settle(JobQueue queue, JobQueue.Entry entry, long until, Reply.Last reply) {
        Job job = entry.job();
        End end = switch (reply) {
            case Reply.Done(String result) -> new End.Done(result);
            case Reply.Paused(long step) -> new End.Paused(step);
            case Reply.Taken() -> new End.Taken();
            case Reply.Refused(String why) -> new End.Failed(why);
            case Reply.Failed(String why) -> broken(queue, entry.tries() + 1 < TRIES, why);
            case Reply.Died(String why) -> broken(queue, entry.tries() + 1 < TRIES, why);
            case Reply.Lost(String why) -> broken(queue, entry.losses() + 1 < LOSSES, why);
        };
        if (end instanceof End.Failed(String why) && (reply instanceof Reply.Died || reply instanceof Reply.Lost)) {
            markFailed(job, why);
        }
        boolean asked = queue.isClosed() || end instanceof End.Paused(long step) && step >= until;
        tell(() -> watcher.ended(job, end));
        switch (end) {
            case End.TriedAgain _ -> queue.again(reply instanceof Reply.Lost ? entry.lost() : entry.tried());
            case End.Taken _ -> queue.later(entry);
            case End.Paused _ when !asked -> queue.again(entry);
            case End.Paused _, End.Done _, End.Failed _ -> queue.done();
        }
        countRefusals(queue, reply);
    }

    /** One who was told to end may die of it. */
    private static End broken(JobQueue queue, boolean mayTryAgain, String why) {
        return queue.isClosed() ? new End.Paused(0) : mayTryAgain ? new End.TriedAgain(why) : new End.Failed(why);
    }

    private static void countRefusals(JobQueue queue, Reply.Last reply) {
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
            Optional<RunWriter> claimed = store.tryClaim(job.cell().experiment(job.seed()), provenance);
            if (claimed.isPresent()) {
                try (RunWriter writer = claimed.get()) {
                    if (writer.run().status() != Run.Status.DONE) {
                        writer.fail(ResultJson.failed(why), now());
                    }
                }
            }
        }
    }

    private static OffsetDateTime now() {
        return OffsetDateTime.now(Clock.system(ZoneId.systemDefault()));
    }

    private void tell(Runnable what) {
        synchronized (watcher) {
            what.run();
        }
    }

    /** Tells the watcher what one who trains says. */
    private final class Progress implements Workplace.Listener {
        private final Job job;
        private boolean begun;

        Progress(Job job) {
            this.job = job;
        }

        @Override
        public void at(long step) {
            tell(() -> {
                if (!begun) {
                    begun = true;
                    watcher.begins(job);
                }
                watcher.at(job, step);
            });
        }

        @Override
        public void remark(String sentence) {
            tell(() -> watcher.remark(sentence));
        }
    }

    /** Those who train, kept from one rung or batch to the next. */
    private record Hands(Workplace workplace, List<Workplace.Hand> all) implements AutoCloseable {
        Hands(Workplace workplace) {
            this(workplace, new ArrayList<>());
        }

        List<Workplace.Hand> take(int wanted) {
            while (all.size() < wanted) {
                all.add(workplace.hand());
            }
            return List.copyOf(all.subList(0, wanted));
        }

        void leave() {
            all.forEach(Workplace.Hand::leave);
        }

        /** All of them end at the same time. */
        @Override
        public void close() {
            leave();
            all.forEach(Workplace.Hand::close);
        }
    }
}
