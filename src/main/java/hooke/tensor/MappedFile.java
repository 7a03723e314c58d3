package hooke.tensor;

import hooke.InputException;
import hooke.NotAFile;
import hooke.Reason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The bytes of a file that somebody named, mapped and not read: a checkpoint may be larger than the memory. */
public final class MappedFile {
    private MappedFile() {}

    /**
     * For as long as the arena lives. Throws {@link InputException} where there is no file, or a folder, or one that cannot be read.
     *
     * @param kind what it ought to be, as in "a .pth file"
     */
    public static MemorySegment of(Path file, String kind, Arena arena) {
        NotAFile.why(file).ifPresent(why -> {
            throw new InputException("%s %s; name %s".formatted(file, why, kind));
        });
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException e) {
            throw new InputException(file + " cannot be read: " + Reason.of(e), e);
        }
    }
}
