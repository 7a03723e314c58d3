package hooke.store.series;

import hooke.Check;
import hooke.InputException;
import hooke.Printable;
import hooke.store.sqlite.Database;
import hooke.store.sqlite.Database.Row;
import hooke.store.sqlite.Stored;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All points of one run. While it trains, each flush adds a chunk a series; when it has ended they are packed, so that what is stored
 * depends on the points alone and not on when they were flushed.
 */
public record SeriesTable(Database database, long run, String address) {
    /** Points of a packed chunk. */
    private static final int CHUNK = 8192;

    /** Names in the order in which they were first logged. */
    public List<String> names() {
        return database.query(
                "SELECT name FROM series WHERE run = ? ORDER BY id",
                row -> {
                    String name = row.of("a series of run " + address).text(1);
                    if (!Stored.isName(name)) {
                        throw new IllegalArgumentException("'%s' is not a valid name".formatted(Printable.line(name)));
                    }
                    return name;
                },
                run);
    }

    /** Adds the first n points behind those that are there. */
    public void append(String name, long[] steps, double[] values, int n) {
        database.run("INSERT OR IGNORE INTO series (run, name) VALUES (?, ?)", run, name);
        insert(id(name), steps, values, 0, n);
    }

    /** Every point. */
    public Series read(String name) {
        return read(name, id(name));
    }

    /** At most that many points: of a packed series without reading all of them. */
    public Series thinned(String name, int atMost) {
        long id = id(name);
        int wanted = Pyramid.wanted(atMost);
        long points = database.number("SELECT coalesce(sum(points), 0) FROM chunks WHERE series = ?", id);
        if (points > atMost) {
            List<Pyramid.Level> coarsest = database.query(
                    "SELECT buckets, points FROM pyramid WHERE series = ? AND buckets >= ? ORDER BY level DESC LIMIT 1",
                    row -> level(row.of(place(name))),
                    id,
                    wanted);
            if (!coarsest.isEmpty()) {
                return Pyramid.thin(name, coarsest.getFirst(), atMost);
            }
        }
        return read(name, id).thinned(atMost);
    }

    /** Removes all points behind a step. A checkpoint flushes, so that no chunk reaches across it. */
    public void cutAfter(long step) {
        database.run("DELETE FROM pyramid WHERE series IN (SELECT id FROM series WHERE run = ?)", run);
        database.run(
                "DELETE FROM chunks WHERE series IN (SELECT id FROM series WHERE run = ?) AND first_step > ?",
                run,
                step);
        database.run("DELETE FROM series WHERE run = ? AND id NOT IN (SELECT series FROM chunks)", run);
    }

    /** Makes equal chunks and a pyramid of every series. */
    public void pack() {
        for (String name : names()) {
            long id = id(name);
            Series series = read(name, id);
            database.run("DELETE FROM chunks WHERE series = ?", id);
            for (int from = 0; from < series.size(); from += CHUNK) {
                insert(id, series.steps(), series.values(), from, Math.min(from + CHUNK, series.size()));
            }
            List<Pyramid.Level> levels = Pyramid.of(series).levels();
            for (int i = 0; i < levels.size(); i++) {
                insert(id, i + 1, levels.get(i));
            }
        }
    }

    /** Bytes that the points take. */
    public long bytes() {
        return database.number("""
                SELECT coalesce((SELECT sum(length(vals) + coalesce(length(steps), 0)) FROM chunks
                                 WHERE series IN (SELECT id FROM series WHERE run = ?1)), 0)
                     + coalesce((SELECT sum(length(points)) FROM pyramid
                                 WHERE series IN (SELECT id FROM series WHERE run = ?1)), 0)
                """, run);
    }

    private long id(String name) {
        List<Long> ids =
                database.query("SELECT id FROM series WHERE run = ? AND name = ?", row -> row.number(1), run, name);
        if (ids.isEmpty()) {
            List<String> names = names();
            throw new InputException("there is no series '%s'%s: the run has %s"
                    .formatted(
                            name,
                            Check.didYouMean(name, names),
                            names.isEmpty() ? "none yet" : String.join(", ", names)));
        }
        return ids.getFirst();
    }

    private Series read(String name, long id) {
        String place = place(name);
        List<Chunk> chunks = database.query(
                "SELECT first_step, points, stride, steps, vals FROM chunks WHERE series = ? ORDER BY first_step",
                row -> Chunk.of(row.of(place)),
                id);
        long points = chunks.stream().mapToLong(Chunk::points).sum();
        Check.that(points > 0 && points < Integer.MAX_VALUE - 8, "%s is damaged: it has %s points", place, points);
        int size = (int) points;
        long[] steps = new long[size];
        double[] values = new double[size];
        int at = 0;
        for (Chunk chunk : chunks) {
            chunk.read(steps, values, at);
            at += chunk.points();
        }
        for (int i = 1; i < size; i++) {
            Check.that(steps[i] > steps[i - 1], "%s is damaged: its steps are not increasing", place);
        }
        return new Series(name, steps, values);
    }

    private String place(String name) {
        return "the series '%s' of run %s".formatted(name, address);
    }

    private void insert(long id, long[] steps, double[] values, int from, int to) {
        @Nullable Long stride = stride(steps, from, to);
        database.run(
                "INSERT INTO chunks (series, first_step, points, stride, steps, vals) VALUES (?, ?, ?, ?, ?, ?)",
                id,
                steps[from],
                to - from,
                stride,
                stride == null ? Blobs.of(steps, from, to) : null,
                Blobs.of(values, from, to));
    }

    private void insert(long id, int number, Pyramid.Level level) {
        byte[] steps = Blobs.of(level.steps(), 0, level.steps().length);
        byte[] values = Blobs.of(level.values(), 0, level.values().length);
        byte[] both = Arrays.copyOf(steps, steps.length + values.length);
        System.arraycopy(values, 0, both, steps.length, values.length);
        database.run(
                "INSERT INTO pyramid (series, level, buckets, points) VALUES (?, ?, ?, ?)",
                id,
                number,
                level.buckets(),
                both);
    }

    private static Pyramid.Level level(Row row) {
        long buckets = row.number(1);
        byte[] both = row.bytes(2);
        if (both == null || buckets < 1 || both.length != buckets * Pyramid.BUCKET_BYTES) {
            throw new IllegalArgumentException("it has another length");
        }
        int half = both.length / 2;
        long[] steps = new long[half / Long.BYTES];
        double[] values = new double[half / Double.BYTES];
        Blobs.read(Arrays.copyOf(both, half), steps, 0);
        Blobs.read(Arrays.copyOfRange(both, half, both.length), values, 0);
        return new Pyramid.Level(steps, values);
    }

    /** The distance between neighbouring steps if it is always the same. */
    private static @Nullable Long stride(long[] steps, int from, int to) {
        long stride = to - from == 1 ? 1 : steps[from + 1] - steps[from];
        for (int i = from + 1; i < to; i++) {
            if (steps[i] - steps[i - 1] != stride) {
                return null;
            }
        }
        return stride;
    }

    /** @param steps in bytes, or null where they follow from the first and the stride */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    private record Chunk(long firstStep, int points, long stride, byte @Nullable [] steps, byte[] values) {
        Chunk {
            if (points < 1
                    || values.length != points * (long) Double.BYTES
                    || (steps == null ? stride < 1 : steps.length != values.length)) {
                throw new IllegalArgumentException(
                        "a chunk of %s points has %s bytes".formatted(points, values.length));
            }
        }

        static Chunk of(Row row) {
            return new Chunk(
                    row.number(1),
                    Math.toIntExact(row.number(2)),
                    row.number(3),
                    row.isNull(4) ? null : row.bytes(4),
                    row.bytes(5));
        }

        void read(long[] steps, double[] values, int at) {
            Blobs.read(this.values, values, at);
            if (this.steps != null) {
                Blobs.read(this.steps, steps, at);
                return;
            }
            for (int i = 0; i < points; i++) {
                steps[at + i] = firstStep + i * stride;
            }
        }
    }
}
