package hooke.cli.arguments;

import hooke.InputException;
import hooke.NotAFile;
import java.nio.file.Path;

/** Files that the command line gives to be read. */
public final class Given {
    private Given() {}

    /**
     * Throws {@link hooke.InputException} unless it is there and a file.
     *
     * @param what it should be: {@code a file written by export-runs}
     */
    public static void checkFile(Path file, String what) {
        NotAFile.why(file).ifPresent(why -> {
            throw new InputException("%s %s; name %s".formatted(file, why, what));
        });
    }
}
