package hooke.store.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that only takes up room: on a full disk its removal gives the database what it needs in order to remove a run. It holds as much
 * as the write-ahead log can hold twice, which is what moving the log into the database can take at most.
 */
public record Reserve(Path file) {
    /** As many pages of 4 KiB are moved from the log into the database at a time. */
    public static final int LOG_PAGES = 128;

    private static final int BYTES = 2 * LOG_PAGES * 4096;

    /** Takes the room, unless it is taken or the disk is nearly full: then others need it more. */
    public void keep() {
        try {
            if (Files.exists(file)
                    || Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace() < 3L * BYTES) {
                return;
            }
            Files.write(file, new byte[BYTES]);
        } catch (IOException e) {
            release(); // The store does without.
        }
    }

    public void release() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It stays, and whatever needs the room says what it lacks.
        }
    }
}
