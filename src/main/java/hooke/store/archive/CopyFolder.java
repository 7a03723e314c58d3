package hooke.store.archive;

import hooke.InputException;
import hooke.store.Store;
import hooke.store.files.RunLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A folder for what is on its way. Whoever is killed leaves it to the next one to remove. */
public record CopyFolder(Path path, RunLock lock) implements Closeable {
    /** For what comes into a store, beside its runs. */
    static CopyFolder in(Store store) throws IOException {
        return in(store.folder(), "importing");
    }

    /**
     * Makes one among others, whose names begin with the same word, and removes those whose processes have ended.
     *
     * @param among the folder in which they are
     */
    public static CopyFolder in(Path among, String word) throws IOException {
        String mine = word + "-" + ProcessHandle.current().pid() + "-";
        clearLeftovers(among, Pattern.compile(word + "-\\d+-\\d+"), mine);
        while (true) {
            Path folder = Files.createTempDirectory(among, mine);
            try {
                @Nullable RunLock lock = RunLock.tryTake(folder, null);
                if (lock != null) {
                    lock.check();
                    return new CopyFolder(folder, lock);
                }
            } catch (InputException e) {
                if (Files.exists(folder)) {
                    throw e;
                }
            }
            // Another process took it for a leftover before it was locked.
        }
    }

    /** What nobody has locked any more. Those of this process must not be looked at: that would free their locks. */
    private static void clearLeftovers(Path among, Pattern form, String mine) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(among, folder -> {
            String name = folder.getFileName().toString();
            return form.matcher(name).matches()
                    && !name.startsWith(mine)
                    && Files.isDirectory(folder)
                    && Files.isWritable(folder); // not another user's
        })) {
            for (Path folder : left) {
                try (@Nullable RunLock free = RunLock.tryTake(folder, null)) {
                    if (free != null) {
                        Store.deleteAll(folder);
                    }
                } catch (InputException e) {
                    // Another is at it, too, or it cannot be removed: it is in nobody's way.
                }
            }
        }
    }

    @Override
    public void close() {
        Store.deleteAll(path);
        lock.close();
    }
}
