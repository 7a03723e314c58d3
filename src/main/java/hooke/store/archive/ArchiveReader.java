package hooke.store.archive;

import hooke.Check;
import hooke.InputException;
import hooke.Reason;
import hooke.Sha256;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.store.Run;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.store.files.Checkpoint;
import hooke.store.files.StoredFile;
import hooke.store.series.Series;
import hooke.store.sqlite.JsonColumn;
import hooke.store.sqlite.Stored;
import hooke.tensor.Safetensors;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** Takes finished runs out of an {@link Archive}, whoever wrote it: nothing in it is believed before it was looked at. */
final class ArchiveReader {
    private static final Pattern CHECKPOINT = Pattern.compile("(\\d{1,18})\\.safetensors");

    private static final int MAX_POINTS = 100_000_000;

    /** Points that are read at once. */
    private static final int BLOCK = 8192;

    private final Path file;
    private final Archive.Rules rules;
    private final boolean mayBeApart;

    /** Bytes that a text inside may have: text shrinks in a zip, but not that much. */
    private final long longest;

    /** @param mayBeApart whether weights may lie beside the file */
    ArchiveReader(Path file, Archive.Rules rules, boolean mayBeApart) {
        this.file = file;
        this.rules = rules;
        this.mayBeApart = mayBeApart;
        this.longest =
                Math.min(Archive.MAX_JSON, (1 << 20) + 100 * file.toFile().length());
    }

    /**
     * Adds the runs of an archive to a store: all of them or, where the file is damaged or cut anywhere, none and an {@link
     * InputException}. It is read to its end first, and then again. Only where the store cannot be written any more are those that were
     * added before there, and the same import goes on from them.
     */
    Archive.Imported read(Store store) {
        fault().ifPresent(fault -> {
            throw new InputException(fault.getMessage() + "; nothing was added", fault);
        });
        return add(store);
    }

    /** What is wrong with it anywhere. */
    Optional<InputException> fault() {
        try {
            pass(null, new Counts());
            return Optional.empty();
        } catch (InputException e) {
            return Optional.of(e);
        }
    }

    /** Adds the runs of an archive that was looked at. */
    Archive.Imported add(Store store) {
        var counts = new Counts();
        try {
            pass(store, counts);
        } catch (InputException e) {
            throw new InputException(
                    "%s; %s of its runs were added, and importing again continues from there"
                            .formatted(e.getMessage(), counts.added),
                    e);
        }
        return new Archive.Imported(counts.added, counts.there, counts.busy);
    }

    private static final class Counts {
        private int added;
        private int there;
        private int busy;
    }

    /** @param store null: everything is looked at and nothing added */
    private void pass(@Nullable Store store, Counts counts) {
        try (var zip = new ZipInputStream(Files.newInputStream(file))) {
            @Nullable ZipEntry entry = zip.getNextEntry();
            Check.that(entry != null, "%s is not an archive of runs", file);
            while (entry != null && !entry.getName().equals(Archive.END)) {
                if (entry.getName().equals("sweep.json")) {
                    sweep(zip, store);
                    entry = zip.getNextEntry();
                    continue;
                }
                Check.that(
                        entry.getName().matches("runs/\\d{1,9}/run\\.json"),
                        "%s is not an archive of runs: it has an entry %s where a run must begin",
                        file,
                        entry.getName().replaceAll("[^A-Za-z0-9._/-]", "?"));
                run(zip, entry.getName(), store, counts);
                entry = nextRun(zip);
            }
            if (entry == null) {
                throw new EOFException("its end is missing");
            }
        } catch (InputException e) {
            throw e;
        } catch (IOException e) {
            throw store == null
                    ? damaged(Reason.of(e), e)
                    : new InputException(
                            "%s cannot be added to %s: %s".formatted(file, store.folder(), Reason.of(e)), e);
        } catch (IllegalArgumentException e) { // a name in the zip itself that is no text
            throw damaged("it holds what no export writes", e);
        }
    }

    private InputException damaged(String why, Exception e) {
        return new InputException(
                "%s cannot be read to its end (%s): it is damaged or not an archive of runs".formatted(file, why), e);
    }

    private void sweep(ZipInputStream zip, @Nullable Store store) throws IOException {
        Archive.KeptSweep sweep = JsonColumn.read(text(zip), Archive.KeptSweep.class, file + ": sweep.json");
        checkFormat(sweep.format());
        OffsetDateTime at;
        try {
            at = Stored.moment(sweep.at());
            rules.sweep().accept(sweep.text());
        } catch (DateTimeException | InputException e) {
            throw damaged("its sweep is none: " + e.getMessage(), e);
        }
        Check.that(
                Stored.isName(sweep.name())
                        && Set.copyOf(sweep.hashes()).size() == sweep.hashes().size(),
                "%s is damaged: the name or the runs of its sweep cannot be right",
                file);
        if (store != null && store.sweeps().stream().noneMatch(s -> s.name().equals(sweep.name()))) {
            store.keepSweep(sweep.name(), sweep.text(), sweep.hashes(), at);
        }
    }

    private void run(ZipInputStream zip, String entry, @Nullable Store store, Counts counts) throws IOException {
        Archive.Head head = JsonColumn.read(text(zip), Archive.Head.class, file + ": " + entry);
        checkFormat(head.format());
        Experiment experiment = Experiments.parse(head.experiment(), file + ": " + entry, List.of());
        if (store == null) {
            look(zip, new HeadCheck(file.toString(), experiment, head, rules));
        } else if (store.runsOf(head.hash()).stream().anyMatch(run -> run.status() == Run.Status.DONE)) {
            counts.there++;
        } else {
            List<Series> all = new ArrayList<>();
            series(zip, head.series(), all::add);
            if (add(store, zip, experiment, head, all)) {
                counts.added++;
            } else {
                counts.busy++;
            }
        }
    }

    /** Whether a run is whole and right. */
    private void look(ZipInputStream zip, HeadCheck check) throws IOException {
        check.check();
        series(zip, check.head().series(), check::check);
        for (Archive.Saved saved : check.head().checkpoints()) {
            weights(zip, check.experiment(), check.head(), saved, in -> look(in, check, saved));
        }
    }

    private void look(InputStream in, HeadCheck check, Archive.Saved saved) throws IOException {
        String name = "the checkpoint %s of %s"
                .formatted(saved.step(), check.experiment().name());
        var digest = new DigestInputStream(in, Sha256.digest());
        try {
            rules.weights().accept(check.experiment(), Safetensors.shapes(name, digest, saved.bytes(), longest));
        } catch (InputException e) {
            throw check.damaged(String.valueOf(e.getMessage()));
        }
        digest.transferTo(OutputStream.nullOutputStream());
        check.that(Sha256.hex(digest.getMessageDigest()).equals(saved.sha256()), name + " is not as it was written");
    }

    private interface Reading {
        void of(InputStream in) throws IOException;
    }

    /** Reads the weights of a checkpoint, which come next in the archive or lie beside it. */
    private void weights(
            ZipInputStream zip, Experiment experiment, Archive.Head head, Archive.Saved saved, Reading reading)
            throws IOException {
        Path apart = file.resolveSibling(saved.sha256());
        boolean isApart = head.format() == Archive.APART;
        @Nullable ZipEntry entry = isApart ? null : zip.getNextEntry();
        if (isApart ? !Files.exists(apart) : entry == null || !isOf(entry.getName(), saved.step())) {
            throw new InputException("%s is damaged: the checkpoint %s of %s is missing"
                    .formatted(file, saved.step(), experiment.name()));
        }
        if (isApart) {
            try (InputStream in = Files.newInputStream(apart)) {
                reading.of(in);
            }
        } else {
            reading.of(zip);
        }
    }

    private void checkFormat(int format) {
        Check.that(
                format != Archive.APART || mayBeApart,
                "%s is a run in a shared place, and its weights lie there, too: ./hooke sync brings it",
                file);
        Check.that(
                format == Archive.FORMAT || format == Archive.APART,
                "%s was written by another Hooke (format %s, this one knows %s)",
                file,
                format,
                Archive.FORMAT);
    }

    private String text(ZipInputStream zip) throws IOException {
        byte[] bytes = zip.readNBytes((int) longest + 1);
        if (bytes.length > longest) {
            throw new IOException("an entry is far too large");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Passes over what is left of a run. */
    private static @Nullable ZipEntry nextRun(ZipInputStream zip) throws IOException {
        ZipEntry entry = zip.getNextEntry();
        while (entry != null
                && !entry.getName().endsWith("/run.json")
                && !entry.getName().equals(Archive.END)) {
            entry = zip.getNextEntry();
        }
        return entry;
    }

    private void series(ZipInputStream zip, List<String> names, Consumer<Series> use) throws IOException {
        series(file, zip, names, use);
    }

    static void series(Path file, ZipInputStream zip, List<String> names, Consumer<Series> use) throws IOException {
        ZipEntry entry = zip.getNextEntry();
        Check.that(
                entry != null && entry.getName().endsWith("/series.bin"), "%s is damaged: a run has no series", file);
        var in = new DataInputStream(zip);
        for (String name : names) {
            int size = in.readInt();
            Check.that(size >= 1 && size <= MAX_POINTS, "%s is damaged: a series has %s points", file, size);
            use.accept(series(in, name, size));
        }
        Check.that(in.read() < 0, "%s is damaged: a run has more points than its header says", file);
    }

    /** No memory is taken for more points than there are: steps that rise shrink by no more than some ten times in a zip. */
    private static Series series(DataInputStream in, String name, int size) throws IOException {
        byte[] block = new byte[BLOCK * Long.BYTES];
        long[] steps = new long[Math.min(size, BLOCK)];
        for (int at = 0; at < size; at += BLOCK) {
            int n = Math.min(BLOCK, size - at);
            if (at + n > steps.length) {
                steps = Arrays.copyOf(steps, (int) Math.min(size, 2L * steps.length));
            }
            in.readFully(block, 0, n * Long.BYTES);
            ByteBuffer.wrap(block).asLongBuffer().get(steps, at, n);
            for (int i = Math.max(at, 1); i < at + n; i++) {
                if (steps[i] <= steps[i - 1]) {
                    throw new IOException("the steps of " + name + " do not rise");
                }
            }
        }
        double[] values = new double[size];
        for (int at = 0; at < size; at += BLOCK) {
            int n = Math.min(BLOCK, size - at);
            in.readFully(block, 0, n * Double.BYTES);
            ByteBuffer.wrap(block).asDoubleBuffer().get(values, at, n);
        }
        return new Series(name, steps, values);
    }

    /**
     * False while somebody trains it. The weights are copied beside the runs and looked at before the run is touched: whatever fails, it
     * stays what it was, and a run that was not there is not there afterwards.
     */
    private boolean add(Store store, ZipInputStream zip, Experiment experiment, Archive.Head head, List<Series> series)
            throws IOException {
        CopyFolder beside = CopyFolder.in(store);
        boolean isNew = store.runsOf(head.hash()).isEmpty();
        boolean done = false;
        @Nullable Run run = null;
        try {
            List<Checkpoint> copies = new ArrayList<>();
            for (Archive.Saved saved : head.checkpoints()) {
                weights(zip, experiment, head, saved, in -> copies.add(copy(in, beside.path(), saved)));
            }
            Optional<RunWriter> claimed =
                    store.tryClaim(experiment, head.provenance().getFirst());
            if (claimed.isPresent()) {
                try (RunWriter writer = claimed.get()) {
                    run = writer.run();
                    arrive(writer, head, series, copies);
                    if (!head.tags().isEmpty()) {
                        store.tag(List.of(run), head.tags());
                    }
                }
            }
            done = true;
            return claimed.isPresent();
        } finally {
            if (!done && isNew && run != null) {
                store.delete(run);
            }
            beside.close();
        }
    }

    /** Moves the weights to their place; what lay there goes back if the store does not take the rest. */
    private static void arrive(RunWriter run, Archive.Head head, List<Series> series, List<Checkpoint> copies)
            throws IOException {
        Map<Path, Path> replaced = new LinkedHashMap<>();
        boolean done = false;
        try {
            List<Checkpoint> checkpoints = new ArrayList<>();
            for (Checkpoint copy : copies) {
                StoredFile weights = copy.weights();
                Path place = run.weightsOf(copy.step());
                Files.createDirectories(place.toAbsolutePath().getParent());
                if (Files.exists(place)) {
                    Path old = weights.path().resolveSibling("old-" + copy.step());
                    Files.move(place, old);
                    replaced.put(place, old);
                }
                Files.move(weights.path(), place);
                checkpoints.add(
                        new Checkpoint(copy.step(), new StoredFile(place, weights.bytes(), weights.sha256()), null));
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
            done = true;
        } finally {
            if (!done) {
                for (Map.Entry<Path, Path> move : replaced.entrySet()) {
                    Files.move(move.getValue(), move.getKey(), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static boolean isOf(String entry, long step) {
        var name = CHECKPOINT.matcher(entry.substring(entry.lastIndexOf('/') + 1));
        return name.matches() && Long.parseLong(name.group(1)) == step;
    }

    private Checkpoint copy(InputStream in, Path folder, Archive.Saved saved) throws IOException {
        Path path = folder.resolve(saved.step() + ".safetensors");
        Files.copy(in, path);
        var weights = new StoredFile(path, saved.bytes(), saved.sha256());
        weights.fault().ifPresent(fault -> {
            throw new InputException(file + " is damaged: " + fault);
        });
        return new Checkpoint(saved.step(), weights, null);
    }
}
