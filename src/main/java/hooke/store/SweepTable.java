package hooke.store;

import hooke.Check;
import hooke.InputException;
import hooke.store.sqlite.Database;
import hooke.store.sqlite.Stored;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;

/** The sweeps of a store, and which runs belong to them. */
record SweepTable(Database database) {
    /** False for a store of an older Hooke. */
    boolean isThere() {
        return StoreSchema.version(database) >= StoreSchema.SWEPT;
    }

    List<StoredSweep> all() {
        if (!isThere()) {
            return List.of();
        }
        return database.query("""
                SELECT s.name, s.text, s.at, count(k.hash),
                       count(DISTINCT CASE WHEN r.state = 'done' THEN k.hash END)
                FROM sweeps s LEFT JOIN sweep_runs k ON k.sweep = s.name LEFT JOIN runs r ON r.hash = k.hash
                GROUP BY s.name ORDER BY s.at
                """, row -> {
            row.of("sweep " + row.text(1));
            return new StoredSweep(row.text(1), row.text(2), Stored.moment(row.text(3)), row.number(4), row.number(5));
        });
    }

    StoredSweep find(String name, Path folder) {
        List<StoredSweep> all = all();
        return all.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow(() -> {
            List<String> names = all.stream().map(StoredSweep::name).sorted().toList();
            return new InputException(
                    names.isEmpty()
                            ? "there is no sweep '%s': %s has none yet".formatted(name, folder)
                            : "there is no sweep '%s' in %s%s: it has %s"
                                    .formatted(name, folder, Check.didYouMean(name, names), String.join(", ", names)));
        });
    }

    void keep(String name, String text, Collection<String> hashes, OffsetDateTime at) {
        if (!isThere()) {
            StoreSchema.grow(database);
        }
        database.transaction(() -> {
            database.run("DELETE FROM sweeps WHERE name = ?", name);
            database.run("INSERT INTO sweeps (name, text, at) VALUES (?, ?, ?)", name, text, at.toString());
            for (String hash : hashes) {
                database.run("INSERT INTO sweep_runs (sweep, hash) VALUES (?, ?)", name, hash);
            }
            return hashes.size();
        });
    }
}
