package hooke;

import java.time.Duration;

/** A wait of the calling thread, which an interruption ends. */
public final class Pause {
    private Pause() {}

    /** Whether it was waited out; the thread stays interrupted where it was not. */
    public static boolean of(Duration time) {
        try {
            Thread.sleep(time);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
