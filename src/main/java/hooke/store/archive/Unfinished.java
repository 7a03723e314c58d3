package hooke.store.archive;

import hooke.InputException;
import hooke.Reason;
import hooke.WholeFile;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.store.Event;
import hooke.store.Provenance;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.store.files.Checkpoint;
import hooke.store.files.StoredFile;
import hooke.store.series.Series;
import hooke.store.sqlite.JsonColumn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A run as it stands at its last checkpoint, for another store to go on with. The file has everything but the tensors, which travel beside
 * it, so that those of a checkpoint travel once.
 */
public final class Unfinished {
    private Unfinished() {}

    private record Saved(long step, Bytes weights) {}

    private record Bytes(long bytes, String sha256) {
        static Bytes of(StoredFile file) {
            return new Bytes(file.bytes(), file.sha256());
        }

        StoredFile at(Path path) {
            return new StoredFile(path, bytes, sha256);
        }
    }

    /** @param state of the optimizer, at the last checkpoint */
    private record Stand(
            int format,
            String experiment,
            String hash,
            String created,
            long step,
            List<Event> events,
            List<Provenance> provenance,
            List<Long> resumedAt,
            List<String> series,
            List<Saved> checkpoints,
            Bytes state) {}

    /**
     * Writes how a run stands at a checkpoint that has the optimizer's state, and returns the files that belong to it: all weights
     * up to there, and that state.
     */
    public static List<StoredFile> write(Path file, RunReader reader, Checkpoint last) {
        long step = last.step();
        StoredFile state = Objects.requireNonNull(last.state());
        List<Checkpoint> checkpoints =
                reader.checkpoints().stream().filter(c -> c.step() <= step).toList();
        List<Series> series = reader.seriesNames().stream()
                .map(name -> upTo(step, reader.series(name)))
                .filter(s -> s.size() > 0)
                .toList();
        List<Long> resumedAt =
                reader.resumedAt().stream().filter(from -> from <= step).toList();
        var stand = new Stand(
                Archive.FORMAT,
                reader.experiment().toJson(),
                reader.run().hash(),
                reader.run().created().toString(),
                step,
                reader.events().stream().filter(e -> e.step() <= step).toList(),
                reader.provenance().subList(0, 1 + resumedAt.size()),
                resumedAt,
                series.stream().map(Series::name).toList(),
                checkpoints.stream()
                        .map(c -> new Saved(c.step(), Bytes.of(c.weights())))
                        .toList(),
                Bytes.of(state));
        WholeFile.write(file, temporary -> {
            try (var zip = new ZipOutputStream(Files.newOutputStream(temporary))) {
                Archive.entry(zip, "run/run.json");
                zip.write(JsonColumn.of(stand).getBytes(StandardCharsets.UTF_8));
                Archive.series(zip, "run/", series, s -> s);
            }
        });
        return Stream.concat(checkpoints.stream().map(Checkpoint::weights), Stream.of(state))
                .toList();
    }

    private static Series upTo(long step, Series series) {
        int place = Arrays.binarySearch(series.steps(), step);
        int size = place >= 0 ? place + 1 : -place - 1;
        return new Series(series.name(), Arrays.copyOf(series.steps(), size), Arrays.copyOf(series.values(), size));
    }

    /** The step that such a file stands at. */
    public static long step(Path file) {
        return read(file, (stand, _) -> stand.step());
    }

    /**
     * Puts the run into a store unless it is as far there; empty while somebody trains it there.
     *
     * @param fetch gets a file that belongs to it, by its SHA-256, and writes it to its path
     */
    public static Optional<Run> into(Store store, Path file, Consumer<StoredFile> fetch) {
        return read(file, (stand, series) -> {
            Experiment asked = Experiments.parse(stand.experiment(), file.toString(), List.of());
            Optional<Run> known = store.runsOf(stand.hash()).stream()
                    .filter(run -> run.status() == Run.Status.DONE || run.step() >= stand.step())
                    .findFirst();
            if (known.isPresent()) {
                return known;
            }
            Experiment experiment = store.runsOf(stand.hash()).stream()
                    .findFirst()
                    .map(run -> store.read(run).experiment())
                    .orElse(asked);
            Optional<RunWriter> claimed =
                    store.tryClaim(experiment, stand.provenance().getFirst());
            if (claimed.isPresent()) {
                try (RunWriter writer = claimed.get()) {
                    writer.arrive(new RunWriter.Whole(
                            series,
                            stand.events(),
                            stand.provenance(),
                            stand.resumedAt(),
                            fetched(stand, writer, fetch),
                            stand.step(),
                            null,
                            OffsetDateTime.parse(stand.created()),
                            null));
                }
            }
            return claimed.map(writer -> store.runsOf(stand.hash()).getFirst());
        });
    }

    private static List<Checkpoint> fetched(Stand stand, RunWriter writer, Consumer<StoredFile> fetch)
            throws IOException {
        List<Checkpoint> checkpoints = new ArrayList<>();
        for (Saved saved : stand.checkpoints()) {
            long step = saved.step();
            StoredFile weights = saved.weights().at(writer.weightsOf(step));
            @Nullable StoredFile state = step == stand.step() ? stand.state().at(writer.stateOf(step)) : null;
            Files.createDirectories(weights.path().toAbsolutePath().getParent());
            var checkpoint = new Checkpoint(step, weights, state);
            if (checkpoint.fault().isPresent()) {
                fetch.accept(weights);
                if (state != null) {
                    fetch.accept(state);
                }
            }
            checkpoints.add(checkpoint);
        }
        return checkpoints;
    }

    private interface Use<T> {
        T of(Stand stand, List<Series> series) throws IOException;
    }

    private static <T> T read(Path file, Use<T> use) {
        try (var zip = new ZipInputStream(Files.newInputStream(file))) {
            zip.getNextEntry();
            String json = new String(zip.readNBytes(Archive.MAX_JSON), StandardCharsets.UTF_8);
            Stand stand = JsonColumn.read(json, Stand.class, file + ": run.json");
            List<Series> series = new ArrayList<>();
            ArchiveReader.series(file, zip, stand.series(), series::add);
            return use.of(stand, series);
        } catch (IOException e) {
            throw new InputException(file + " cannot be gone on with: " + Reason.of(e), e);
        }
    }
}
