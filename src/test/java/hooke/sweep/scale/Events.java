package hooke.sweep.scale;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What will happen, and when; of two things at one time, what was planned first. */
final class Events {
    private record Event(double at, long number, Runnable what) {}

    private final PriorityQueue<Event> coming =
            new PriorityQueue<>(Comparator.comparingDouble(Event::at).thenComparingLong(Event::number));
    private double now;
    private long number;

    double now() {
        return now;
    }

    void in(double seconds, Runnable what) {
        coming.add(new Event(now + seconds, number++, what));
    }

    /** The next thing happens; false where there is none. */
    boolean next() {
        Event event = coming.poll();
        if (event == null) {
            return false;
        }
        now = event.at();
        event.what().run();
        return true;
    }
}
