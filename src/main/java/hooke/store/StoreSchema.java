package hooke.store;

import hooke.Check;
import hooke.store.sqlite.Database;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The tables of a store, and the number that tells which Hooke wrote them. */
final class StoreSchema {
    /** The first version that keeps sweeps, and the first that keeps tags. */
    static final int SWEPT = 2;

    static final int TAGGED = 3;

    /** "Hook" in ASCII, in the file's header: this is a store, not just any database. */
    private static final int APPLICATION = 0x486F6F6B;

    /** What version 1 had. */
    private static final String RUNS = """
            CREATE TABLE cells (
                id INTEGER PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,      -- base, or base-2 where the name was taken
                base TEXT NOT NULL,             -- as the experiment calls itself
                hash TEXT NOT NULL,             -- of the experiment less its seed
                UNIQUE (base, hash)
            ) STRICT;

            CREATE TABLE runs (
                id INTEGER PRIMARY KEY AUTOINCREMENT,   -- its folder; never used twice
                cell INTEGER NOT NULL REFERENCES cells (id),
                seed INTEGER NOT NULL,
                hash TEXT NOT NULL,
                experiment TEXT NOT NULL,       -- resolved, as JSON
                state TEXT NOT NULL,            -- open, done, failed
                step INTEGER NOT NULL,          -- of the last point, event or checkpoint
                created TEXT NOT NULL,
                ended TEXT,
                outcome TEXT,                   -- JSON
                owner TEXT,                     -- who holds or held the lock, see Owner
                UNIQUE (cell, seed)
            ) STRICT;

            CREATE TABLE settings (             -- leaves of the experiment by key, for queries over runs
                run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
                key TEXT NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (run, key)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE provenance (           -- one row for each process that worked on the run
                run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
                part INTEGER NOT NULL,
                from_step INTEGER NOT NULL,
                detail TEXT NOT NULL,           -- JSON
                PRIMARY KEY (run, part)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE events (
                run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
                nr INTEGER NOT NULL,            -- order of arrival
                step INTEGER NOT NULL,
                kind TEXT NOT NULL,
                detail TEXT NOT NULL,           -- JSON
                PRIMARY KEY (run, nr)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE checkpoints (
                run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
                step INTEGER NOT NULL,
                bytes INTEGER NOT NULL,
                sha256 TEXT NOT NULL,
                state_bytes INTEGER,            -- null: the optimizer's state is no longer kept
                state_sha256 TEXT,
                PRIMARY KEY (run, step)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE series (
                id INTEGER PRIMARY KEY,
                run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                UNIQUE (run, name)
            ) STRICT;

            CREATE TABLE chunks (               -- consecutive points of a series
                series INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
                first_step INTEGER NOT NULL,
                points INTEGER NOT NULL,
                stride INTEGER,                 -- from one step to the next, where that never changes
                steps BLOB,                     -- else int64, little-endian
                vals BLOB NOT NULL,             -- float64, little-endian
                PRIMARY KEY (series, first_step)
            ) STRICT;

            CREATE TABLE pyramid (              -- of a finished run's series, see Pyramid
                series INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
                level INTEGER NOT NULL,
                buckets INTEGER NOT NULL,
                points BLOB NOT NULL,
                PRIMARY KEY (series, level)
            ) STRICT;
            """;

    /** What version 2 has, too. */
    private static final String SWEEPS = """
            CREATE TABLE sweeps (
                name TEXT PRIMARY KEY,
                text TEXT NOT NULL,             -- as YAML that needs no other file
                at TEXT NOT NULL                -- when it was last asked for
            ) STRICT;

            CREATE TABLE sweep_runs (           -- whether they are there or not
                sweep TEXT NOT NULL REFERENCES sweeps (name) ON DELETE CASCADE,
                hash TEXT NOT NULL,
                PRIMARY KEY (sweep, hash)
            ) STRICT, WITHOUT ROWID;
            """;

    /** What version 3 has, too. */
    private static final String TAGS = """
            CREATE TABLE tags (                 -- words that people gave to a run after it was made
                run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
                tag TEXT NOT NULL,
                PRIMARY KEY (run, tag)
            ) STRICT, WITHOUT ROWID;
            """;

    /** What each version added; one more with every change that an older Hooke would misread. */
    private static final List<String> VERSIONS = List.of(RUNS, SWEEPS, TAGS);

    static final int VERSION = VERSIONS.size();

    private StoreSchema() {}

    /**
     * Makes the tables in a new, empty file; else checks that they are ours and not newer. An older store stays what it is until something
     * is written that needs more, see {@link #grow}: on a full disk it must still be possible to open it and make room.
     */
    static void prepare(Database database, Path file) {
        if (!isEmpty(database)) {
            check(database, file);
            return;
        }
        // Both must be said before there is a table. The second lets `rm` give the space back.
        database.run("PRAGMA auto_vacuum = INCREMENTAL");
        database.run("PRAGMA journal_mode = WAL");
        database.transaction(() -> {
            // Another process may have been faster.
            if (isEmpty(database)) {
                VERSIONS.forEach(database::script);
                database.run("PRAGMA application_id = " + APPLICATION);
                database.run("PRAGMA user_version = " + VERSION);
            }
            return VERSION;
        });
        check(database, file);
    }

    /** Adds to a store what a Hooke before this one did not know; older ones then refuse it. */
    static void grow(Database database) {
        if (version(database) == VERSION) {
            return;
        }
        database.transaction(() -> {
            // Another process may have been faster.
            int version = version(database);
            if (version < VERSION) {
                VERSIONS.subList(version, VERSION).forEach(database::script);
                database.run("PRAGMA user_version = " + VERSION);
            }
            return VERSION;
        });
    }

    /** Throws unless the file is a store that this program can read. */
    static void check(Database database, Path file) {
        Check.that(
                database.number("PRAGMA application_id") == APPLICATION,
                "%s is a database, but not a Hooke store: use another folder",
                file);
        int version = version(database);
        Check.that(
                version <= VERSION,
                "%s was written by a newer Hooke (format %s, this one knows up to %s): use that one, or another store",
                file,
                version,
                VERSION);
        // SQLite keeps the words a table was made with, which tells more than its header whether the file is whole.
        List<String> tables = database.query(
                "SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL AND name <> 'sqlite_sequence' ORDER BY rowid",
                row -> row.text(1));
        Check.that(
                String.join("\n\n", tables)
                        .equals(VERSIONS.stream()
                                .limit(Math.max(0, version))
                                .map(String::strip)
                                .collect(Collectors.joining("\n\n"))),
                "%s is damaged: its tables are not those of a store; restore it from a copy, or use another store",
                file);
    }

    /** Which Hooke's tables these are; 0 for a file that is not ours. */
    static int version(Database database) {
        return (int) database.number("PRAGMA user_version");
    }

    static boolean isEmpty(Database database) {
        return version(database) == 0 && database.number("SELECT count(*) FROM sqlite_schema") == 0;
    }
}
