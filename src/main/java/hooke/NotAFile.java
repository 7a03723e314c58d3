package hooke;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Looks at what somebody named as a file before it is opened: reading a pipe would wait for ever, and a device may have no end. */
public final class NotAFile {
    private NotAFile() {}

    /** What it is instead of a file, as the end of a sentence; empty if it is one. */
    public static Optional<String> why(Path path) {
        if (Files.isRegularFile(path)) {
            return Optional.empty();
        }
        if (Files.isDirectory(path)) {
            return Optional.of("is a folder");
        }
        if (Files.exists(path)) {
            return Optional.of("is a pipe or a device, not a file");
        }
        return Optional.of(Files.isSymbolicLink(path) ? brokenLink(path) : "does not exist");
    }

    private static String brokenLink(Path path) {
        try {
            return "is a link to %s, which does not exist".formatted(Files.readSymbolicLink(path));
        } catch (IOException e) {
            return "is a link to something that does not exist";
        }
    }
}
