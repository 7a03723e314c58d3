package hooke.store;

import hooke.InputException;
import hooke.config.EventKind;
import hooke.store.files.Checkpoint;
import hooke.store.files.CheckpointFolder;
import hooke.store.files.RunLock;
import hooke.store.files.StoredFile;
import hooke.store.series.Series;
import hooke.store.series.SeriesTable;
import hooke.store.sqlite.Database;
import hooke.store.sqlite.JsonColumn;
import hooke.store.sqlite.Stored;
import hooke.tensor.RawTensor;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The one process that trains a run. Points are kept in memory until there are many, a second has passed or a checkpoint is written, so
 * that a call of {@link #log} costs nanoseconds; what comes after the last checkpoint is lost if the process dies, and made again by
 * the one that goes on.
 */
public final class RunWriter implements AutoCloseable {
    /** Points of one series that are written at once: a transaction costs about as much as logging a hundred thousand points. */
    private static final int FLUSH_AT = 16_384;

    /** How long readers wait for points that come slowly. What is stored in the end does not depend on it. */
    private static final long FLUSH_NANOS = 1_000_000_000;

    /** Checkpoints whose optimizer state is kept: the second is what is gone on from when the newest is damaged. */
    private static final int STATES = 2;

    private final Database database;
    private final Run run;
    private final Provenance provenance;
    private final RunLock lock;
    private final CheckpointFolder files;
    private final SeriesTable series;
    private final Map<String, PointBuffer> buffers = new LinkedHashMap<>();
    private final List<Event> events = new ArrayList<>();
    private LongPredicate regular = _ -> true;
    private Phase phase = Phase.CLAIMED;
    /** Of the last checkpoint: what was at or before it is settled. */
    private long floor = -1;
    /** Of the last point, event or checkpoint. */
    private long last = -1;

    private long emptiedAt = System.nanoTime();

    private enum Phase {
        CLAIMED,
        TRAINING,
        ENDED
    }

    RunWriter(Database database, Run run, Provenance provenance, RunLock lock, CheckpointFolder files) {
        this.database = database;
        this.run = run;
        this.provenance = provenance;
        this.lock = lock;
        this.files = files;
        this.series = new SeriesTable(database, run.id(), run.address());
    }

    /** The run, as it was when it was claimed; one that is {@link Run.Status#DONE} cannot be gone on with. */
    public Run run() {
        return run;
    }

    /**
     * Where training begins.
     *
     * @param checkpoint whose weights and state to load; null for step 0
     * @param warnings sentences for the user about what was damaged
     */
    public record Start(@Nullable Checkpoint checkpoint, List<String> warnings) {
        public long step() {
            return checkpoint == null ? 0 : checkpoint.step();
        }
    }

    /**
     * Begins, or goes on from the newest checkpoint that is whole: everything stored behind it is removed, to be made again. Throws
     * {@link InputException} and changes nothing where there are checkpoints, but none that is whole and has the optimizer's state.
     *
     * @param isRegular whether the checkpoint of a step stays; one that was made for an interruption is replaced by the next, so that a
     *     run that was interrupted ends with the checkpoints of one that was not
     */
    public Start begin(LongPredicate isRegular) {
        require(phase == Phase.CLAIMED && run.status() != Run.Status.DONE, "begin a run once, and none that is done");
        List<String> warnings = new ArrayList<>();
        List<Checkpoint> all = RunReader.checkpoints(database, run.id(), files);
        Checkpoint start = newestWhole(all, warnings);
        long step = start == null ? -1 : start.step();
        database.durably(() -> {
            series.cutAfter(step);
            database.run("DELETE FROM events WHERE run = ? AND step > ?", run.id(), step);
            database.run("DELETE FROM checkpoints WHERE run = ? AND step > ?", run.id(), step);
            database.run(
                    "UPDATE runs SET state = 'open', step = ?, ended = NULL, outcome = NULL WHERE id = ?",
                    Math.max(step, 0),
                    run.id());
            return database.run("""
                    INSERT INTO provenance (run, part, from_step, detail)
                    SELECT ?1, coalesce(max(part), 0) + 1, ?2, ?3 FROM provenance WHERE run = ?1
                    """, run.id(), Math.max(step, 0), JsonColumn.of(provenance));
        });
        keepKnownFiles();
        regular = isRegular;
        floor = step;
        last = step;
        phase = Phase.TRAINING;
        return new Start(start, List.copyOf(warnings));
    }

    /** Begins a run all of whose checkpoints stay. */
    public Start begin() {
        return begin(_ -> true);
    }

    private @Nullable Checkpoint newestWhole(List<Checkpoint> all, List<String> warnings) {
        for (Checkpoint checkpoint : all.reversed()) {
            if (checkpoint.state() == null) {
                break;
            }
            String fault = checkpoint.fault().orElse(null);
            if (fault == null) {
                return checkpoint;
            }
            warnings.add(fault);
        }
        if (!all.isEmpty()) {
            throw new InputException(
                    "run %s cannot be continued, because no checkpoint with optimizer state is intact: %s; remove the run to begin again"
                            .formatted(run.address(), String.join("; ", warnings)));
        }
        return null;
    }

    /** Adds one point. Steps of a series must rise, and be behind the last checkpoint. */
    public void log(long step, String name, double value) {
        PointBuffer buffer = buffers.get(name);
        if (buffer == null) {
            require(phase == Phase.TRAINING, "log only between begin and finish");
            require(Stored.isName(name), "a series has a name of at most 200 characters on one line");
            buffer = new PointBuffer(floor);
            buffers.put(name, buffer);
        }
        if (step <= buffer.last) {
            throw new IllegalStateException(
                    "series %s has been logged up to step %s: step %s is too late".formatted(name, buffer.last, step));
        }
        buffer.add(step, value);
        if (buffer.size >= FLUSH_AT || System.nanoTime() - emptiedAt >= FLUSH_NANOS) {
            flush();
        }
    }

    /** Adds an event behind the last checkpoint; the detail is JSON. */
    public void event(long step, EventKind kind, String detail) {
        require(phase == Phase.TRAINING && step > floor, "an event comes after begin and behind the last checkpoint");
        last = Math.max(last, step);
        events.add(new Event(step, kind.word(), detail));
    }

    /** Keeps tensors that belong to the run as a whole, under a name of small letters; before its first checkpoint. */
    public void keep(String name, SequencedMap<String, RawTensor> tensors) {
        require(phase == Phase.TRAINING && floor < 0, "keep what belongs to the whole run before its first checkpoint");
        StoredFile file = files.keep(name, tensors, run.hash());
        event(0, EventKind.ARTIFACT, JsonColumn.of(new Artifact(name, file.bytes(), file.sha256())));
    }

    /** Keeps how the run's text is cut into tokens, before its first checkpoint. */
    public void keepTokenizer(String json) {
        require(phase == Phase.TRAINING && floor < 0, "keep a tokenizer before a run's first checkpoint");
        Event event = StoredTokenizer.event(json);
        event(event.step(), event.type(), event.detail());
    }

    /** Makes everything so far visible to readers. */
    public void flush() {
        require(phase == Phase.TRAINING, "flush only between begin and finish");
        if (!events.isEmpty() || buffers.values().stream().anyMatch(b -> b.size > 0)) {
            database.transaction(this::store);
            emptied();
        }
    }

    /**
     * Stores the model after so many steps, with everything logged up to there, so that training can go on from here whatever happens.
     * Nothing may be logged for this step afterwards. At the step of the last checkpoint it does nothing. Throws {@link InputException}
     * where the store is no longer the one that was opened.
     *
     * @param state of the optimizer: all that the next step needs beside weights, experiment and step
     */
    public void checkpoint(long step, SequencedMap<String, RawTensor> weights, SequencedMap<String, RawTensor> state) {
        require(phase == Phase.TRAINING, "write checkpoints only between begin and finish");
        if (step == floor) {
            return;
        }
        require(step > floor && step >= lastLogged(), "a checkpoint comes at or behind everything logged so far");
        lock.check();
        Checkpoint written = files.write(step, weights, state, run.hash());
        last = step;
        long replaced = regular.test(floor) ? -1 : floor;
        List<Long> withoutState = database.durably(() -> {
            store();
            database.run("DELETE FROM checkpoints WHERE run = ? AND step = ?", run.id(), replaced);
            insert(written);
            return database.query("""
                    UPDATE checkpoints SET state_bytes = NULL, state_sha256 = NULL
                    WHERE run = ?1 AND state_sha256 IS NOT NULL AND step NOT IN
                        (SELECT step FROM checkpoints WHERE run = ?1 ORDER BY step DESC LIMIT ?2)
                    RETURNING step
                    """, row -> row.number(1), run.id(), STATES);
        });
        emptied();
        floor = step;
        buffers.values().forEach(b -> b.last = step);
        withoutState.forEach(files::deleteState);
        files.delete(replaced);
    }

    /** Ends the run as done: everything is stored, and packed for reading. */
    public void finish(String outcome, OffsetDateTime at) {
        require(phase == Phase.TRAINING, "finish a run once, after begin");
        lock.check();
        database.durably(() -> {
            store();
            series.pack();
            return end("done", outcome, at);
        });
        ended();
    }

    /**
     * A run as another store had it.
     *
     * @param resumedAt the steps from which all processes but the first went on
     * @param outcome null for one that stands at its last checkpoint, behind which nothing was recorded
     * @param ended null for such a one, too
     */
    public record Whole(
            List<Series> series,
            List<Event> events,
            List<Provenance> provenance,
            List<Long> resumedAt,
            List<Checkpoint> checkpoints,
            long step,
            @Nullable String outcome,
            OffsetDateTime created,
            @Nullable OffsetDateTime ended) {}

    public Path weightsOf(long step) {
        return files.weights(step);
    }

    public Path stateOf(long step) {
        return files.state(step);
    }

    /** Makes the run what it was elsewhere, in place of what was here. */
    public void arrive(Whole whole) {
        require(phase == Phase.CLAIMED && run.status() != Run.Status.DONE, "a run arrives whole and once");
        database.durably(() -> {
            series.cutAfter(-1);
            for (String table : List.of("events", "checkpoints", "provenance")) {
                database.run("DELETE FROM " + table + " WHERE run = ?", run.id());
            }
            whole.series().forEach(s -> series.append(s.name(), s.steps(), s.values(), s.size()));
            events.addAll(whole.events());
            store();
            for (int part = 0; part < whole.provenance().size(); part++) {
                database.run(
                        "INSERT INTO provenance (run, part, from_step, detail) VALUES (?, ?, ?, ?)",
                        run.id(),
                        part + 1,
                        part == 0 ? 0 : whole.resumedAt().get(part - 1),
                        JsonColumn.of(whole.provenance().get(part)));
            }
            whole.checkpoints().forEach(this::insert);
            database.run(
                    "UPDATE runs SET state = 'open', step = ?, created = ?, ended = NULL, outcome = NULL WHERE id = ?",
                    whole.step(),
                    whole.created().toString(),
                    run.id());
            if (whole.outcome() == null || whole.ended() == null) {
                return 0;
            }
            series.pack();
            return end("done", whole.outcome(), whole.ended());
        });
        ended();
        keepKnownFiles();
    }

    /** Ends the run as failed; whoever claims it again goes on from its last checkpoint. */
    public void fail(String outcome, OffsetDateTime at) {
        require(phase != Phase.ENDED, "a run that has ended cannot fail");
        database.durably(() -> {
            store();
            return end("failed", outcome, at);
        });
        ended();
    }

    private void ended() {
        phase = Phase.ENDED;
        buffers.clear();
        events.clear();
    }

    private int end(String state, String outcome, OffsetDateTime at) {
        return database.run(
                "UPDATE runs SET state = ?, outcome = ?, ended = ? WHERE id = ?",
                state,
                outcome,
                at.toString(),
                run.id());
    }

    /** Stores what is not yet and lets go of the run; one that has not ended can be gone on with from its last checkpoint. */
    @Override
    public void close() {
        try {
            if (phase == Phase.TRAINING) {
                flush();
            }
        } finally {
            ended();
            try {
                database.run("UPDATE runs SET owner = NULL WHERE id = ?", run.id());
            } finally {
                lock.close();
            }
        }
    }

    /** Everything in memory goes to the tables, inside the caller's transaction; after it, {@link #emptied}. */
    private boolean store() {
        buffers.forEach((name, buffer) -> {
            if (buffer.size > 0) {
                series.append(name, buffer.steps, buffer.values, buffer.size);
            }
        });
        for (Event event : events) {
            database.run("""
                    INSERT INTO events (run, nr, step, kind, detail)
                    SELECT ?1, coalesce(max(nr), 0) + 1, ?2, ?3, ?4 FROM events WHERE run = ?1
                    """, run.id(), event.step(), event.kind(), event.detail());
        }
        database.run("UPDATE runs SET step = max(step, ?) WHERE id = ?", lastLogged(), run.id());
        return true;
    }

    private void emptied() {
        last = lastLogged();
        buffers.values().forEach(b -> b.size = 0);
        events.clear();
        emptiedAt = System.nanoTime();
    }

    private long lastLogged() {
        return Math.max(
                last, buffers.values().stream().mapToLong(b -> b.last).max().orElse(-1));
    }

    private void insert(Checkpoint checkpoint) {
        StoredFile state = checkpoint.state();
        database.run(
                """
                INSERT INTO checkpoints (run, step, bytes, sha256, state_bytes, state_sha256)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                run.id(),
                checkpoint.step(),
                checkpoint.weights().bytes(),
                checkpoint.weights().sha256(),
                state == null ? null : state.bytes(),
                state == null ? null : state.sha256());
    }

    /** Files that the database does not know are leftovers: of a process killed between file and transaction, or old states. */
    private void keepKnownFiles() {
        files.keepOnly(RunReader.checkpoints(database, run.id(), files));
    }

    private static void require(boolean condition, String rule) {
        if (!condition) {
            throw new IllegalStateException(rule);
        }
    }
}
