package hooke.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class VerifyFourierTest {
    @Test
    void the_measures_are_those_of_the_golden_set() {
        Verify.Report report = Verify.folder(Path.of("golden/fourier"));
        assertThat(report.findings()).hasSize(5);
        assertThat(report.findings()).allSatisfy(f -> {
            assertThat(f.agrees()).as(f.toString()).isTrue();
            assertThat(f.error()).as("what float64 programs can promise").isLessThan(1e-9);
        });
    }
}
