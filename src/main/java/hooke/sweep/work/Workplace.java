package hooke.sweep.work;

import hooke.sweep.Sweep;
import java.util.function.LongConsumer;

/**
 * Where runs are trained: processes of this machine, or a cluster. It gets one run after another from a {@link Scheduler} and decides
 * nothing; what is done lies in the user's store before it says so.
 */
public interface Workplace extends AutoCloseable {
    /** Throws {@link hooke.InputException} for a sweep that cannot be trained here. */
    void check(Sweep sweep);

    /** How many of so many runs can be given to it at once. */
    int hands(int runs);

    /** Who trains so many runs, in sentences: {@code 2 workers}. */
    String words(int runs);

    /** One who trains a run at a time, and then the next. */
    Hand hand();

    @Override
    void close();

    /** Trains one run at a time. */
    interface Hand extends AutoCloseable {
        /**
         * Trains a run, or goes on with it, until it has ended in one way or another. One who has left takes nothing on, and says that it is
         * paused.
         *
         * @param at hears how many updates are done: 0 as soon as somebody is at it, then now and then
         */
        Reply.Last train(Order order, LongConsumer at) throws InterruptedException;

        /** Called by another thread: what is being trained is saved, and nothing more is taken on. */
        void leave();

        /** Ends it, at once if it has left and has nothing in hand. */
        @Override
        void close();
    }
}
