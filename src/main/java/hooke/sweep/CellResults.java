package hooke.sweep;

import java.util.List;
import java.util.Optional;

/**
 * What a store holds of one cell.
 *
 * @param runs one for each seed of the sweep, in the order of its seeds
 */
public record CellResults(Cell cell, List<SweepRun> runs) {
    public CellResults {
        runs = List.copyOf(runs);
    }

    public long count(SweepRun.Status status) {
        return runs.stream().filter(run -> run.status() == status).count();
    }

    /** The run of a seed; empty if the sweep does not have that seed. */
    public Optional<SweepRun> run(long seed) {
        return runs.stream().filter(run -> run.seed() == seed).findFirst();
    }
}
