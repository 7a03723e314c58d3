package hooke.sweep.work;

import hooke.sweep.work.Scheduler.Job;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Jobs that wait, and how many are in hand. Used by several threads. */
final class JobQueue {
    /** Until a run that another process trains is asked for again. */
    private static final long LATER_NANOS = 500_000_000;

    private final Deque<Entry> waiting = new ArrayDeque<>();
    private int hands;
    private int inHand;
    private int refusals;
    private boolean closed;
    private @Nullable RuntimeException fault;

    /**
     * @param tries that have crashed
     * @param losses of the machines that it was on
     * @param notBefore by {@link System#nanoTime}
     */
    record Entry(Job job, int tries, int losses, long notBefore) {
        Entry tried() {
            return new Entry(job, tries + 1, losses, notBefore);
        }

        Entry lost() {
            return new Entry(job, tries, losses + 1, notBefore);
        }
    }

    /** @param hands that will take from it */
    JobQueue(Collection<Job> jobs, int hands) {
        this.hands = hands;
        long now = System.nanoTime();
        jobs.forEach(job -> waiting.add(new Entry(job, 0, 0, now)));
    }

    /** The next one, as soon as there is one; null when nothing will come any more. */
    synchronized @Nullable Entry take() throws InterruptedException {
        while (!closed && !(waiting.isEmpty() && inHand == 0)) {
            Entry next = waiting.peek();
            long wait = next == null ? Long.MAX_VALUE : next.notBefore() - System.nanoTime();
            if (next != null && wait <= 0) {
                inHand++;
                return waiting.remove();
            }
            wait(next == null ? 0 : wait / 1_000_000 + 1);
        }
        return null;
    }

    /** One in hand is done with. */
    synchronized void done() {
        inHand--;
        notifyAll();
    }

    /** One in hand is to be tried again, before the others. */
    synchronized void again(Entry entry) {
        waiting.addFirst(entry);
        done();
    }

    /** One in hand is to be tried again, after the others and not at once. */
    synchronized void later(Entry entry) {
        waiting.addLast(new Entry(entry.job(), entry.tries(), entry.losses(), System.nanoTime() + LATER_NANOS));
        done();
    }

    /** Nothing more is given out. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Waits so long at most until nothing waits and nothing is in hand, or until it is closed and nothing is in hand. */
    synchronized boolean await(long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        for (long left = millis; left > 0 && !isOver(); left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        return isOver();
    }

    private boolean isOver() {
        return hands == 0 || inHand == 0 && (closed || waiting.isEmpty());
    }

    /** A hand takes no more. */
    synchronized void gone() {
        hands--;
        notifyAll();
    }

    /** How many in a row could not train at all, this one included. */
    synchronized int refused() {
        return ++refusals;
    }

    synchronized void accepted() {
        refusals = 0;
    }

    /** Ends all with an exception: the first that is given. */
    synchronized void fail(RuntimeException why) {
        if (fault == null) {
            fault = why;
        }
        close();
    }

    synchronized Optional<RuntimeException> fault() {
        return Optional.ofNullable(fault);
    }
}
