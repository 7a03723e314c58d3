package hooke.spark;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.Utils;

/**
 * The slots of this JVM that are free. They are static since an executor has nothing else that lives longer than a task, and a process that
 * trains takes a second to start; they end with the JVM, which is all that their processes listen to.
 */
final class Slots {
    private static final Deque<Slot> FREE = new ConcurrentLinkedDeque<>();

    private Slots() {}

    /** @param command of the user, the same for all */
    static Slot take(String command) {
        Slot free = FREE.poll();
        return free != null ? free : new Slot(folder(), command);
    }

    static void giveBack(Slot slot) {
        FREE.push(slot);
    }

    /** Ends all that are free. */
    static void close() {
        for (Slot slot = FREE.poll(); slot != null; slot = FREE.poll()) {
            slot.close();
        }
    }

    /** Where Spark keeps what it removes when the application ends, also for an executor that was killed. */
    private static java.nio.file.Path folder() {
        return Utils.createTempDir(Utils.getLocalDir(SparkEnv.get().conf()), "hooke")
                .toPath();
    }
}
