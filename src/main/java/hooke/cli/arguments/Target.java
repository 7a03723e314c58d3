package hooke.cli.arguments;

import hooke.Check;
import hooke.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Where the command line wants something written, looked at before any work is done for it. Each throws {@link InputException}. */
public final class Target {
    private Target() {}

    /** Where reports go if no folder is named. */
    public static Path reports(Path store) {
        return store.resolve("reports");
    }

    /** The folder that {@code --out} names, which may still have to be made. */
    public static Path checked(Path folder) {
        Check.that(
                Files.isDirectory(folder) || !Files.exists(folder, LinkOption.NOFOLLOW_LINKS),
                "--out (%s) is not a folder; name one",
                folder);
        return folder;
    }

    /** The folder that {@code --out} names, made where it is not there. */
    public static Path folder(Path folder) {
        try {
            return Files.createDirectories(checked(folder));
        } catch (IOException e) {
            throw new InputException(
                    "--out (%s) cannot be made: name a folder that can be written".formatted(folder), e);
        }
    }

    /** Checks that a file can be written there. */
    public static void checkFile(Path file) {
        Check.that(!Files.isDirectory(file), "%s is a folder; name a file", file);
        Path parent = file.toAbsolutePath().resolveSibling("");
        Check.that(Files.isDirectory(parent), "%s cannot be written: there is no folder %s", file, parent);
    }
}
