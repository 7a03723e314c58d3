package hooke.store;

import hooke.InputException;
import hooke.config.Experiments;
import hooke.store.sqlite.Database;
import hooke.store.sqlite.JsonColumn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** What is known of many runs at once: each question is one look at the database, however many runs there are. */
public final class Survey {
    private final Database database;

    Survey(Database database) {
        this.database = database;
    }

    /** Every key that the experiment of some run has, sorted. */
    public List<String> keys() {
        return database.query("SELECT DISTINCT key FROM settings ORDER BY key", row -> row.text(1));
    }

    /** The value of a key by the id of the run, where a run has it. */
    public Map<Long, String> setting(String key) {
        Map<Long, String> values = new HashMap<>();
        database.query(
                "SELECT run, value FROM settings WHERE key = ?", row -> values.put(row.number(1), row.text(2)), key);
        return values;
    }

    /** Names of all series of all runs, sorted. */
    public List<String> seriesNames() {
        return database.query("SELECT DISTINCT name FROM series ORDER BY name", row -> row.text(1));
    }

    /** The last value of a series by the id of the run, where a run has it. */
    public Map<Long, Double> last(String series) {
        Map<Long, Double> values = new HashMap<>();
        database.query("""
                SELECT s.run, substr(c.vals, -8) FROM series s JOIN chunks c ON c.series = s.id
                WHERE s.name = ? AND c.first_step = (SELECT max(first_step) FROM chunks WHERE series = s.id)
                """, row -> values.put(row.number(1), number(row.bytes(2))), series);
        return values;
    }

    /** The {@link Provenance#likeness} of all processes that worked on a run, by its id. What is damaged is left out. */
    Map<Long, List<String>> likeness() {
        Map<Long, List<String>> all = new HashMap<>();
        database.query("SELECT run, detail FROM provenance ORDER BY run, part", row -> {
            try {
                all.computeIfAbsent(row.number(1), _ -> new ArrayList<>())
                        .add(JsonColumn.read(row.text(2), Provenance.class, "a provenance")
                                .likeness());
            } catch (InputException e) {
                // Whoever looks at the run itself is told.
            }
            return row;
        });
        return all;
    }

    private static double number(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getDouble();
    }

    /**
     * The settings in which the runs of a group differ, sorted by key, for each run by its id. Seeds, names, notes and tags are left out: a
     * run's address and tags tell them.
     */
    public Map<Long, SequencedMap<String, String>> differing(List<Run> group) {
        // Runs of one cell differ in their seed alone, so one of each tells about all.
        Map<String, Long> cells = new LinkedHashMap<>();
        group.forEach(run -> cells.putIfAbsent(run.name(), run.id()));
        if (cells.size() < 2) {
            return Map.of();
        }
        String ids = cells.values().stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
        Map<Long, SequencedMap<String, String>> ofCell = new HashMap<>();
        database.query(
                """
                SELECT run, key, value FROM settings
                WHERE run IN (SELECT value FROM json_each(?)) AND key IN (
                    SELECT key FROM settings WHERE run IN (SELECT value FROM json_each(?))
                    AND key NOT IN ('name', 'note', 'seed', 'tags') AND key NOT LIKE 'tags.%'
                    GROUP BY key HAVING count(DISTINCT value) > 1 OR count(*) < ?)
                ORDER BY run, key
                """,
                row -> ofCell.computeIfAbsent(row.number(1), _ -> new LinkedHashMap<>())
                        .put(row.text(2), row.text(3)),
                ids,
                ids,
                cells.size());
        // An earlier release wrote fewer keys: what a later one added and nobody changed is no difference.
        Experiments.settingsBefore().forEach((key, before) -> {
            if (ofCell.values().stream()
                    .allMatch(settings -> settings.getOrDefault(key, before).equals(before))) {
                ofCell.values().forEach(settings -> settings.remove(key));
            }
        });
        Map<Long, SequencedMap<String, String>> ofRun = new HashMap<>();
        for (Run run : group) {
            SequencedMap<String, String> settings = ofCell.get(cells.get(run.name()));
            if (settings != null) {
                ofRun.put(run.id(), settings);
            }
        }
        return ofRun;
    }
}
