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

    /** The next that ends, unless another comes or goes before: then that is planned anew. */
    private void plan() {
        Upload next = open.peek();
        if (next == null) {
            return;
        }
        long mine = ++plan;
        events.in(Math.max(0, next.endsAt() - got) / rate(), () -> {
            if (mine == plan) {
                look();
                open.remove();
                got = Math.max(got, next.endsAt());
                bytes += next.size();
                plan();
                next.then().run();
            }
        });
    }

    /** Of all that has arrived. */
    double bytes() {
        return bytes;
    }
}
