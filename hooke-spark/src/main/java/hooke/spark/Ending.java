package hooke.spark;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.util.ShutdownHookManager$;
import scala.runtime.BoxedUnit;

/**
 * Keeps Spark from stopping at the first sign that the program is to end, by Ctrl-C or {@code kill}: what is being trained is saved
 * through it.
 */
final class Ending implements AutoCloseable {
    /** Who does not tell its hands to leave by then does not mean to save anything. */
    private static final int TO_LEAVE_SECONDS = 2;

    private static final int TO_SAVE_SECONDS = 30;

    private final CountDownLatch leaving = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Object hook;

    /** Before all that Spark does then, which it does one after another. */
    Ending() {
        this.hook = ShutdownHookManager$.MODULE$.addShutdownHook(Integer.MAX_VALUE, this::await);
    }

    private BoxedUnit await() {
        try {
            if (leaving.await(TO_LEAVE_SECONDS, TimeUnit.SECONDS)) {
                boolean _ = closed.await(TO_SAVE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return BoxedUnit.UNIT;
    }

    /** Somebody wants what is being trained to be saved. */
    void leave() {
        leaving.countDown();
    }

    /** Spark has been stopped. */
    @Override
    public void close() {
        closed.countDown();
        ShutdownHookManager$.MODULE$.removeShutdownHook(hook);
    }
}
