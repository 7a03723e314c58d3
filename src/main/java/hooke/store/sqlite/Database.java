package hooke.store.sqlite;

import hooke.InputException;
import hooke.store.files.OpenedFile;
import hooke.store.files.Reserve;
import java.io.Closeable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteOpenMode;

/**
 * One connection to one SQLite file, for one thread. What SQLite says about the file, the disk or another process becomes one sentence;
 * what it says about our SQL is a fault of the program.
 */
public final class Database implements Closeable {
    /** How long one process waits for another's transaction; ours take milliseconds. */
    private static final int BUSY_MILLIS = 60_000;

    private final Path file;
    private final Connection connection;
    private final OpenedFile opened;

    private Database(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
        this.opened = OpenedFile.of(file);
    }

    /** Opens a file for reading and writing, and makes an empty one where there is none. */
    public static Database open(Path file) {
        Database database = connect(file, "", false);
        try {
            database.number("PRAGMA user_version");
        } catch (InputException e) {
            database.close();
            database = alone(file, e);
        }
        database.run("PRAGMA foreign_keys = ON");
        database.run("PRAGMA wal_autocheckpoint = " + Reserve.LOG_PAGES);
        return database;
    }

    /**
     * Processes share memory through a file beside the database, for which a full disk has no room. Where it cannot be made nobody has it
     * either, and one process alone does without. Throws what was wrong where that is not it.
     */
    private static Database alone(Path file, InputException wrong) {
        Database database = connect(file, "", false);
        boolean fine = false;
        try {
            database.run("PRAGMA locking_mode = EXCLUSIVE");
            database.number("PRAGMA user_version");
            fine = true;
            return database;
        } catch (InputException e) {
            throw wrong;
        } finally {
            if (!fine) {
                database.close();
            }
        }
    }

    /** Opens a file that must be there, and never writes to it. */
    public static Database openReadOnly(Path file) {
        Database database = connect(file, "", true);
        try {
            database.number("PRAGMA user_version");
            return database;
        } catch (InputException e) {
            database.close();
            // Readers, too, share memory through a file beside the database. Where none can be made, nobody can be
            // writing
            // either.
            Path log = file.resolveSibling(file.getFileName() + "-wal");
            if (log.toFile().length() == 0) {
                return connect(file, "?immutable=1", true);
            }
            if (!Files.isWritable(file)) {
                throw new InputException(
                        "%s holds the last data of a process that was killed, which cannot be read on a read-only disk: copy the folder to another disk"
                                .formatted(log),
                        e);
            }
            Database whole = alone(file, e);
            whole.run("PRAGMA query_only = ON");
            return whole;
        }
    }

    private static Database connect(Path file, String parameters, boolean readOnly) {
        SqliteLibrary.load();
        var config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        if (readOnly) {
            config.setReadOnly(true);
        }
        config.setOpenMode(SQLiteOpenMode.OPEN_URI);
        try {
            return new Database(file, config.createConnection("jdbc:sqlite:" + file.toUri() + parameters));
        } catch (SQLException e) {
            throw sentence(file, e);
        }
    }

    /** Runs a statement with {@code ?} filled in (text, numbers, byte[], null) and returns the number of rows changed. */
    public int run(String sql, @Nullable Object... values) {
        try (PreparedStatement statement = prepare(sql, values)) {
            boolean rows = statement.execute();
            if (rows) {
                // A PRAGMA works row by row: it is done when they are all read.
                try (ResultSet result = statement.getResultSet()) {
                    while (result.next()) {}
                }
                return 0;
            }
            return statement.getUpdateCount();
        } catch (SQLException e) {
            throw sentence(file, e);
        }
    }

    /** Runs a script of several statements without values. */
    public void script(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw sentence(file, e);
        }
    }

    /** All rows of a query, read before this returns: no read transaction outlives it. */
    public <T> List<T> query(String sql, Function<Row, T> mapper, @Nullable Object... values) {
        try (PreparedStatement statement = prepare(sql, values);
                ResultSet result = statement.executeQuery()) {
            List<T> rows = new ArrayList<>();
            var row = new Row(file, result);
            while (result.next()) {
                rows.add(map(mapper, row));
            }
            return rows;
        } catch (SQLException e) {
            throw sentence(file, e);
        }
    }

    /** What does not read as what was written there has been damaged in a way that SQLite cannot tell. */
    private <T> T map(Function<Row, T> mapper, Row row) {
        try {
            return mapper.apply(row);
        } catch (InputException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new InputException(row.fault(e), e);
        }
    }

    /** The number in the only row of a query. */
    public long number(String sql, @Nullable Object... values) {
        return query(sql, row -> row.number(1), values).getFirst();
    }

    /** Inserts one row and returns its id. */
    public long insert(String sql, @Nullable Object... values) {
        run(sql, values);
        return number("SELECT last_insert_rowid()");
    }

    /**
     * Does the work as a whole or not at all, with the write lock from the beginning. It survives the death of the process. Throws
     * {@link InputException} where the file has been moved, removed or replaced.
     */
    public <T> T transaction(Supplier<T> work) {
        opened.check();
        run("BEGIN IMMEDIATE");
        boolean done = false;
        try {
            T result = work.get();
            run("COMMIT");
            done = true;
            return result;
        } finally {
            if (!done) {
                rollback();
            }
        }
    }

    /** A transaction that survives a power failure, too, once this has returned. */
    public <T> T durably(Supplier<T> work) {
        run("PRAGMA synchronous = FULL");
        try {
            return transaction(work);
        } finally {
            run("PRAGMA synchronous = NORMAL");
        }
    }

    /** After some errors SQLite has rolled back by itself and would say so. */
    private void rollback() {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            if (e.getErrorCode() != SQLiteErrorCode.SQLITE_ERROR.code) {
                throw sentence(file, e);
            }
        }
    }

    private PreparedStatement prepare(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw sentence(file, e);
        }
    }

    private static RuntimeException sentence(Path file, SQLException e) {
        String said = firstLine(e);
        return switch (SQLiteErrorCode.getErrorCode(e.getErrorCode())) {
            case SQLITE_FULL ->
                new InputException(
                        "the disk of " + file + " is full: free some space; everything stored before is intact", e);
            case SQLITE_CORRUPT, SQLITE_NOTADB ->
                new InputException(
                        file + " is damaged, or not a database: restore it from a copy, or use another store", e);
            // No statement of ours breaks a rule of our tables, unless what they hold was altered.
            case SQLITE_CONSTRAINT -> damaged(file, said, e);
            // Nor does one name what is not there.
            case SQLITE_ERROR -> {
                boolean altered = said.contains("unsupported file format") || said.contains("no such ");
                yield altered ? damaged(file, said, e) : new IllegalStateException(file + ": " + said, e);
            }
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH ->
                new InputException(file + " cannot be written to: change its permissions, or use another store", e);
            case SQLITE_CANTOPEN ->
                new InputException(file + " cannot be opened: check that its folder exists and can be written to", e);
            case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL ->
                new InputException(
                        "another process has been writing to " + file + " for " + BUSY_MILLIS / 1000
                                + " s: try again later",
                        e);
            case SQLITE_IOERR ->
                new InputException(
                        file + " cannot be read or written (" + said + "); everything stored before is intact", e);
            default -> new IllegalStateException(file + ": " + said, e);
        };
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static InputException damaged(Path file, String said, SQLException e) {
        return new InputException(file + " is damaged (" + said + "): restore it from a copy, or use another store", e);
    }

    /** The row a query stands at; columns count from 1. */
    public static final class Row {
        private final Path file;
        private final ResultSet result;
        private String owner = "";
        private int at = 1;

        private Row(Path file, ResultSet result) {
            this.file = file;
            this.result = result;
        }

        /** Says whose row this is, for the sentence about what cannot be read there. */
        public Row of(String owner) {
            this.owner = owner;
            return this;
        }

        /** What is wrong, where something could not be made of the column that was read last. */
        public String fault(RuntimeException e) {
            String column = get(r -> r.getMetaData().getColumnLabel(at));
            return "%s is damaged: the %s of %s cannot be read (%s)"
                    .formatted(file, column, owner.isEmpty() ? "a row" : owner, firstLine(e));
        }

        public long number(int column) {
            at = column;
            return get(r -> r.getLong(column));
        }

        public boolean isNull(int column) {
            at = column;
            return get(r -> r.getObject(column)) == null;
        }

        public String text(int column) {
            at = column;
            return get(r -> r.getString(column));
        }

        @Nullable
        public String textOrNull(int column) {
            return isNull(column) ? null : text(column);
        }

        public byte[] bytes(int column) {
            at = column;
            return get(r -> r.getBytes(column));
        }

        private <T> T get(Column<T> column) {
            try {
                return column.of(result);
            } catch (SQLException e) {
                throw sentence(file, e);
            }
        }

        private interface Column<T> {
            T of(ResultSet result) throws SQLException;
        }
    }
}
