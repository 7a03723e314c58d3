package hooke.store.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReserveTest {
    @TempDir
    Path dir;

    @Test
    void itTakesRoomUntilItIsReleased() {
        var reserve = new Reserve(dir.resolve("reserve"));

        reserve.keep();
        reserve.keep();
        assertThat(reserve.file()).hasSize(1 << 20);

        reserve.release();
        reserve.release();
        assertThat(reserve.file()).doesNotExist();
    }

    @Test
    void whereItCannotBeTheStoreDoesWithout() {
        new Reserve(dir.resolve("no").resolve("reserve")).keep();

        assertThat(dir).isEmptyDirectory();
    }
}
