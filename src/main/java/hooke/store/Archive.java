package hooke.store;

import hooke.Check;
import hooke.InputException;
import hooke.Reason;
import hooke.WholeFile;
import hooke.config.Experiment;
import hooke.config.Experiments;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Finished runs in one file, for another store: a zip with three kinds of entries, {@code run.json}, {@code series.bin} (every point) and
 * {@code STEP.safetensors} (weights), a run after the other, and before them {@code sweep.json} where they belong to one. Names of
 * entries are compared and never used as paths.
 */
public final class Archive {
    private static final Pattern CHECKPOINT = Pattern.compile("(\\d{1,18})\\.safetensors");
    /** The last entry: an archive without it has been cut. */
    private static final String END = "end";

    private static final int FORMAT = 1;
    /** An experiment with its events; a run with more is none that this program made. */
    private static final int MAX_JSON = 64 << 20;

    private static final int MAX_POINTS = 100_000_000;

    private Archive() {}

    /** Which checkpoints are taken along. */
    public enum Checkpoints {
        NONE,
        LAST,
        ALL
    }

    /** What an import did. Runs that are there already are left as they are, and runs that somebody trains right now, too. */
    public record Imported(int added, int there, int busy) {}

    private record Head(
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
            List<Saved> checkpoints) {}

    private record Saved(long step, long bytes, String sha256) {}

    private record KeptSweep(int format, String name, String text, List<String> hashes, String at) {}

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
                    zip.write(Json.of(new KeptSweep(FORMAT, sweep.name(), sweep.text(), hashes, at))
                            .getBytes(StandardCharsets.UTF_8));
                }
                for (int i = 0; i < runs.size(); i++) {
                    write(zip, "runs/" + i + "/", store.read(runs.get(i)), which);
                }
                entry(zip, END);
            }
        });
    }

    private static void write(ZipOutputStream zip, String folder, RunReader reader, Checkpoints which)
            throws IOException {
        Run run = reader.run();
        Check.that(
                run.status() == Run.Status.DONE,
                "run %s is not done: only finished runs can be taken out",
                run.address());
        Check.that(
                reader.events().stream().noneMatch(e -> e.kind().equals(Artifact.EVENT)),
                "run %s keeps a split of its own, which cannot be taken along: import the file that it came from there, too",
                run.address());
        List<Checkpoint> all = reader.checkpoints();
        List<Checkpoint> taken = switch (which) {
            case NONE -> List.of();
            case LAST -> all.subList(Math.max(0, all.size() - 1), all.size());
            case ALL -> all;
        };
        List<String> names = reader.seriesNames();
        entry(zip, folder + "run.json");
        zip.write(Json.of(new Head(
                        FORMAT,
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
                                .toList()))
                .getBytes(StandardCharsets.UTF_8));
        entry(zip, folder + "series.bin");
        var out = new DataOutputStream(zip);
        for (String name : names) {
            Series series = reader.series(name);
            out.writeInt(series.size());
            for (long step : series.steps()) {
                out.writeLong(step);
            }
            for (double value : series.values()) {
                out.writeLong(Double.doubleToRawLongBits(value));
            }
        }
        out.flush();
        for (Checkpoint checkpoint : taken) {
            checkpoint.weights().fault().ifPresent(fault -> {
                throw new InputException(fault);
            });
            entry(zip, folder + checkpoint.step() + ".safetensors");
            Files.copy(checkpoint.weights().path(), zip);
        }
    }

    /** Entries are all of one moment, so that the same runs give the same bytes. */
    private static void entry(ZipOutputStream zip, String name) throws IOException {
        var entry = new ZipEntry(name);
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        zip.putNextEntry(entry);
    }

    /**
     * Adds the runs of an archive to a store: all of them or, where the file is damaged or cut anywhere, none and an {@link
     * InputException}. It is read to its end first, and then again. Only where the store cannot be written any more are those that were
     * added before there, and the same import goes on from them.
     */
    public static Imported read(Path file, Store store) {
        try {
            pass(file, null, new Counts());
        } catch (InputException e) {
            throw new InputException(e.getMessage() + "; nothing was added", e);
        }
        var counts = new Counts();
        try {
            pass(file, store, counts);
        } catch (InputException e) {
            throw new InputException(
                    "%s; %s of its runs were added, and the same import goes on from there"
                            .formatted(e.getMessage(), counts.added),
                    e);
        }
        return new Imported(counts.added, counts.there, counts.busy);
    }

    private static final class Counts {
        private int added;
        private int there;
        private int busy;
    }

    /** @param store null: everything is looked at and nothing added */
    private static void pass(Path file, @Nullable Store store, Counts counts) {
        try (var zip = new ZipInputStream(Files.newInputStream(file))) {
            @Nullable ZipEntry entry = zip.getNextEntry();
            Check.that(entry != null, "%s is no archive of runs", file);
            while (entry != null && !entry.getName().equals(END)) {
                if (entry.getName().equals("sweep.json")) {
                    sweep(zip, file, store);
                    entry = zip.getNextEntry();
                    continue;
                }
                Check.that(
                        entry.getName().matches("runs/\\d{1,9}/run\\.json"),
                        "%s is no archive of runs: it has an entry %s where a run must begin",
                        file,
                        entry.getName().replaceAll("[^A-Za-z0-9._/-]", "?"));
                run(zip, file, store, counts);
                entry = nextRun(zip);
            }
            if (entry == null) {
                throw new EOFException("its end is missing");
            }
        } catch (InputException e) {
            throw e;
        } catch (IOException e) {
            throw store == null
                    ? damaged(file, Reason.of(e), e)
                    : new InputException(
                            "%s cannot be added to %s: %s".formatted(file, store.folder(), Reason.of(e)), e);
        } catch (RuntimeException e) {
            throw store == null ? damaged(file, "it holds what no export writes", e) : e;
        }
    }

    private static InputException damaged(Path file, String why, Exception e) {
        return new InputException(
                "%s cannot be read to its end (%s): it is damaged or no archive of runs".formatted(file, why), e);
    }

    private static void sweep(ZipInputStream zip, Path file, @Nullable Store store) throws IOException {
        KeptSweep sweep = Json.read(text(zip), KeptSweep.class);
        checkFormat(file, sweep.format());
        OffsetDateTime at = OffsetDateTime.parse(sweep.at());
        if (store != null && store.sweeps().stream().noneMatch(s -> s.name().equals(sweep.name()))) {
            store.keepSweep(sweep.name(), sweep.text(), sweep.hashes(), at);
        }
    }

    private static void run(ZipInputStream zip, Path file, @Nullable Store store, Counts counts) throws IOException {
        Head head = Json.read(text(zip), Head.class);
        checkFormat(file, head.format());
        Experiment experiment = Experiments.parse(head.experiment(), file.toString(), List.of());
        Check.that(
                experiment.hash().equals(head.hash()),
                "%s is damaged: the settings of %s are not those of its hash",
                file,
                experiment.name());
        if (store == null) {
            series(zip, file, head.series());
            look(zip, file, experiment, head);
        } else if (store.runsOf(head.hash()).stream().anyMatch(run -> run.status() == Run.Status.DONE)) {
            counts.there++;
        } else if (add(store, zip, file, experiment, head, series(zip, file, head.series()))) {
            counts.added++;
        } else {
            counts.busy++;
        }
    }

    /** Whether the rest of a run is whole. */
    private static void look(ZipInputStream zip, Path file, Experiment experiment, Head head) throws IOException {
        Check.that(!head.provenance().isEmpty(), "%s is damaged: a run has no provenance", file);
        OffsetDateTime.parse(head.created());
        OffsetDateTime.parse(head.ended());
        for (Saved saved : head.checkpoints()) {
            enter(zip, file, experiment, saved);
            Check.that(
                    StoredFile.sha256(zip).equals(saved.sha256()),
                    "%s is damaged: the checkpoint %s of %s is not as it was written",
                    file,
                    saved.step(),
                    experiment.name());
        }
    }

    private static void enter(ZipInputStream zip, Path file, Experiment experiment, Saved saved) throws IOException {
        ZipEntry entry = zip.getNextEntry();
        Check.that(
                entry != null && isOf(entry.getName(), saved.step()),
                "%s is damaged: the checkpoint %s of %s is missing",
                file,
                saved.step(),
                experiment.name());
    }

    private static void checkFormat(Path file, int format) {
        Check.that(
                format == FORMAT,
                "%s was written by another Hooke (format %s, this one knows %s)",
                file,
                format,
                FORMAT);
    }

    private static String text(ZipInputStream zip) throws IOException {
        byte[] bytes = zip.readNBytes(MAX_JSON + 1);
        if (bytes.length > MAX_JSON) {
            throw new IOException("an entry is far too large");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Passes over what is left of a run. */
    private static @Nullable ZipEntry nextRun(ZipInputStream zip) throws IOException {
        ZipEntry entry = zip.getNextEntry();
        while (entry != null
                && !entry.getName().endsWith("/run.json")
                && !entry.getName().equals(END)) {
            entry = zip.getNextEntry();
        }
        return entry;
    }

    private static List<Series> series(ZipInputStream zip, Path file, List<String> names) throws IOException {
        ZipEntry entry = zip.getNextEntry();
        Check.that(
                entry != null && entry.getName().endsWith("/series.bin"), "%s is damaged: a run has no series", file);
        var in = new DataInputStream(zip);
        List<Series> all = new ArrayList<>();
        for (String name : names) {
            int size = in.readInt();
            Check.that(size >= 1 && size <= MAX_POINTS, "%s is damaged: a series has %s points", file, size);
            all.add(series(in, name, size));
        }
        Check.that(in.read() < 0, "%s is damaged: a run has more points than it says", file);
        return all;
    }

    private static Series series(DataInputStream in, String name, int size) throws IOException {
        byte[] bytes = in.readNBytes(Math.multiplyExact(2 * Long.BYTES, size));
        if (bytes.length < 2L * Long.BYTES * size) {
            throw new EOFException("a series ends too soon");
        }
        var longs = ByteBuffer.wrap(bytes).asLongBuffer();
        long[] steps = new long[size];
        double[] values = new double[size];
        longs.get(steps);
        for (int i = 0; i < size; i++) {
            values[i] = Double.longBitsToDouble(longs.get());
        }
        for (int i = 1; i < size; i++) {
            if (steps[i] <= steps[i - 1]) {
                throw new IOException("the steps of " + name + " do not rise");
            }
        }
        return new Series(name, steps, values);
    }

    /** False while somebody trains it. */
    private static boolean add(
            Store store, ZipInputStream zip, Path file, Experiment experiment, Head head, List<Series> series)
            throws IOException {
        Optional<RunWriter> claimed =
                store.tryClaim(experiment, head.provenance().getFirst());
        if (claimed.isEmpty()) {
            return false;
        }
        try (RunWriter run = claimed.get()) {
            List<Checkpoint> checkpoints = new ArrayList<>();
            for (Saved saved : head.checkpoints()) {
                enter(zip, file, experiment, saved);
                checkpoints.add(copy(zip, run.weightsOf(saved.step()), saved, file));
            }
            run.arrive(new RunWriter.Whole(
                    series,
                    head.events(),
                    head.provenance(),
                    head.resumedAt(),
                    checkpoints,
                    head.step(),
                    head.outcome(),
                    OffsetDateTime.parse(head.created()),
                    OffsetDateTime.parse(head.ended())));
        }
        return true;
    }

    private static boolean isOf(String entry, long step) {
        var name = CHECKPOINT.matcher(entry.substring(entry.lastIndexOf('/') + 1));
        return name.matches() && Long.parseLong(name.group(1)) == step;
    }

    private static Checkpoint copy(InputStream in, Path path, Saved saved, Path file) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        Files.copy(in, path, StandardCopyOption.REPLACE_EXISTING);
        var weights = new StoredFile(path, saved.bytes(), saved.sha256());
        weights.fault().ifPresent(fault -> {
            throw new InputException(file + " is damaged: " + fault);
        });
        return new Checkpoint(saved.step(), weights, null);
    }
}
