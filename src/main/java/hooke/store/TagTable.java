package hooke.store;

import hooke.store.sqlite.Database;
import hooke.store.sqlite.Stored;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Words that people gave to runs after they were made. They are no part of what a run is. A store has the table from its first tag on, and
 * until then an older Hooke reads it, too.
 */
record TagTable(Database database) {
    private boolean isThere() {
        return StoreSchema.version(database) >= StoreSchema.TAGGED;
    }

    /** Of every run that has any, by its id, each sorted. */
    Map<Long, List<String>> all() {
        Map<Long, List<String>> all = new LinkedHashMap<>();
        if (isThere()) {
            database.query(
                    "SELECT run, tag FROM tags ORDER BY run, tag",
                    row -> all.computeIfAbsent(row.number(1), _ -> new ArrayList<>())
                            .add(row.text(2)));
        }
        return all;
    }

    List<String> of(long run) {
        return isThere()
                ? database.query("SELECT tag FROM tags WHERE run = ? ORDER BY tag", row -> row.text(1), run)
                : List.of();
    }

    void add(List<Run> runs, List<String> tags) {
        tags.forEach(Stored::checkTag);
        StoreSchema.grow(database);
        database.transaction(() -> {
            for (Run run : runs) {
                for (String tag : tags) {
                    database.run("INSERT OR IGNORE INTO tags (run, tag) VALUES (?, ?)", run.id(), tag);
                }
            }
            return runs;
        });
    }

    /** Taking away what is not there is no error. */
    void remove(List<Run> runs, List<String> tags) {
        if (!isThere()) {
            return;
        }
        database.transaction(() -> {
            for (Run run : runs) {
                for (String tag : tags) {
                    database.run("DELETE FROM tags WHERE run = ? AND tag = ?", run.id(), tag);
                }
            }
            return runs;
        });
    }
}
