package hooke;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class NotAFileTest {
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no /dev/zero, and no links for everybody")
    void whatItIsInsteadIsSaid(@TempDir Path dir) throws IOException {
        Path file = Files.createFile(dir.resolve("file"));
        Path dangling = Files.createSymbolicLink(dir.resolve("dangling"), Path.of("nowhere"));

        assertThat(NotAFile.why(file)).isEmpty();
        assertThat(NotAFile.why(Files.createSymbolicLink(dir.resolve("link"), file)))
                .isEmpty();
        assertThat(NotAFile.why(dir)).hasValue("is a folder");
        assertThat(NotAFile.why(Path.of("/dev/zero"))).hasValue("is a pipe or a device, not a file");
        assertThat(NotAFile.why(dangling)).hasValue("is a link to nowhere, which does not exist");
        assertThat(NotAFile.why(dir.resolve("nothing"))).hasValue("does not exist");
    }
}
