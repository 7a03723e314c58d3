package hooke.sweep.work;

import hooke.Amounts;
import hooke.Headroom;
import hooke.config.Fit;
import hooke.sweep.Sweep;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Processes of this machine that write to the user's store themselves, see {@link Worker}. A process that dies is followed by another, so
 * that a crash in native code costs one run.
 *
 * @param command that starts a process which does {@link Worker#work}
 * @param workers at most at once
 */
public record Processes(List<String> command, int workers) implements Workplace {
    public Processes {
        command = List.copyOf(command);
    }

    @Override
    public void check(Sweep sweep) {
        Fit each = new Fit(Headroom.now().sharedBy(Math.min(workers, sweep.size())));
        sweep.cells().forEach(cell -> each.check(cell.experiment()));
    }

    @Override
    public int hands(int runs) {
        return Math.min(workers, runs);
    }

    @Override
    public String words(int runs) {
        return Amounts.of(hands(runs), "worker", "workers");
    }

    @Override
    public Hand hand() {
        return new Trainer(command);
    }

    @Override
    public void close() {}

    /** One process at a time. */
    private static final class Trainer implements Hand {
        private final List<String> command;
        private @Nullable WorkerProcess process;
        private boolean left;

        Trainer(List<String> command) {
            this.command = command;
        }

        @Override
        public Reply.Last train(Order order, Listener listener) {
            try {
                WorkerProcess worker = process();
                if (worker == null) {
                    return new Reply.Paused(0);
                }
                listener.at(0);
                worker.say(order);
                for (Reply reply = worker.next(); reply != null; reply = worker.next()) {
                    switch (reply) {
                        case Reply.Ready _ -> {}
                        case Reply.At(long step) -> listener.at(step);
                        case Reply.Saved(long step) -> listener.at(step);
                        case Reply.Last last -> {
                            return last;
                        }
                    }
                }
                return new Reply.Died(worker.lastWords());
            } catch (IOException e) {
                return new Reply.Died("its process cannot be spoken with: " + e.getMessage());
            }
        }

        /** Null for one who has left. */
        private synchronized @Nullable WorkerProcess process() throws IOException {
            if (!left && (process == null || !process.isAlive())) {
                process = WorkerProcess.start(command);
            }
            return left ? null : process;
        }

        @Override
        public synchronized void leave() {
            left = true;
            if (process != null) {
                process.leave();
            }
        }

        @Override
        public void close() {
            leave();
            @Nullable WorkerProcess last = process;
            if (last != null) {
                last.await();
            }
        }
    }
}
