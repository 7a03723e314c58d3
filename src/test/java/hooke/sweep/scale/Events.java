package hooke.sweep.scale;

import java.util.PriorityQueue;

/** What will happen, and when; of two things at one time, what was planned first. */
final class Events {
    private record Event(double at, long number, Runnable what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Double.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Event> coming = new PriorityQueue<>();
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
