package hooke;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

class ReasonTest {
    @Test
    void noClassAndNoPathOfJavaIsSaid() {
        assertThat(Reason.of(new AccessDeniedException("/x/y"))).isEqualTo("its permissions forbid it");
        assertThat(Reason.of(new FileSystemException("/x/y", null, "No space left on device")))
                .isEqualTo("no space left on device");
        assertThat(Reason.of(new FileNotFoundException("/x/y (No such file or directory)")))
                .isEqualTo("there is no such file or folder");
        assertThat(Reason.of(new IOException("CRC mismatch\nmore"))).isEqualTo("CRC mismatch");
        assertThat(Reason.of(new IOException())).isEqualTo("the system gives no reason");
    }
}
