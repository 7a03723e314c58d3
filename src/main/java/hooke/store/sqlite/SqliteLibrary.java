package hooke.store.sqlite;

import hooke.InputException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Loads SQLite itself, which the driver unpacks into a temporary folder and removes at exit: a process that is killed would leave a
 * megabyte behind each time. So it goes as soon as it is loaded.
 */
final class SqliteLibrary {
    /** The driver's own setting: whoever has set it has chosen a place, and we leave that alone. */
    private static final String PLACE = "org.sqlite.tmpdir";

    private SqliteLibrary() {}

    static void load() {
        if (System.getProperty(PLACE) != null) {
            return;
        }
        Logger driver = Logger.getLogger("org.sqlite");
        driver.setLevel(Level.OFF); // It would print its stack trace, too.
        try {
            Path place = Files.createTempDirectory("hooke-sqlite");
            System.setProperty(PLACE, place.toString());
            try {
                SQLiteJDBCLoader.initialize();
            } finally {
                remove(place);
            }
        } catch (Exception e) {
            System.clearProperty(PLACE);
            throw new InputException(
                    "SQLite cannot be unpacked into %s and loaded from there: a folder for temporary files must be there, be writable, have 2 MB of room and let programs run; TMPDIR=FOLDER names another (without ./hooke: java -Djava.io.tmpdir=FOLDER)"
                            .formatted(System.getProperty("java.io.tmpdir")),
                    e);
        } finally {
            driver.setLevel(null);
        }
    }

    private static void remove(Path place) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(place)) {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(place);
        } catch (IOException inUse) {
            // Windows keeps what is loaded; there the driver removes it when the process ends.
        }
    }
}
