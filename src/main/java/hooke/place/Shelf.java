package hooke.place;

import java.io.Closeable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Where a place keeps its bytes, by key: words with slashes between them. What is written appears whole or not at all. Faults are {@link
 * hooke.InputException}s that name the shelf; those that may pass have been tried again before.
 */
sealed interface Shelf extends Closeable permits FolderShelf, BucketShelf {
    /** How many bytes lie there; empty where nothing does. */
    OptionalLong bytes(String key);

    void write(String key, Path file);

    /** Writes few bytes, in place of what was there. */
    void write(String key, byte[] bytes);

    Optional<byte[]> read(String key);

    /** Copies it to a file that is not there; false where nothing lies there. */
    boolean read(String key, Path file);

    /** All keys that begin so, in no order. */
    void list(String prefix, Consumer<Entry> use);

    void delete(List<String> keys);

    /** Removes what writers that were killed before that moment have left half-written. */
    void clearUnfinished(Instant before);

    @Override
    void close();

    record Entry(String key, Instant changed) {}
}
