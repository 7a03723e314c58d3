package hooke.fused;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * The threads of one model: each does its own part of a task, and all are done before anything goes on. Part i is always thread i's, in
 * whose caches its rows and weights lie: where who was free took the next, as in the engine for sequences, a step of grokking took 2 to 4%
 * more processor time on two threads.
 */
final class ModelThreads implements AutoCloseable {
    private final int size;
    private final ExecutorService others;

    ModelThreads(int size) {
        this.size = size;
        this.others = Executors.newFixedThreadPool(Math.max(1, size - 1), run -> {
            Thread thread = new Thread(run, "fused");
            thread.setDaemon(true);
            return thread;
        });
    }

    int size() {
        return size;
    }

    /** Does all parts, the first on the calling thread. */
    void run(IntConsumer part) {
        if (size == 1) {
            part.accept(0);
            return;
        }
        List<Future<?>> running = new ArrayList<>(size - 1);
        for (int i = 1; i < size; i++) {
            int number = i;
            running.add(others.submit(() -> part.accept(number)));
        }
        try {
            part.accept(0);
        } finally {
            running.forEach(ModelThreads::await);
        }
    }

    private static void await(Future<?> future) {
        try {
            future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while training", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a thread of the crew failed", e.getCause());
        }
    }

    @Override
    public void close() {
        others.shutdownNow();
    }
}
