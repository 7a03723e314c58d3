package hooke.fused.context;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Threads that share tasks which do not depend on each other: who is free takes the next. As no task sees which thread does it, the
 * bytes are the same for any number of threads.
 *
 * @param <S> what each thread has for itself
 */
final class Workers<S> implements AutoCloseable {
    private final List<S> own;
    private final ExecutorService others;

    /** One of the tasks of {@link #run}. */
    interface Task<S> {
        void run(S own, int number);
    }

    Workers(int size, IntFunction<S> own) {
        this.own = IntStream.range(0, size).mapToObj(own).toList();
        this.others = Executors.newFixedThreadPool(Math.max(1, size - 1), run -> {
            Thread thread = new Thread(run, "fused");
            thread.setDaemon(true);
            return thread;
        });
    }

    private Workers(List<S> own, ExecutorService others) {
        this.own = own;
        this.others = others;
    }

    /** Of these threads, each with something else for itself. */
    <T> Workers<T> with(IntFunction<T> other) {
        return new Workers<>(IntStream.range(0, own.size()).mapToObj(other).toList(), others);
    }

    /** Does tasks 0 to count - 1, and returns when all are done. */
    void run(int count, Task<S> task) {
        var next = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 1; i < Math.min(own.size(), count); i++) {
            S worker = own.get(i);
            running.add(others.submit(() -> work(worker, next, count, task)));
        }
        try {
            work(own.getFirst(), next, count, task);
        } finally {
            running.forEach(Workers::await);
        }
    }

    private static <S> void work(S worker, AtomicInteger next, int count, Task<S> task) {
        for (int number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
            task.run(worker, number);
        }
    }

    private static void await(Future<?> future) {
        try {
            future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while training", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a thread of the model failed", e.getCause());
        }
    }

    @Override
    public void close() {
        others.shutdownNow();
    }
}
