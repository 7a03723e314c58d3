package hooke.store.archive;

import hooke.store.Store;
import hooke.store.files.RunLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A folder beside the runs of a store for what is on its way into it. Whoever is killed leaves it to the next one to remove. */
record CopyFolder(Path path, @Nullable RunLock lock) implements Closeable {
    private static final String NAME = "importing-";

    static CopyFolder in(Store store) throws IOException {
        clearLeftovers(store.folder());
        Path folder = Files.createTempDirectory(store.folder(), NAME);
        return new CopyFolder(folder, RunLock.tryTake(folder, null));
    }

    /** What nobody has locked any more. */
    private static void clearLeftovers(Path store) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(store, NAME + "*")) {
            for (Path folder : left) {
                @Nullable RunLock free = RunLock.tryTake(folder, null);
                if (free != null) {
                    Store.deleteAll(folder);
                    free.close();
                }
            }
        }
    }

    @Override
    public void close() {
        Store.deleteAll(path);
        if (lock != null) {
            lock.close();
        }
    }
}
