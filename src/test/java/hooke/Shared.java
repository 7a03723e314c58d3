package hooke;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The data that lies beside the project, in a folder {@code shared} of one of its parents. */
public final class Shared {
    private Shared() {}

    /** A path below it; the calling test is skipped where the folder is absent. */
    public static Path path(String relative) {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path candidate = folder.resolve("shared").resolve(relative);
            if (Files.exists(candidate)) {
                return candidate;
            }
        }
        Assumptions.abort("shared/" + relative + " does not lie beside this project");
        throw new AssertionError();
    }
}
