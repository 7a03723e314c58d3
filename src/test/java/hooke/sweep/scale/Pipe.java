package hooke.sweep.scale;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A network that all uploads share equally, none faster than its own machine. All go equally fast at any time, so that one number, the bytes
 * that each which is under way has got since the beginning, says when each ends.
 */
final class Pipe {
    private record Upload(double endsAt, double size, long number, Runnable then) {}

    private final Events events;
    private final double total;
    private final double each;
    private final PriorityQueue<Upload> open =
            new PriorityQueue<>(Comparator.comparingDouble(Upload::endsAt).thenComparingLong(Upload::number));
    private double got;
    private double seenAt;
    private long number;
    private double plannedAt = Double.POSITIVE_INFINITY;
    private long plan;
    private double bytes;

    /**
     * @param total bytes a second
     * @param each of them at most, for one upload
     */
    Pipe(Events events, double total, double each) {
        this.events = events;
        this.total = total;
        this.each = each;
    }

    void send(double size, Runnable then) {
        look();
        open.add(new Upload(got + size, size, number++, then));
        plan();
    }

    private double rate() {
        return Math.min(each, total / Math.max(1, open.size()));
    }

    private void look() {
        got += (events.now() - seenAt) * rate();
        seenAt = events.now();
    }

    /** The moment when the next ends. One that was planned too early, since others came and made all slower, is planned again then. */
    private void plan() {
        Upload next = open.peek();
        if (next == null) {
            return;
        }
        double after = Math.max(0, next.endsAt() - got) / rate();
        if (events.now() + after >= plannedAt) {
            return;
        }
        plannedAt = events.now() + after;
        long mine = ++plan;
        int sharing = open.size();
        events.in(after, () -> {
            if (mine == plan) {
                plannedAt = Double.POSITIVE_INFINITY;
                look();
                boolean isDue = open.size() == sharing || open.element().endsAt() <= got;
                if (isDue) {
                    end();
                } else {
                    plan();
                }
            }
        });
    }

    private void end() {
        Upload ended = open.remove();
        got = Math.max(got, ended.endsAt());
        bytes += ended.size();
        plan();
        ended.then().run();
    }

    /** Of all that has arrived. */
    double bytes() {
        return bytes;
    }
}
