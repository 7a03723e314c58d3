package hooke.train;

import hooke.config.EventKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A recorder that keeps series and events in memory, and no checkpoints: for programs that want numbers rather than files. */
public final class Recording implements Recorder {
    private final Map<String, List<Point>> series = new LinkedHashMap<>();
    private final List<Event> events = new ArrayList<>();

    /** A value of a series at a step. */
    public record Point(long step, double value) {}

    /** Something that happened; the detail is JSON. */
    public record Event(long step, EventKind kind, String detail) {}

    @Override
    public void log(long step, String name, double value) {
        series.computeIfAbsent(name, _ -> new ArrayList<>()).add(new Point(step, value));
    }

    @Override
    public void event(long step, EventKind kind, String detail) {
        events.add(new Event(step, kind, detail));
    }

    @Override
    public void evaluated(Evaluation evaluation) {}

    @Override
    public void checkpoint(Training training) {}

    @Override
    public void finished(Trainer.Result result) {}

    /** The points of a series, in order; empty if there are none. */
    public List<Point> series(String name) {
        return List.copyOf(series.getOrDefault(name, List.of()));
    }

    public List<Event> events() {
        return List.copyOf(events);
    }
}
