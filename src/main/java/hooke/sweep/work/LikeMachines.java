package hooke.sweep.work;

import hooke.store.Likeness;
import hooke.store.Provenance;
import hooke.store.Run;
import hooke.store.Store;
import hooke.sweep.Sweep;
import hooke.sweep.SweepResults;
import hooke.sweep.SweepRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Lets machines train a sweep if they compute with the same instructions, so that equal experiments would give equal bytes on all of them:
 * those of most runs that are there, or else of the first machine that asks. Used by several threads.
 */
public final class LikeMachines {
    private String wanted;

    private LikeMachines(String wanted) {
        this.wanted = wanted;
    }

    /** @param folder of the store, which need not be there yet */
    public static LikeMachines of(Sweep sweep, Path folder) {
        if (!Files.exists(folder.resolve("hooke.db"))) {
            return new LikeMachines("");
        }
        try (Store store = Store.openReadOnly(folder)) {
            List<Run> runs = SweepResults.read(store, sweep).cells().stream()
                    .flatMap(row -> row.runs().stream())
                    .map(SweepRun::stored)
                    .filter(Objects::nonNull)
                    .toList();
            return new LikeMachines(Likeness.of(runs, store.survey()).usual().orElse(""));
        }
    }

    /** Whether a machine of that {@link Provenance#likeness} may train. */
    public synchronized boolean admits(String likeness) {
        if (wanted.isEmpty()) {
            wanted = likeness;
        }
        return Likeness.isLike(wanted, likeness);
    }

    /** The likeness of those who train; empty as long as nobody has asked and no run is there. */
    public synchronized String wanted() {
        return wanted;
    }
}
