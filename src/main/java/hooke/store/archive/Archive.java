package hooke.store.archive;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import hooke.Check;
import hooke.InputException;
import hooke.Reason;
import hooke.WholeFile;
import hooke.config.EventKind;
import hooke.config.Experiment;
import hooke.store.Event;
import hooke.store.Provenance;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.Store;
import hooke.store.StoredSweep;
import hooke.store.files.Checkpoint;
import hooke.store.files.StoredFile;
import hooke.store.series.Series;
import hooke.store.sqlite.JsonColumn;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Finished runs in one file, for another store: a zip with three kinds of entries, {@code run.json}, {@code series.bin} (every point) and
 * {@code STEP.safetensors} (weights), a run after the other, and before them {@code sweep.json} where they belong to one. Names of
 * entries are compared and never used as paths.
 */
public final class Archive {
    /** The last entry: an archive without it has been cut. */
    static final String END = "end";

    static final int FORMAT = 1;

    /** Of one run, the weights of which lie beside the archive, each file called by its SHA-256. */
    static final int APART = 2;

    /** An experiment with its events; what has more cannot be taken out, and what says more is none that this program made. */
    static final int MAX_JSON = 64 << 20;

    private Archive() {}

    /** Which checkpoints are taken along. */
    public enum Checkpoints {
        NONE,
        LAST,
        ALL
    }

    /** What an import did. Runs that are there already are left as they are, and runs that somebody trains right now, too. */
    public record Imported(int added, int there, int busy) implements Fetched {}

    /** What came of an archive that lies elsewhere. */
    public sealed interface Fetched {}

    /** It is not what was sent, and nothing of it was added. */
    public record Damaged(String why) implements Fetched {}

    /** @param tags which an older Hooke did not have */
    record Head(
            int format,
            String experiment,
            String hash,
            String outcome,
            String created,
            String ended,
            long step,
            List<Event> events,
            List<Provenance> provenance,
            List<Long> resumedAt,
            List<String> series,
            List<Saved> checkpoints,

            @JsonSetter(nulls = Nulls.AS_EMPTY, contentNulls = Nulls.FAIL)
            List<String> tags) {}

    record Saved(long step, long bytes, String sha256) {}

    record KeptSweep(int format, String name, String text, List<String> hashes, String at) {}

    /**
     * Writes finished runs of a store to a file, which appears when it is whole.
     *
     * @param sweep that they belong to, or null
     * @param hashes of all runs of that sweep
     */
    public static void write(
            Path file,
            Store store,
            List<Run> runs,
            Checkpoints which,
            @Nullable StoredSweep sweep,
            List<String> hashes) {
        WholeFile.write(file, temporary -> {
            try (var zip = new ZipOutputStream(Files.newOutputStream(temporary))) {
                if (sweep != null) {
                    entry(zip, "sweep.json");
                    String at = sweep.at().toString();
                    zip.write(JsonColumn.of(new KeptSweep(FORMAT, sweep.name(), sweep.text(), hashes, at))
                            .getBytes(StandardCharsets.UTF_8));
                }
                for (int i = 0; i < runs.size(); i++) {
                    String folder = "runs/" + i + "/";
                    RunReader reader = store.read(runs.get(i));
                    List<Checkpoint> taken = taken(reader, which);
                    write(zip, folder, reader, taken, FORMAT);
                    for (Checkpoint checkpoint : taken) {
                        zip.setLevel(Deflater.NO_COMPRESSION); // Weights hardly shrink, and cost most of the time.
                        entry(zip, folder + checkpoint.step() + ".safetensors");
                        Files.copy(checkpoint.weights().path(), zip);
                        zip.setLevel(Deflater.DEFAULT_COMPRESSION);
                    }
                }
                entry(zip, END);
            }
        });
    }

    /** Writes a finished run to a file, but for its weights: returns those, which {@link #fetch} expects beside the file. */
    public static List<StoredFile> writeApart(Path file, Store store, Run run, Checkpoints which) {
        RunReader reader = store.read(run);
        List<Checkpoint> taken = taken(reader, which);
        WholeFile.write(file, temporary -> {
            try (var zip = new ZipOutputStream(Files.newOutputStream(temporary))) {
                write(zip, "runs/0/", reader, taken, APART);
                entry(zip, END);
            }
        });
        return taken.stream().map(Checkpoint::weights).toList();
    }

    /** The checkpoints that go along, of a run that can. */
    private static List<Checkpoint> taken(RunReader reader, Checkpoints which) {
        Run run = reader.run();
        Check.that(
                run.status() == Run.Status.DONE,
                "run %s is not done: only finished runs can be exported",
                run.address());
        Check.that(
                reader.events().stream().noneMatch(e -> e.is(EventKind.ARTIFACT)),
                "run %s has its own split, which an archive cannot contain: import the original file there instead",
                run.address());
        List<Checkpoint> all = reader.checkpoints();
        List<Checkpoint> taken = switch (which) {
            case NONE -> List.of();
            case LAST -> all.subList(Math.max(0, all.size() - 1), all.size());
            case ALL -> all;
        };
        taken.forEach(checkpoint -> checkpoint.weights().fault().ifPresent(fault -> {
            throw new InputException(fault);
        }));
        return taken;
    }

    private static void write(ZipOutputStream zip, String folder, RunReader reader, List<Checkpoint> taken, int format)
            throws IOException {
        Run run = reader.run();
        List<String> names = reader.seriesNames();
        entry(zip, folder + "run.json");
        byte[] json = JsonColumn.of(new Head(
                        format,
                        reader.experiment().toJson(),
                        run.hash(),
                        String.valueOf(run.outcome()),
                        run.created().toString(),
                        String.valueOf(run.ended()),
                        run.step(),
                        reader.events(),
                        reader.provenance(),
                        reader.resumedAt(),
                        names,
                        taken.stream()
                                .map(c -> new Saved(
                                        c.step(),
                                        c.weights().bytes(),
                                        c.weights().sha256()))
                                .toList(),
                        reader.tags()))
                .getBytes(StandardCharsets.UTF_8);
        Check.that(json.length <= MAX_JSON, "run %s has more events than an archive can take", run.address());
        zip.write(json);
        series(zip, folder, names, reader::series);
    }

    static <T> void series(ZipOutputStream zip, String folder, List<T> all, Function<T, Series> read)
            throws IOException {
        entry(zip, folder + "series.bin");
        var out = new DataOutputStream(zip);
        for (T one : all) {
            Series series = read.apply(one);
            out.writeInt(series.size());
            for (long step : series.steps()) {
                out.writeLong(step);
            }
            for (double value : series.values()) {
                out.writeLong(Double.doubleToRawLongBits(value));
            }
        }
        out.flush();
    }

    /** Entries are all of one moment, so that the same runs give the same bytes. */
    static void entry(ZipOutputStream zip, String name) throws IOException {
        var entry = new ZipEntry(name);
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        zip.putNextEntry(entry);
    }

    /**
     * What only the rooms above this one can judge: each throws {@link InputException} for what it could not read later.
     *
     * @param outcome of a run, as JSON
     * @param weights of an experiment's model: shapes by name
     * @param sweep its text
     */
    public record Rules(
            Consumer<String> outcome,
            BiConsumer<Experiment, Map<String, List<Long>>> weights,
            Consumer<String> sweep) {}

    /** Adds the runs of an archive to a store, see {@link ArchiveReader#read}. */
    public static Imported read(Path file, Store store, Rules rules) {
        return new ArchiveReader(file, rules, false).read(store);
    }

    /**
     * Adds the runs of an archive that lies elsewhere, or tells why it cannot be believed.
     *
     * @param fetch copies it to a file, and weights that lie apart beside it under their SHA-256, or says what is wrong with them
     */
    public static Fetched fetch(Function<Path, Optional<String>> fetch, Store store, Rules rules) {
        try (CopyFolder folder = CopyFolder.in(store)) {
            Path file = folder.path().resolve("runs.zip");
            var reader = new ArchiveReader(file, rules, true);
            Optional<String> fault = fetch.apply(file)
                    .or(() -> reader.fault()
                            .map(e -> String.valueOf(e.getMessage()).replace(file + " ", "its archive ")));
            return fault.<Fetched>map(Damaged::new).orElseGet(() -> reader.add(store));
        } catch (IOException e) {
            throw new InputException(store.folder() + " cannot be written: " + Reason.of(e), e);
        }
    }
}
