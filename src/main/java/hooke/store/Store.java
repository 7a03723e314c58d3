package hooke.store;

import hooke.Check;
import hooke.InputException;
import hooke.Reason;
import hooke.config.Experiment;
import hooke.store.files.CheckpointFolder;
import hooke.store.files.Owner;
import hooke.store.files.Reserve;
import hooke.store.files.RunLock;
import hooke.store.sqlite.Database;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of runs: {@code hooke.db}, and a folder of checkpoints for each run. Any number of processes may use it at once; readers keep
 * nobody waiting. A store object belongs to one thread.
 */
public final class Store implements Closeable {
    private static final String FILE = "hooke.db";

    private final Path folder;
    private final Database database;
    private final RunTable runs;
    private final SweepTable sweeps;
    private final TagTable tags;

    private Store(Path folder, Database database) {
        this.folder = folder;
        this.database = database;
        this.runs = new RunTable(database);
        this.sweeps = new SweepTable(database);
        this.tags = new TagTable(database);
    }

    /** Opens the store in this folder, and makes it where there is none. */
    public static Store open(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InputException(
                    "no store can be made in " + folder + ": " + Reason.of(e) + "; --store names another folder", e);
        }
        Store store = opened(folder, Database.open(file), database -> StoreSchema.prepare(database, file));
        store.reserve().keep();
        return store;
    }

    /** Opens a store that must be there, without ever writing to it. */
    public static Store openReadOnly(Path folder) {
        Path file = folder.resolve(FILE);
        Check.that(
                Files.exists(file),
                "there is no store in %s: train something first, or name another folder with --store",
                folder);
        return opened(folder, Database.openReadOnly(file), database -> {
            Check.that(!StoreSchema.isEmpty(database), "there is no store in %s yet: train something first", folder);
            StoreSchema.check(database, file);
        });
    }

    private static Store opened(Path folder, Database database, Consumer<Database> check) {
        boolean fine = false;
        try {
            check.accept(database);
            fine = true;
            return new Store(folder, database);
        } finally {
            if (!fine) {
                database.close();
            }
        }
    }

    /** Gives back the memory in which pages of the database were kept, up to 2 MB: for a process that will not read them again soon. */
    public void forgetPages() {
        database.run("PRAGMA shrink_memory");
    }

    public Path folder() {
        return folder;
    }

    /** All runs, the oldest first. */
    public List<Run> runs() {
        return runs.select("");
    }

    /** The runs of the cell of that name, the oldest first. */
    public List<Run> runs(String name) {
        return runs.select("WHERE c.name = ?", name);
    }

    /** The run of this experiment, if there is one. */
    public Optional<Run> find(Experiment experiment) {
        return runs
                .select(
                        "WHERE c.base = ? AND c.hash = ? AND r.seed = ?",
                        experiment.name(),
                        experiment.cellHash(),
                        experiment.seed())
                .stream()
                .findFirst();
    }

    /** The runs of that hash, under whatever names, the oldest first. */
    public List<Run> runsOf(String hash) {
        return runs.select("WHERE r.hash = ?", hash);
    }

    /** The runs that belong to a sweep and are there, the oldest first. */
    public List<Run> runsOfSweep(String name) {
        return sweeps.isThere()
                ? runs.select("WHERE r.hash IN (SELECT hash FROM sweep_runs WHERE sweep = ?)", name)
                : List.of();
    }

    /** All sweeps that were asked for, the one last asked for last. */
    public List<StoredSweep> sweeps() {
        return sweeps.all();
    }

    /** The sweep of that name. Throws {@link InputException} with the nearest name where there is none. */
    public StoredSweep sweep(String name) {
        return sweeps.find(name, folder);
    }

    /**
     * Keeps a sweep, in place of what was kept under its name; runs stay.
     *
     * @param text YAML that needs no other file
     * @param hashes of all its runs, whether they are there or not
     */
    public void keepSweep(String name, String text, Collection<String> hashes, OffsetDateTime at) {
        sweeps.keep(name, text, hashes, at);
    }

    /** The tags that people gave to runs, by the id of the run, each sorted; a run without one is left out. */
    public Map<Long, List<String>> tags() {
        return tags.all();
    }

    /** Gives runs tags; those that they have stay. Throws {@link InputException} for what is no word. */
    public void tag(List<Run> runs, List<String> words) {
        tags.add(runs, words);
    }

    /** Takes tags from runs. */
    public void untag(List<Run> runs, List<String> words) {
        tags.remove(runs, words);
    }

    /** What is known of many runs at once, for lists. */
    public Survey survey() {
        return new Survey(database);
    }

    /**
     * The run at an address: {@code name/seed}, or {@code name} for the smallest of its seeds; {@code @step} may follow. Throws
     * {@link InputException} with the nearest name where there is no such run or checkpoint.
     */
    public Address find(String address) {
        return Address.find(address, this);
    }

    /** Everything about a run. */
    public RunReader read(Run run) {
        return new RunReader(database, run, folderOf(run).resolve("checkpoints"));
    }

    /**
     * Takes the right to train this experiment, until the writer is closed or the process ends. Its run is made if it is not there; where
     * the name belongs to another cell, under {@code name-2}, {@code name-3}, ...: see {@link RunWriter#run}. Throws
     * {@link InputException} while another process has that right.
     *
     * @param experiment with {@code auto} settled
     */
    public RunWriter claim(Experiment experiment, Provenance provenance) {
        return tryClaim(experiment, provenance)
                .orElseThrow(() -> new InputException(find(experiment)
                        .map(run -> RunLock.refusal(run.address(), runs.owner(run.id())))
                        .orElse("the run was removed while it was being claimed")));
    }

    /** Takes the right to train this experiment, as {@link #claim}; empty while another process has it. */
    public Optional<RunWriter> tryClaim(Experiment experiment, Provenance provenance) {
        @Nullable RunLock[] taken = new RunLock[1];
        boolean claimed = false;
        try {
            Run run = database.transaction(() -> {
                long id = runs.runOf(experiment, provenance);
                Run found = runs.run(id);
                if (found.fault() != null) {
                    throw new InputException(found.fault() + "; rm removes it");
                }
                taken[0] = RunLock.tryTake(folderOf(found), runs.owner(id));
                if (taken[0] != null) {
                    database.run(
                            "UPDATE runs SET owner = ? WHERE id = ?",
                            Owner.self().toString(),
                            id);
                }
                return found;
            });
            claimed = true;
            @Nullable RunLock lock = taken[0];
            return lock == null
                    ? Optional.empty()
                    : Optional.of(new RunWriter(
                            database,
                            run,
                            provenance,
                            lock,
                            new CheckpointFolder(folderOf(run).resolve("checkpoints"))));
        } finally {
            @Nullable RunLock lock = taken[0];
            if (!claimed && lock != null) {
                lock.close();
            }
        }
    }

    /**
     * Removes a run with all its files and points, and the pages that show it. Throws {@link InputException} while it is being trained.
     */
    public void delete(Run run, Path... pages) {
        try (RunLock lock =
                database.transaction(() -> RunLock.take(folderOf(run), run.address(), runs.owner(run.id())))) {
            // Files first: on a full disk they make the room that the database needs. The lock's file must outlive the
            // run's row.
            deleteAll(folderOf(run).resolve("checkpoints"));
            List.of(pages).forEach(Store::deleteAll);
            try {
                runs.delete(run);
            } catch (InputException full) {
                makeRoom();
                runs.delete(run);
            }
        }
        deleteAll(folderOf(run));
        giveBack();
        reserve().keep();
    }

    /** What the log holds moves into the database, most of it over what is there; then the log itself is room. */
    private void makeRoom() {
        reserve().release();
        try {
            database.run("PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (InputException stillFull) {
            // What the files left may do all the same.
        }
    }

    private Reserve reserve() {
        return new Reserve(folder.resolve("hooke.reserve"));
    }

    /** Free pages go back to the disk a megabyte at a time: what moves goes through the log first, which takes room itself. */
    private void giveBack() {
        long free = database.number("PRAGMA freelist_count");
        long before = free + 1;
        while (free < before) {
            try {
                database.run("PRAGMA incremental_vacuum(256)");
                database.run("PRAGMA wal_checkpoint(TRUNCATE)");
            } catch (InputException full) {
                return; // The run is gone, and the pages serve whatever comes next.
            }
            before = free;
            free = database.number("PRAGMA freelist_count");
        }
    }

    /** Bytes of the database, with the points of all runs; checkpoints come on top. */
    public long databaseBytes() {
        return Stream.of(FILE, FILE + "-wal")
                .mapToLong(name -> folder.resolve(name).toFile().length())
                .sum();
    }

    @Override
    public void close() {
        database.close();
    }

    private Path folderOf(Run run) {
        return folder.resolve(Long.toString(run.id()));
    }

    public static void deleteAll(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new InputException(folder + " cannot be removed: " + Reason.of(e), e);
        }
    }
}
