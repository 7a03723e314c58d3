package hooke;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files that appear when they are whole: whatever happens before, what was there stays, and nothing half-written is left beside it. */
public final class WholeFile {
    private WholeFile() {}

    /** Writes all of it to a file. */
    public interface Writing {
        void to(Path file) throws IOException;
    }

    /** Writes to a temporary name beside the file, and moves it over it. Throws {@link InputException} where the disk refuses. */
    public static void write(Path file, Writing writing) {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            try {
                writing.to(temporary);
                Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new InputException(file + " cannot be written: " + Reason.of(e), e);
        }
    }
}
