package hooke.store;

import hooke.Check;
import hooke.InputException;
import hooke.Reason;
import hooke.config.EventKind;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.store.files.Checkpoint;
import hooke.store.files.CheckpointFolder;
import hooke.store.files.StoredFile;
import hooke.store.series.Series;
import hooke.store.series.SeriesTable;
import hooke.store.sqlite.Database;
import hooke.store.sqlite.Database.Row;
import hooke.store.sqlite.JsonColumn;
import hooke.tensor.RawTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Everything that is stored about one run, also while it trains: what is read is as of the moment of reading. */
public final class RunReader {
    private final Database database;
    private final Run run;
    private final Path folder;
    private final SeriesTable series;

    RunReader(Database database, Run run, Path folder) {
        this.database = database;
        this.run = run;
        this.folder = folder;
        this.series = new SeriesTable(database, run.id(), run.address());
    }

    public Run run() {
        return run;
    }

    /** The experiment, as the run was created with it. */
    public Experiment experiment() {
        if (run.fault() != null) {
            throw new InputException(run.fault());
        }
        String json = database.query("SELECT experiment FROM runs WHERE id = ?", row -> row.text(1), run.id())
                .getFirst();
        return Experiments.parse(json, "the experiment of " + run.address(), List.of());
    }

    /** Settings of the experiment by key, sorted. */
    public SequencedMap<String, String> settings() {
        SequencedMap<String, String> settings = new LinkedHashMap<>();
        database.query(
                "SELECT key, value FROM settings WHERE run = ? ORDER BY key",
                row -> settings.put(row.text(1), row.text(2)),
                run.id());
        return settings;
    }

    /** The tags that people gave to the run, sorted; those of its experiment are not among them. */
    public List<String> tags() {
        return new TagTable(database).of(run.id());
    }

    /** Events in the order in which they came. */
    public List<Event> events() {
        return database.query(
                "SELECT step, kind, detail FROM events WHERE run = ? ORDER BY nr",
                row -> {
                    row.of("an event of run " + run.address());
                    return new Event(row.number(1), row.text(2), JsonColumn.object(row.text(3)));
                },
                run.id());
    }

    /**
     * What is made of the tensors that belong to the run as a whole under a name (see {@link RunWriter#keep}), while they are mapped; empty
     * where there are none. Throws {@link InputException} if they are damaged.
     */
    public <T> Optional<T> kept(String name, Function<Map<String, RawTensor>, T> use) {
        return events().stream()
                .filter(e -> e.is(EventKind.ARTIFACT))
                .map(e -> JsonColumn.read(e.detail(), Artifact.class, "an artifact of run " + run.address()))
                .filter(a -> a.name().equals(name))
                .findFirst()
                .map(a -> {
                    var file = new StoredFile(new CheckpointFolder(folder).kept(name), a.bytes(), a.sha256());
                    try (Arena arena = Arena.ofConfined()) {
                        return use.apply(file.open(arena).tensors());
                    }
                });
    }

    /** The {@code tokenizer.json} of a run that learns a text, see {@link RunWriter#keepTokenizer}. */
    public Optional<String> tokenizer() {
        return StoredTokenizer.in(events(), "the tokenizer of run " + run.address());
    }

    /** Whether another program trained it: then its times are those of the import, and its looks are whatever was recorded. */
    public boolean isImported() {
        return events().stream().anyMatch(e -> e.is(EventKind.IMPORTED));
    }

    /** One entry for each process that worked on the run, the first first. */
    public List<Provenance> provenance() {
        return database.query(
                "SELECT detail FROM provenance WHERE run = ? ORDER BY part",
                row -> JsonColumn.read(row.text(1), Provenance.class, "the provenance of run " + run.address()),
                run.id());
    }

    /** The steps from which later processes went on, in the order in which they did. */
    public List<Long> resumedAt() {
        return database.query(
                "SELECT from_step FROM provenance WHERE run = ? AND part > 1 ORDER BY part",
                row -> row.number(1),
                run.id());
    }

    /** Names of all series in the order in which they were first logged. */
    public List<String> seriesNames() {
        return series.names();
    }

    /** Every point of a series. Throws {@link InputException} with the nearest name where there is none of that name. */
    public Series series(String name) {
        return series.read(name);
    }

    /** At most that many points (at least 4) of a series, as {@link Series#thinned}; fast however long the series is. */
    public Series thinned(String name, int atMost) {
        return series.thinned(name, atMost);
    }

    /** All checkpoints, the earliest first. */
    public List<Checkpoint> checkpoints() {
        return checkpoints(database, run.id(), new CheckpointFolder(folder));
    }

    static List<Checkpoint> checkpoints(Database database, long run, CheckpointFolder files) {
        return database.query("""
                SELECT step, bytes, sha256, state_bytes, state_sha256
                FROM checkpoints WHERE run = ? ORDER BY step
                """, row -> checkpoint(row, files), run);
    }

    private static Checkpoint checkpoint(Row row, CheckpointFolder files) {
        long step = row.number(1);
        return new Checkpoint(
                step,
                new StoredFile(files.weights(step), row.number(2), row.text(3)),
                row.isNull(4) ? null : new StoredFile(files.state(step), row.number(4), row.text(5)));
    }

    /** The checkpoint at a step. Throws {@link InputException} with its neighbours where there is none. */
    public Checkpoint checkpoint(long step) {
        List<Checkpoint> all = checkpoints();
        Check.that(!all.isEmpty(), "run %s has no checkpoint yet", run.address());
        List<Checkpoint> before = all.stream().filter(c -> c.step() <= step).toList();
        List<Checkpoint> after = all.subList(before.size(), all.size());
        if (before.isEmpty() || before.getLast().step() != step) {
            String neighbours = Stream.concat(
                            before.reversed().stream().limit(1), after.stream().limit(1))
                    .map(c -> Long.toString(c.step()))
                    .reduce((a, b) -> a + " and " + b)
                    .orElseThrow();
            throw new InputException("run %s has no checkpoint at step %s: the nearest %s"
                    .formatted(
                            run.address(), step, neighbours.contains(" ") ? "are " + neighbours : "is " + neighbours));
        }
        return before.getLast();
    }

    /** The last checkpoint, or empty where there is none yet. */
    public Optional<Checkpoint> lastCheckpoint() {
        return checkpoints().reversed().stream().findFirst();
    }

    /** Bytes that deleting the run would free. */
    public DiskUse diskUse() {
        long files = 0;
        if (Files.isDirectory(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                files = all.filter(Files::isRegularFile)
                        .mapToLong(file -> file.toFile().length())
                        .sum();
            } catch (IOException e) {
                throw new InputException(folder + " cannot be read: " + Reason.of(e), e);
            }
        }
        return new DiskUse(files, series.bytes());
    }

    /** Bytes that a run takes: files of checkpoints, and points of series. */
    public record DiskUse(long checkpoints, long points) {}
}
