package hooke.spark;

import hooke.Reason;
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
    private String likeness = "";

    /** @param command of the user, for provenance */
    Slot(Path folder, String command) {
        this.folder = folder;
        this.runs = folder.resolve("runs");
        this.command = command;
    }

    /** For what is on its way. */
    Path folder() {
        return folder;
    }

    /** Trains a run, unless this machine is not to; then it keeps its cores, or Spark would give it the next run at once. */
    Reply.Last train(Order order, Exchange exchange, Post.Driver driver) throws InterruptedException {
        try {
            WorkerProcess worker = process();
            if (!driver.admits(likeness)) {
                close();
                return idle(driver);
            }
            return train(order, exchange, worker, driver);
        } catch (IOException e) {
            return new Reply.Died("it cannot be trained there: " + Reason.of(e));
        }
    }

    private static Reply.Last idle(Post.Driver driver) throws InterruptedException {
        while (driver.goesOn(0)) {
            Thread.sleep(TELL_NANOS / 1_000_000);
        }
        return new Reply.Paused(0);
    }

    private Reply.Last train(Order order, Exchange exchange, WorkerProcess worker, Post.Driver driver)
            throws IOException, InterruptedException {
        try (Store store = Store.open(runs)) {
            store.runs().forEach(store::delete); // of one who was interrupted
            exchange.fetch(store, order.hash());
            Reply.Last reply = new Following(store, order, exchange, worker, driver).toTheEnd();
            Optional<Run> run = store.runsOf(order.hash()).stream().findFirst();
            if (run.isPresent()) {
                if (reply instanceof Reply.Done) {
                    exchange.sendFinished(store, run.get());
                } else {
                    exchange.send(store.read(run.get()));
                }
                store.delete(run.get());
            }
            return reply;
        }
    }

    /** One order, from its first word to its last. */
    private final class Following {
        private final Store store;
        private final Order order;
        private final Exchange exchange;
        private final WorkerProcess worker;
        private final Post.Driver driver;
        private final LinkedBlockingQueue<Optional<Reply>> replies = new LinkedBlockingQueue<>();
        private long step;
        private long told = System.nanoTime();
        private long sent = told;
        private boolean unsent;
        private boolean left;

        Following(Store store, Order order, Exchange exchange, WorkerProcess worker, Post.Driver driver) {
            this.store = store;
            this.order = order;
            this.exchange = exchange;
            this.worker = worker;
            this.driver = driver;
        }

        Reply.Last toTheEnd() throws IOException, InterruptedException {
            worker.say(order);
            Thread.ofVirtual().start(this::listen);
            boolean ended = false;
            try {
                while (true) {
                    Optional<Reply> reply = replies.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                    if (reply != null && reply.isEmpty()) {
                        return new Reply.Died(worker.lastWords());
                    }
                    if (reply != null && reply.isPresent()) {
                        switch (reply.get()) {
                            case Reply.Ready _ -> {}
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
                    look();
                }
            } finally {
                if (!ended || left) {
                    close(); // What it trains is not to be sent any more, or it takes no other order.
                }
            }
        }

        private void listen() {
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

        private void look() {
            long now = System.nanoTime();
            if (unsent && now - sent > TELL_NANOS) {
                unsent = !exchange.send(store.read(store.runsOf(order.hash()).getFirst()));
                sent = System.nanoTime();
            }
            if (!left && now - told > TELL_NANOS) {
                told = now;
                if (!driver.goesOn(step)) {
                    left = true;
                    worker.leave(); // It saves where it stands, and ends.
                }
            }
        }
    }

    /** One that waits for orders. */
    private WorkerProcess process() throws IOException {
        WorkerProcess worker = process;
        if (worker == null || !worker.isAlive()) {
            worker = WorkerProcess.start(words());
            process = worker;
            if (!(worker.next() instanceof Reply.Ready(String said))) {
                throw new IOException(worker.lastWords());
            }
            likeness = said;
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
