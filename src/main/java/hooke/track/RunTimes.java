package hooke.track;

import hooke.store.Provenance;
import hooke.store.Run;
import hooke.store.RunReader;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * When each step of a run was made, as far as the store tells: it keeps when each process began at which step, and when the run ended.
 * What lies between is taken to have gone at an even pace.
 */
public final class RunTimes {
    private final List<Mark> marks = new ArrayList<>();

    /** A step whose time is known, in seconds since 1970. */
    private record Mark(long step, double seconds) {}

    private RunTimes() {}

    /** @param now stands for the end of a run that has not ended */
    static RunTimes of(RunReader reader, OffsetDateTime now) {
        Run run = reader.run();
        List<Provenance> parts = reader.provenance();
        List<Long> resumedAt = reader.resumedAt();
        var times = new RunTimes();
        times.mark(0, parts.isEmpty() ? run.created() : parts.getFirst().at());
        for (int part = 1; part < parts.size(); part++) {
            times.mark(resumedAt.get(part - 1), parts.get(part).at());
        }
        times.mark(run.step(), Objects.requireNonNullElse(run.ended(), now));
        return times;
    }

    private void mark(long step, OffsetDateTime at) {
        double seconds = at.toEpochSecond() + at.getNano() / 1e9;
        double before = marks.isEmpty() ? seconds : marks.getLast().seconds();
        marks.add(new Mark(step, Math.max(seconds, before))); // A clock that was set back moves nothing back.
    }

    /** When the run began. */
    public double begun() {
        return marks.getFirst().seconds();
    }

    /** When it ended, or the moment that stands for it. */
    public double ended() {
        return marks.getLast().seconds();
    }

    /** Seconds since 1970; never falls as steps rise. */
    public double at(long step) {
        for (int i = marks.size() - 1; i > 0; i--) {
            Mark from = marks.get(i - 1);
            Mark to = marks.get(i);
            if (step > from.step() && to.step() > from.step()) {
                double share = Math.min(1, (step - from.step()) / (double) (to.step() - from.step()));
                return from.seconds() + share * (to.seconds() - from.seconds());
            }
        }
        return begun();
    }
}
