package hooke.sweep;

import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.Store;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a store holds of a sweep at the moment of reading: a row for each cell, in its order, and in each row a run for each seed. Only
 * the list of runs is read; curves are read on demand from {@link #reader}, while the store is open.
 *
 * @param sweep whose cells and seeds these are
 * @param store that they were read from; null where there was none
 */
public record SweepResults(
        Sweep sweep, List<CellResults> cells, @Nullable Store store) {
    public SweepResults {
        cells = List.copyOf(cells);
    }

    /**
     * Reads them. A run is known by its hash alone, under whatever name and for whatever sweep it was trained; of several the one that
     * is furthest.
     */
    public static SweepResults read(Store store, Sweep sweep) {
        Map<String, Run> byHash = new HashMap<>();
        for (Run run : store.runs()) {
            byHash.merge(run.hash(), run, SweepResults::further);
        }
        return of(sweep, byHash, store);
    }

    public static Run further(Run a, Run b) {
        boolean bothOrNone = (a.status() == Run.Status.DONE) == (b.status() == Run.Status.DONE);
        boolean takeB = bothOrNone ? b.step() > a.step() : b.status() == Run.Status.DONE;
        return takeB ? b : a;
    }

    /** A sweep of which nothing is there yet. */
    public static SweepResults none(Sweep sweep) {
        return of(sweep, Map.of(), null);
    }

    private static SweepResults of(Sweep sweep, Map<String, Run> byHash, @Nullable Store store) {
        List<CellResults> cells = sweep.cells().stream()
                .map(cell -> new CellResults(
                        cell,
                        sweep.seeds().stream()
                                .map(seed -> {
                                    String hash = cell.experiment(seed).hash();
                                    return SweepRun.of(seed, hash, byHash.get(hash));
                                })
                                .toList()))
                .toList();
        return new SweepResults(sweep, cells, store);
    }

    /** Hashes of all runs, whether they are there or not. */
    public List<String> hashes() {
        return cells.stream()
                .flatMap(row -> row.runs().stream())
                .map(SweepRun::hash)
                .toList();
    }

    /** Series, events and checkpoints of a run that is there, while the store is open; null where it was not begun. */
    public @Nullable RunReader reader(SweepRun run) {
        Run stored = run.stored();
        return stored == null || store == null ? null : store.read(stored);
    }

    /** Runs of that status in the whole sweep. */
    public long count(SweepRun.Status status) {
        return cells.stream().mapToLong(cell -> cell.count(status)).sum();
    }
}
