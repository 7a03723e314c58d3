package hooke.store.files;

import hooke.InputException;
import hooke.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The right to train one run: an operating-system lock on a file in its folder, which the kernel frees when the process ends, however it
 * ends.
 */
public final class RunLock implements Closeable {
    static final String FILE = "lock";

    private final Path file;
    private final FileChannel channel;
    private final OpenedFile opened;

    private RunLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
        this.opened = OpenedFile.of(file);
    }

    /** Throws {@link InputException} where the file has been moved, removed or replaced: then another process may have the right, too. */
    public void check() {
        opened.check();
    }

    /**
     * Takes the lock, or throws {@link InputException} if a process has it. To be called inside a write transaction, where no other
     * thread can be doing the same.
     *
     * @param recorded who took it last
     */
    public static RunLock take(Path folder, String address, @Nullable Owner recorded) {
        @Nullable RunLock lock = tryTake(folder, recorded);
        if (lock == null) {
            throw new InputException(refusal(address, recorded));
        }
        return lock;
    }

    /** Why it cannot be taken. */
    public static String refusal(String address, @Nullable Owner recorded) {
        return recorded != null && recorded.isThisProcess()
                ? "run %s is being trained by this process already".formatted(address)
                : "run %s is being trained by another process%s: wait for it, or stop it first"
                        .formatted(address, recorded == null ? "" : " (pid " + recorded.pid() + ")");
    }

    /** Takes the lock of a run; null if a process has it. */
    public static @Nullable RunLock tryTake(Path folder, @Nullable Owner recorded) {
        // POSIX frees a process' locks on a file with the first of its channels on that file that is closed: a file
        // that this process has locked must not even be opened.
        if (recorded != null && recorded.isThisProcess()) {
            return null;
        }
        Path file = folder.resolve(FILE);
        @Nullable FileChannel opened = null;
        boolean taken = false;
        try {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            opened = channel;
            @Nullable FileLock lock = channel.tryLock();
            taken = lock != null;
            return taken ? new RunLock(file, channel) : null;
        } catch (OverlappingFileLockException e) {
            return null;
        } catch (IOException e) {
            throw new InputException(file + " cannot be locked: " + Reason.of(e), e);
        } finally {
            if (!taken && opened != null) {
                close(file, opened);
            }
        }
    }

    @Override
    public void close() {
        close(file, channel);
    }

    private static void close(Path file, FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
