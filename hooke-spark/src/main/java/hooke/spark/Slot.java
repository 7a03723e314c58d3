package hooke.spark;

import hooke.Reason;
import hooke.place.Place;
import hooke.store.Run;
import hooke.store.Store;
import hooke.sweep.work.Order;
import hooke.sweep.work.Reply;
import hooke.sweep.work.WorkerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A store of its own and a process that trains one run after another in it. One process trains one run, since libtorch and OpenBLAS have
 * settings that a process has once; and where native code crashes, the executor lives on.
 */
final class Slot implements AutoCloseable {
    /** How often the driver is told and asked; checkpoints that come quicker than this are sent together. */
    private static final long TELL_NANOS = 1_000_000_000;

    private static final long LOOK_MILLIS = 100;

    private final Path folder;
    private final Path runs;
    private final String command;
    private @Nullable WorkerProcess process;

    /** @param command of the user, for provenance */
    Slot(Path folder, String command) {
        this.folder = folder;
        this.runs = folder.resolve("runs");
        this.command = command;
    }

    /** @param goesOn is told the step, and says whether to go on */
    Reply.Last train(Order order, String hash, Place place, LongPredicate goesOn) throws InterruptedException {
        try (Store store = Store.open(runs)) {
            store.runs().forEach(store::delete); // of one who was interrupted
            var exchange = new Exchange(place, folder);
            exchange.fetch(store, hash);
            Reply.Last reply = new Following(store, hash, exchange, goesOn).of(order);
            Optional<Run> run = store.runsOf(hash).stream().findFirst();
            if (run.isPresent()) {
                if (reply instanceof Reply.Done) {
                    exchange.sendFinished(store, run.get());
                } else {
                    exchange.send(store.read(run.get()));
                }
                store.delete(run.get());
            }
            return reply;
        } catch (IOException e) {
            return new Reply.Died("its process cannot be spoken with: " + Reason.of(e));
        }
    }

    /** One order, from its first word to its last. */
    private final class Following {
        private final Store store;
        private final String hash;
        private final Exchange exchange;
        private final LongPredicate goesOn;
        private final LinkedBlockingQueue<Optional<Reply>> replies = new LinkedBlockingQueue<>();
        private long step;
        private long told = System.nanoTime();
        private long sent = told;
        private boolean unsent;
        private boolean left;

        Following(Store store, String hash, Exchange exchange, LongPredicate goesOn) {
            this.store = store;
            this.hash = hash;
            this.exchange = exchange;
            this.goesOn = goesOn;
        }

        Reply.Last of(Order order) throws IOException, InterruptedException {
            WorkerProcess worker = process();
            worker.say(order);
            Thread.ofVirtual().start(() -> listen(worker));
            boolean ended = false;
            try {
                while (true) {
                    Optional<Reply> reply = replies.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                    if (reply != null && reply.isEmpty()) {
                        return new Reply.Died(worker.lastWords());
                    }
                    if (reply != null && reply.isPresent()) {
                        switch (reply.get()) {
                            case Reply.At(long at) -> step = at;
                            case Reply.Saved(long at) -> {
                                step = at;
                                unsent = true;
                            }
                            case Reply.Last last -> {
                                ended = true;
                                return last;
                            }
                        }
                    }
                    look(worker);
                }
            } finally {
                if (!ended) {
                    close(); // What it trains is not to be sent any more.
                }
            }
        }

        private void listen(WorkerProcess worker) {
            try {
                @Nullable Reply reply;
                do {
                    reply = worker.next();
                    replies.add(Optional.ofNullable(reply));
                } while (reply != null && !(reply instanceof Reply.Last));
            } catch (IOException e) {
                replies.add(Optional.empty());
            }
        }

        private void look(WorkerProcess worker) {
            long now = System.nanoTime();
            if (unsent && now - sent > TELL_NANOS) {
                unsent = !exchange.send(store.read(store.runsOf(hash).getFirst()));
                sent = System.nanoTime();
            }
            if (!left && now - told > TELL_NANOS) {
                told = now;
                if (!mayGoOn()) {
                    left = true;
                    worker.leave(); // It saves where it stands, and ends.
                }
            }
        }

        private boolean mayGoOn() {
            try {
                return goesOn.test(step);
            } catch (RuntimeException e) {
                return false; // The driver is gone.
            }
        }
    }

    private WorkerProcess process() throws IOException {
        WorkerProcess worker = process;
        if (worker == null || !worker.isAlive()) {
            worker = WorkerProcess.start(words());
            process = worker;
        }
        return worker;
    }

    private List<String> words() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.awt.headless=true",
                "-Dslf4j.provider=org.slf4j.nop.NOPServiceProvider",
                "-cp",
                Jars.here(),
                "hooke.cli.Main",
                "sweep-worker",
                "--store",
                runs.toString(),
                "--for-command",
                command);
    }

    /** Ends the process. */
    @Override
    public void close() {
        WorkerProcess worker = process;
        if (worker != null) {
            worker.leave();
            worker.await();
        }
    }
}
