package hooke.lens.fourier;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.store.series.Series;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PhasesTest {
    private static Series series(double... values) {
        long[] steps = new long[values.length];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = 10L * i;
        }
        return new Series("any", steps, values);
    }

    @Test
    void each_phase_ends_where_the_rule_says() {
        // At step 0 the test loss is below half of a maximum that is still to come: that is no circuit.
        Phases phases = Phases.of(
                series(0.1, 0.99, 0.999, 1, 1, 1),
                series(4, 20, 30, 16, 14, 0.1),
                series(0, 0, 0.1, 0.5, 0.99, 1),
                0.99);
        assertThat(phases.memorized()).isEqualTo(OptionalLong.of(20));
        assertThat(phases.formed()).isEqualTo(OptionalLong.of(40));
        assertThat(phases.cleanedUp()).isEqualTo(OptionalLong.of(50));
    }

    @Test
    void a_phase_that_has_not_ended_has_no_end() {
        Phases phases = Phases.of(series(0.1, 1), series(4, 20), series(0, 0), 0.99);
        assertThat(phases.formed()).isEmpty();
        assertThat(phases.cleanedUp()).isEmpty();
    }

    @Test
    void whatTheFirstLookSawMayHaveEndedBefore() {
        var late = new Phases(OptionalLong.of(30_000), OptionalLong.empty(), OptionalLong.of(40_000), 0.99, 30_000);

        assertThat(late.ended(late.memorized(), Long::toString)).isEqualTo("step 30000 or before");
        assertThat(late.ended(late.formed(), Long::toString)).isEqualTo("no step yet");
        assertThat(late.ended(late.cleanedUp(), Long::toString)).isEqualTo("step 40000");
    }
}
