package hooke.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.InputException;
import hooke.stats.TimeToEvent.Censored;
import hooke.stats.TimeToEvent.Diverged;
import hooke.stats.TimeToEvent.Reached;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimesTest {
    private static final Times MIXED = Times.of(
            List.of(new Reached(2470, 2460), new Reached(2980, 2970), new Censored(7500), new Diverged(400)), "steps");

    @Test
    void countsWhatBecameOfEachRun() {
        assertThat(MIXED).hasToString("4 runs: 2 reached, 1 censored, 1 diverged");
        assertThat(MIXED.lastWatched()).isEqualTo(7500);
        assertThat(MIXED.shareReached(0.95).value()).isEqualTo(0.5);
    }

    @Test
    void aSingleDropOfTheCurveGivesNoInterval() {
        assertThat(Times.of(List.of(new Reached(100, 0)), "steps").median(0.95).text())
                .startsWith("100 [interval not defined] steps, n = 1");
        var together = List.<TimeToEvent>of(new Reached(100, 0), new Reached(100, 0));
        assertThat(Times.of(together, "steps").median(0.95).hasInterval()).isFalse();
        assertThat(Times.of(List.of(new Censored(7500)), "steps").median(0.95).text())
                .startsWith("not reached [interval not defined]");
        assertThat(MIXED.median(0.95)).isEqualTo(MIXED.kaplanMeier(0.95).median());
    }

    @Test
    void refusesTheMeanOfWhatIsCensoredAndSaysWhatToAskFor() {
        assertThatThrownBy(() -> MIXED.mean(0.95))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("mean of 4 times")
                .hasMessageContaining("1 censored and 1 diverged")
                .hasMessageContaining("median or the restricted mean");
        assertThat(Times.of(new double[] {1, 2, 6}, new boolean[] {true, true, true}, "steps")
                        .mean(0.95)
                        .value())
                .isEqualTo(3);
    }

    @Test
    void bracketsTheCurveByTheEvaluationBefore() {
        Estimate seen = MIXED.kaplanMeier(0.95).quantile(0.3);
        Estimate before = MIXED.atLastBelow().kaplanMeier(0.95).quantile(0.3);
        assertThat(before.value()).isEqualTo(2460);
        assertThat(seen.value()).isEqualTo(2470);
        Times atOnce = Times.of(List.of(new Reached(0, -1)), "steps").atLastBelow();
        assertThat(atOnce.lastWatched()).isZero();
    }

    @Test
    void aDivergedRunLeavesAtItsDivergenceOrStaysToTheEnd() {
        Times three = Times.of(List.of(new Diverged(10), new Reached(20, 10), new Censored(50)), "steps");
        assertThat(three.kaplanMeier(0.95).survival(20)).isCloseTo(1 / 2.0, within(1e-15));
        assertThat(three.divergedAsNeverReached(50).kaplanMeier(0.95).survival(20))
                .isCloseTo(2 / 3.0, within(1e-15));
        assertThatThrownBy(() -> three.divergedAsNeverReached(40)).hasMessageContaining("50");
    }

    @Test
    void refusesTimesThatCannotBe() {
        assertThatThrownBy(() -> new Reached(-1, -1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> new Reached(5, 6)).hasMessageContaining("cannot come after");
        assertThatThrownBy(() -> new Censored(Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new Diverged(Double.POSITIVE_INFINITY)).hasMessageContaining("Infinity");
        assertThatThrownBy(() -> Times.of(List.of(), "steps")).hasMessageContaining("at least one run");
        assertThatThrownBy(() -> Times.of(new double[] {1}, new boolean[0], "steps"))
                .isInstanceOf(InputException.class);
    }
}
