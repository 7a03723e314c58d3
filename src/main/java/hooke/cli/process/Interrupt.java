package hooke.cli.process;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Whether somebody wants the process to end, by Ctrl-C or {@code kill}. While this is open, the end waits until it is closed, so that
 * work under way can be brought to a good end, but not for ever.
 */
public final class Interrupt implements BooleanSupplier, AutoCloseable {
    /** What has not come to a good end by then has a step of minutes: it ends as by a kill, and goes on from its last checkpoint. */
    private static final int PATIENCE_SECONDS = 30;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::waitUntilClosed, "interrupt");
    private volatile boolean wanted;

    private Interrupt() {}

    /** Begins to listen. */
    public static Interrupt listen() {
        var interrupt = new Interrupt();
        Runtime.getRuntime().addShutdownHook(interrupt.hook);
        return interrupt;
    }

    private void waitUntilClosed() {
        wanted = true;
        try {
            closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean getAsBoolean() {
        return wanted;
    }

    /** Lets the process end, if it wants to. */
    @Override
    public void close() {
        closed.countDown();
        if (!wanted) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException endsAlready) {
                // Then the hook runs, and is free to end.
            }
        }
    }
}
