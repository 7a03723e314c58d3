package hooke.sweep.scale;

/** The driver's: one thing after another, in the order in which they came. */
final class DriverDesk {
    private final Events events;
    private double freeAt;
    private double busy;

    DriverDesk(Events events) {
        this.events = events;
    }

    /** Does something that takes so long, after all that came before. */
    void take(double seconds, Runnable then) {
        freeAt = Math.max(freeAt, events.now()) + seconds;
        busy += seconds;
        events.in(freeAt - events.now(), then);
    }

    /** Seconds of work done, and to be done. */
    double busy() {
        return busy;
    }
}
