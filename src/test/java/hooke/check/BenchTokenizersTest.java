package hooke.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BenchTokenizersTest {
    @ParameterizedTest
    @ValueSource(strings = {BenchTokenizers.TRAIN, BenchTokenizers.ENCODE})
    void theTitlesHaveSoManyTokens(String workload) {
        Measured measured = Bench.run(workload, 1, 0.01);

        assertThat(measured.check()).containsExactly(8000.0, 215_475.0);
        assertThat(measured.times()).hasSizeGreaterThan(1);
    }
}
