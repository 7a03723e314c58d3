package hooke.cli;

import hooke.Check;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that the command line gives to be read. */
final class Given {
    private Given() {}

    /**
     * Throws {@link hooke.InputException} unless it is there and a file.
     *
     * @param what it should be: {@code a file that export-runs wrote}
     */
    static void checkFile(Path file, String what) {
        Check.that(!Files.isDirectory(file), "%s is a folder; name %s", file, what);
        Check.that(Files.exists(file), "there is no file %s", file);
        Check.that(Files.isRegularFile(file), "%s is no file that could be read; name %s", file, what);
    }
}
