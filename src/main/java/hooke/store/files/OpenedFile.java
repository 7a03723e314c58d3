package hooke.store.files;

import hooke.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Which file was opened under a path. Whoever holds a file open can go on writing to it after it was moved or removed, and would find
 * his work nowhere.
 *
 * @param key the file system's, the same for as long as it is the same file; null where it has none
 */
public record OpenedFile(Path path, @Nullable Object key) {
    public static OpenedFile of(Path path) {
        return new OpenedFile(path, key(path));
    }

    /** Throws {@link hooke.InputException} unless the path still leads to that file. */
    public void check() {
        Check.that(
                key == null || key.equals(key(path)),
                "%s was moved, removed or replaced while it was in use, so nothing more can be stored; if the store was moved, continue from where it is now",
                path);
    }

    private static @Nullable Object key(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }
}
