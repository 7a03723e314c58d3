package hooke.fused.decode;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads that share work of a few microseconds, of which a token has some hundred: they watch for the next for a while before they sleep.
 * Waking a sleeping thread takes longer than such work.
 */
final class SpinningThreads implements AutoCloseable {
    /** Looks before a thread sleeps: about a tenth of a millisecond. */
    private static final int PATIENCE = 20_000;

    private final int size;
    private final Thread[] others;
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicLong round = new AtomicLong();
    private volatile @Nullable IntConsumer task;

    private volatile boolean closed;
    private volatile @Nullable Throwable failure;

    SpinningThreads(int size) {
        this.size = size;
        this.others = new Thread[size - 1];
        for (int i = 0; i < others.length; i++) {
            int number = i + 1;
            others[i] = new Thread(() -> work(number), "decode");
            others[i].setDaemon(true);
            others[i].start();
        }
    }

    int size() {
        return size;
    }

    /** Does part 0 to size - 1, each on a thread of its own, the first on the calling thread; returns when all are done. */
    void run(IntConsumer parts) {
        if (size == 1) {
            parts.accept(0);
            return;
        }
        left.set(size - 1);
        task = parts;
        round.incrementAndGet();
        for (Thread other : others) {
            LockSupport.unpark(other);
        }
        try {
            parts.accept(0);
        } finally {
            int looks = 0;
            while (left.get() > 0) {
                if (++looks > PATIENCE) {
                    LockSupport.parkNanos(this, 1000); // Somebody else needs this core, perhaps the very thread.
                } else {
                    Thread.onSpinWait();
                }
            }
        }
        Throwable thrown = failure;
        if (thrown != null) {
            failure = null;
            throw new IllegalStateException("a thread of the decoder failed", thrown);
        }
    }

    private void work(int number) {
        long done = 0;
        while (true) {
            int looks = 0;
            while (round.get() == done) {
                if (closed) {
                    return;
                }
                if (++looks > PATIENCE) {
                    LockSupport.park(this);
                } else {
                    Thread.onSpinWait();
                }
            }
            done++;
            try {
                IntConsumer parts = task;
                if (parts != null) {
                    parts.accept(number);
                }
            } catch (RuntimeException | Error e) {
                failure = e;
            } finally {
                left.decrementAndGet();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread other : others) {
            LockSupport.unpark(other);
        }
    }
}
