package hooke.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeedsNeededTest {
    private static final Sample A = Sample.of(new double[] {-1, 0, 1}, "steps");
    private static final Sample B = Sample.of(new double[] {4, 5, 6}, "steps");

    @Test
    void meansNeedWhatTheTablesSay() {
        // Cohen (1988): 64 a group for d = 0.5 and 26 for d = 0.8 at power 0.8 and alpha 0.05.
        assertThat(SeedsNeeded.forMeans(A, B, 0.5, 0.8, 0.05).perCell()).isEqualTo(64);
        SeedsNeeded plan = SeedsNeeded.forMeans(A, B, 0.8, 0.8, 0.05);
        assertThat(plan.perCell()).isEqualTo(26);
        assertThat(plan.text())
                .isEqualTo(
                        "23 more seeds a cell (26 in all) would show a difference of 0.8000 steps between two means with a "
                                + "two-sided t test, spread 1 steps from n = 3 and 3, at power 80% and alpha 5%.");
        assertThat(SeedsNeeded.forMeans(A, B, 100, 0.8, 0.05).text()).startsWith("The 2 seeds a cell");
    }

    @Test
    void aLogRankTestOfThePlannedSizeSeesThePlantedRatioAsOftenAsPlanned() {
        RandomGenerator stream = Resamples.stream(11, "power");
        Times a = KaplanMeierTest.planted(200, 1000, 3000, stream);
        Times b = KaplanMeierTest.planted(200, 2500, 3000, stream);
        int n = SeedsNeeded.forTimes(a, b, 2.5, 0.8, 0.05).perCell();
        long seen = IntStream.range(0, 400)
                .filter(_ -> LogRank.of(List.of(
                                        KaplanMeierTest.planted(n, 1000, 3000, stream),
                                        KaplanMeierTest.planted(n, 2500, 3000, stream)))
                                .p()
                        < 0.05)
                .count();
        assertThat(seen / 400.0).isBetween(0.72, 0.9);
    }

    @Test
    void refusesQuestionsWithoutAnAnswer() {
        Sample one = Sample.of(new double[] {1}, "");
        assertThatThrownBy(() -> SeedsNeeded.forMeans(one, A, 1, 0.8, 0.05)).hasMessageContaining("two of each");
        assertThatThrownBy(() -> SeedsNeeded.forMeans(A, B, 0, 0.8, 0.05)).hasMessageContaining("above 0");
        assertThatThrownBy(() -> SeedsNeeded.forMeans(A, B, 1e-9, 0.8, 0.05)).hasMessageContaining("too small");
        assertThatThrownBy(() -> SeedsNeeded.forMeans(A, B, 1, 80, 0.05)).hasMessageContaining("power (80.0)");
        Times none = Times.of(new double[] {5}, new boolean[1], "steps");
        Times some = Times.of(new double[] {5}, new boolean[] {true}, "steps");
        assertThatThrownBy(() -> SeedsNeeded.forTimes(none, none, 2, 0.8, 0.05)).hasMessageContaining("run longer");
        assertThatThrownBy(() -> SeedsNeeded.forTimes(some, some, 1, 0.8, 0.05)).hasMessageContaining("not 1");
        assertThatThrownBy(() -> SeedsNeeded.forTimes(some, some, 1.0001, 0.8, 0.05))
                .hasMessageContaining("near to 1");
        assertThatThrownBy(() -> SeedsNeeded.forTimes(some, some, 2, 0.8, 5)).hasMessageContaining("alpha");
    }
}
