package hooke.cli;

import hooke.Check;
import hooke.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the command line wants something written, looked at before any work is done for it. Each throws {@link InputException}. */
final class Target {
    private Target() {}

    /** The folder that {@code --out} names, made where it is not there. */
    static Path folder(Path folder) {
        Check.that(!Files.isRegularFile(folder), "--out (%s) is a file; name a folder", folder);
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InputException(
                    "--out (%s) cannot be made: name a folder that can be written".formatted(folder), e);
        }
    }

    /** Checks that a file can be written there. */
    static void checkFile(Path file) {
        Check.that(!Files.isDirectory(file), "%s is a folder; name a file", file);
        Path parent = file.toAbsolutePath().resolveSibling("");
        Check.that(Files.isDirectory(parent), "%s cannot be written: there is no folder %s", file, parent);
    }
}
