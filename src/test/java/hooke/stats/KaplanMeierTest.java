package hooke.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.stats.TimeToEvent.Censored;
import hooke.stats.TimeToEvent.Reached;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class KaplanMeierTest {
    @Test
    void withoutCensoringIsTheShareOfRunsStillWaiting() {
        double[] time = {3, 1, 4, 1, 5, 9, 2, 6};
        boolean[] all = new boolean[time.length];
        Arrays.fill(all, true);
        Times times = Times.of(time, all, "steps");
        KaplanMeier curve = times.kaplanMeier(0.95);
        for (double t = 0; t <= 10; t += 0.5) {
            double at = t;
            assertThat(curve.survival(t))
                    .isCloseTo(Arrays.stream(time).filter(x -> x > at).count() / 8.0, within(1e-15));
        }
        assertThat(curve.restrictedMean(9).value())
                .isCloseTo(Arrays.stream(time).average().orElseThrow(), within(1e-12));
        // Greenwood's variance is then that of the mean, dividing by n.
        double spread = Sample.of(time, "").standardDeviation();
        assertThat(curve.restrictedMeanVariance(9)).isCloseTo(spread * spread * 7 / 8 / 8, within(1e-12));
    }

    @Test
    void theBandHoldsTheCurveAndWidensWithItsLevel() {
        Times times = planted(40, 1, 7500, Resamples.stream(1, "band"));
        KaplanMeier narrow = times.kaplanMeier(0.5);
        KaplanMeier wide = times.kaplanMeier(0.99);
        for (int i = 0; i < narrow.rows().size(); i++) {
            KaplanMeier.Row inner = narrow.rows().get(i);
            KaplanMeier.Row outer = wide.rows().get(i);
            assertThat(new double[] {outer.low(), inner.low(), inner.survival(), inner.high(), outer.high()})
                    .isSorted();
        }
        assertThat(narrow.rows().getFirst().atRisk())
                .isEqualTo(narrow.atRisk(0))
                .isEqualTo(40);
    }

    /** 300 samples of 30 exponential times, cut where about a fifth is left: the intervals must hold the truth about as often as they say. */
    @Test
    void intervalsHoldThePlantedTruthAsOftenAsTheySay() {
        RandomGenerator stream = Resamples.stream(7, "coverage");
        int median = 0;
        int mean = 0;
        for (int trial = 0; trial < 300; trial++) {
            KaplanMeier curve = planted(30, 1000, 1600, stream).kaplanMeier(0.9);
            median += holds(curve.median(), 1000 * Math.log(2)) ? 1 : 0;
            mean += holds(curve.restrictedMean(1000), 1000 * (1 - Math.exp(-1))) ? 1 : 0;
        }
        assertThat(median / 300.0).isBetween(0.85, 0.97);
        assertThat(mean / 300.0).isBetween(0.84, 0.96);
    }

    @Test
    void whatNoRunReachedIsNotReached() {
        KaplanMeier curve =
                Times.of(List.of(new Censored(100), new Censored(100)), "steps").kaplanMeier(0.95);
        assertThat(curve.median().text()).startsWith("not reached [not reached, not reached] steps, n = 2");
        assertThat(curve.restrictedMean(100).hasInterval()).isFalse();
        assertThat(curve.restrictedMean(100).text()).startsWith("100 [interval not defined] steps, n = 2");
    }

    @Test
    void aRestrictedMeanStaysWithinWhatWasWatched() {
        KaplanMeier curve = Times.of(List.of(new Reached(10, 9), new Censored(100)), "steps")
                .kaplanMeier(0.95);
        assertThatThrownBy(() -> curve.restrictedMean(101)).hasMessageContaining("beyond the last run watched (100)");
        assertThatThrownBy(() -> curve.restrictedMean(0)).hasMessageContaining("above 0");
        assertThatThrownBy(() -> curve.quantile(1)).hasMessageContaining("between 0 and 1");
        assertThatThrownBy(() -> Times.of(List.of(new Censored(1)), "").kaplanMeier(95))
                .hasMessageContaining("0.95 for 95%");
    }

    static Times planted(int n, double scale, double budget, RandomGenerator stream) {
        List<TimeToEvent> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            double time = -scale * Math.log(1 - stream.nextDouble());
            all.add(time <= budget ? new Reached(time, time) : new Censored(budget));
        }
        return Times.of(all, "steps");
    }

    private static boolean holds(Estimate estimate, double truth) {
        return estimate.low() <= truth && truth <= estimate.high();
    }
}
