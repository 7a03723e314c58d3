package hooke.sweep.work;

import hooke.sweep.Sweep;

/**
 * Where runs are trained: processes of this machine, or a cluster. It gets one run after another from a {@link Scheduler} and decides
 * nothing; what is done lies in the user's store before it says so.
 */
public interface Workplace extends AutoCloseable {
    /** Throws {@link hooke.InputException} for a sweep that cannot be trained here. */
    void check(Sweep sweep);

    /** How many of so many runs can be given to it at once; some may wait there. */
    int hands(int runs);

    /** How many of so many runs of a sweep would be trained at once, as far as can be told before. Begins nothing. */
    default int atOnce(Sweep sweep, int runs) {
        return hands(runs);
    }

    /** Who trains so many runs, in sentences: {@code 2 workers}. */
    String words(int runs);

    /** One who trains a run at a time, and then the next. */
    Hand hand();

    @Override
    void close();

    /** Hears how the training of a run goes. */
    interface Listener {
        /** So many updates are done: 0 as soon as somebody is at it, then now and then. */
        void at(long step);

        /** What the user should know of the workplace, a sentence. */
        void remark(String sentence);
    }

    /** Trains one run at a time. */
    interface Hand extends AutoCloseable {
        /**
         * Trains a run, or goes on with it, until it has ended in one way or another. One who has left takes nothing on, and says that it is
         * paused.
         *
         * @param listener hears how it goes
         */
        Reply.Last train(Order order, Listener listener) throws InterruptedException;

        /** Called by another thread: what is being trained is saved, and nothing more is taken on. */
        void leave();

        /** Ends it, at once if it has left and has nothing in hand. */
        @Override
        void close();
    }
}
