package hooke.store;

import hooke.Check;
import hooke.config.Experiment;
import hooke.store.files.Owner;
import hooke.store.sqlite.Database;
import hooke.store.sqlite.Database.Row;
import hooke.store.sqlite.JsonColumn;
import hooke.store.sqlite.Stored;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables of runs, of their settings and of the cells that they belong to. */
record RunTable(Database database) {
    Run run(long id) {
        return select("WHERE r.id = ?", id).getFirst();
    }

    /** Runs, the oldest first. */
    List<Run> select(String where, Object... values) {
        return database.query("""
                SELECT r.id, c.name, c.base, r.seed, r.hash, c.hash, r.state, r.owner, r.step,
                       (SELECT count(*) FROM provenance p WHERE p.run = r.id), r.created, r.ended, r.outcome
                FROM runs r JOIN cells c ON c.id = r.cell
                """ + where + " ORDER BY r.id", RunTable::run, values);
    }

    /** One damaged run hides no other. */
    private static Run run(Row row) {
        row.of("run " + row.text(2) + "/" + row.number(4));
        try {
            @Nullable OffsetDateTime ended = row.isNull(12) ? null : Stored.moment(row.text(12));
            @Nullable String outcome = row.isNull(13) ? null : JsonColumn.object(row.text(13));
            return run(row, status(row), Stored.moment(row.text(11)), ended, outcome, null);
        } catch (DateTimeException | IllegalArgumentException e) {
            return run(row, Run.Status.DAMAGED, OffsetDateTime.MIN, null, null, row.fault(e));
        }
    }

    private static Run run(
            Row row,
            Run.Status status,
            OffsetDateTime created,
            @Nullable OffsetDateTime ended,
            @Nullable String outcome,
            @Nullable String fault) {
        return new Run(
                row.number(1),
                row.text(2),
                row.text(3),
                row.number(4),
                row.text(5),
                row.text(6),
                status,
                row.number(9),
                (int) row.number(10),
                created,
                ended,
                outcome,
                fault);
    }

    private static Run.Status status(Row row) {
        return switch (row.text(7)) {
            case "done" -> Run.Status.DONE;
            case "failed" -> Run.Status.FAILED;
            case "open" -> owner(row, 8).filter(Owner::isAlive).isPresent() ? Run.Status.RUNNING : Run.Status.STOPPED;
            default -> throw new IllegalArgumentException("it is none of open, done and failed");
        };
    }

    /** Who that is, where it can be read; the lock tells whether a run is free. */
    private static Optional<Owner> owner(Row row, int column) {
        try {
            return Optional.ofNullable(row.textOrNull(column)).map(Owner::parse);
        } catch (DateTimeException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /** Who trains a run, where it can be read. */
    @Nullable
    Owner owner(long run) {
        List<Optional<Owner>> owners = database.query("SELECT owner FROM runs WHERE id = ?", row -> owner(row, 1), run);
        Check.that(!owners.isEmpty(), "this run is no longer there");
        return owners.getFirst().orElse(null);
    }

    /** The id of the experiment's run, made if it is not there. */
    long runOf(Experiment experiment, Provenance provenance) {
        long cell = cellOf(experiment);
        List<Long> found = database.query(
                "SELECT id FROM runs WHERE cell = ? AND seed = ?", row -> row.number(1), cell, experiment.seed());
        if (!found.isEmpty()) {
            return found.getFirst();
        }
        long id = database.insert(
                "INSERT INTO runs (cell, seed, hash, experiment, state, step, created) VALUES (?, ?, ?, ?, 'open', 0, ?)",
                cell,
                experiment.seed(),
                experiment.hash(),
                experiment.toJson(),
                provenance.at().toString());
        experiment
                .settings()
                .forEach((key, value) ->
                        database.run("INSERT INTO settings (run, key, value) VALUES (?, ?, ?)", id, key, value));
        return id;
    }

    private long cellOf(Experiment experiment) {
        List<Long> found = database.query(
                "SELECT id FROM cells WHERE base = ? AND hash = ?",
                row -> row.number(1),
                experiment.name(),
                experiment.cellHash());
        if (!found.isEmpty()) {
            return found.getFirst();
        }
        String name = experiment.name();
        for (int n = 2; database.number("SELECT count(*) FROM cells WHERE name = ?", name) > 0; n++) {
            name = experiment.name() + "-" + n;
        }
        return database.insert(
                "INSERT INTO cells (name, base, hash) VALUES (?, ?, ?)",
                name,
                experiment.name(),
                experiment.cellHash());
    }

    /** Removes a run, and its cell where that has no other. */
    void delete(Run run) {
        database.durably(() -> {
            database.run("DELETE FROM runs WHERE id = ?", run.id());
            return database.run("DELETE FROM cells WHERE id NOT IN (SELECT cell FROM runs)");
        });
    }
}
