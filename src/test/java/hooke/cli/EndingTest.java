package hooke.cli;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.train.Outcome;
import org.junit.jupiter.api.Test;

class EndingTest {
    @Test
    void whatTheFirstLookSawHappenedByThenAndNotAtThatStep() {
        var imported = new Outcome.Reached(30_000, -1);

        assertThat(Ending.sentence("memorized", imported))
                .isEqualTo("memorized by step 30,000, the first that was looked at");
        assertThat(Ending.cell(imported)).isEqualTo("<= 30,000");
        assertThat(Ending.sentence("memorized", new Outcome.Reached(0, -1))).isEqualTo("memorized at step 0");
        assertThat(Ending.sentence("memorized", new Outcome.Reached(30, 20)))
                .isEqualTo("memorized at step 30 (not yet at 20)");
        assertThat(Ending.cell(new Outcome.Reached(30, 20))).isEqualTo("30");
    }
}
