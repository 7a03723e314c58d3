package hooke.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.stats.TimeToEvent.Censored;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LogRankTest {
    private final RandomGenerator stream = Resamples.stream(3, "log-rank");
    private final Times slow = KaplanMeierTest.planted(40, 3000, 6000, stream);
    private final Times fast = KaplanMeierTest.planted(40, 1000, 6000, stream);
    private final Times fastToo = KaplanMeierTest.planted(40, 1000, 6000, stream);

    @Test
    void seesAPlantedDifferenceAndItsSize() {
        LogRank test = LogRank.of(List.of(fast, slow));
        assertThat(test.p()).isLessThan(1e-4);
        assertThat(test.z()).isPositive();
        assertThat(test.z() * test.z()).isCloseTo(test.statistic(), within(1e-12));
        HazardRatio ratio = test.hazardRatio(0.95);
        assertThat(ratio.low()).isLessThan(3);
        assertThat(ratio.high()).isGreaterThan(3);
        assertThat(LogRank.of(List.of(slow, fast)).hazardRatio(0.95).value())
                .isCloseTo(1 / ratio.value(), within(1e-12));
    }

    @Test
    void isWrongAboutEqualGroupsAsOftenAsItSays() {
        int below = 0;
        for (int trial = 0; trial < 400; trial++) {
            Times a = KaplanMeierTest.planted(20, 1000, 1500, stream);
            Times b = KaplanMeierTest.planted(25, 1000, 1500, stream);
            Times c = KaplanMeierTest.planted(15, 1000, 1500, stream);
            below += LogRank.of(List.of(a, b, c)).p() < 0.1 ? 1 : 0;
        }
        assertThat(below / 400.0).isBetween(0.06, 0.15);
    }

    @Test
    void doesNotDependOnTheOrderOfGroups() {
        LogRank one = LogRank.of(List.of(slow, fast, fastToo));
        LogRank other = LogRank.of(List.of(fastToo, slow, fast));
        assertThat(one.statistic()).isCloseTo(other.statistic(), within(1e-9));
        assertThat(one.degrees()).isEqualTo(2);
        assertThat(one.observed().stream().mapToDouble(x -> x).sum())
                .isCloseTo(one.expected().stream().mapToDouble(x -> x).sum(), within(1e-9));
    }

    @Test
    void pairsAreCorrectedForTheirNumber() {
        List<LogRank.Pair> pairs = LogRank.pairwise(List.of(slow, fast, fastToo));
        assertThat(pairs).extracting(p -> p.first() + "-" + p.second()).containsExactly("0-1", "0-2", "1-2");
        assertThat(pairs)
                .allSatisfy(p -> assertThat(p.adjustedP())
                        .isGreaterThanOrEqualTo(p.test().p()));
        assertThat(pairs.get(0).adjustedP()).isLessThan(0.01);
        assertThat(pairs.get(2).adjustedP()).isGreaterThan(0.05);
    }

    @Test
    void strataTakeOutWhatSetsThemApart() {
        // In each stratum the groups are alike; one stratum is fast and has many of the first group.
        List<Times> quick =
                List.of(KaplanMeierTest.planted(60, 500, 9000, stream), KaplanMeierTest.planted(15, 500, 9000, stream));
        List<Times> late = List.of(
                KaplanMeierTest.planted(15, 3000, 9000, stream), KaplanMeierTest.planted(60, 3000, 9000, stream));
        LogRank stratified = LogRank.stratified(List.of(quick, late));
        assertThat(stratified.p()).isGreaterThan(0.01);
        assertThat(stratified.n()).containsExactly(75, 75);
        assertThat(LogRank.stratified(List.of(quick)).statistic())
                .isEqualTo(LogRank.of(quick).statistic());
        List<TimeToEvent> firsts = new java.util.ArrayList<>(quick.get(0).all());
        firsts.addAll(late.get(0).all());
        List<TimeToEvent> seconds = new java.util.ArrayList<>(quick.get(1).all());
        seconds.addAll(late.get(1).all());
        assertThat(LogRank.of(List.of(Times.of(firsts, ""), Times.of(seconds, "")))
                        .p())
                .isLessThan(0.001);
        assertThatThrownBy(() -> LogRank.stratified(List.of(quick, List.of(slow))))
                .hasMessageContaining("2 groups, not 1");
    }

    @Test
    void groupsWithoutAnyEventCannotBeCompared() {
        Times none = Times.of(List.of(new Censored(10), new Censored(10)), "steps");
        LogRank test = LogRank.of(List.of(none, none));
        assertThat(test.p()).isEqualTo(1);
        assertThat(test.degrees()).isZero();
        assertThat(test.z()).isNaN();
        assertThat(test.hazardRatio(0.95).text()).startsWith("not defined");
        // A group that was no longer watched at the first event says nothing.
        LogRank early = LogRank.of(List.of(
                Times.of(new double[] {1, 1}, new boolean[2], "steps"),
                Times.of(new double[] {5, 9}, new boolean[] {true, true}, "steps"),
                Times.of(new double[] {6, 9}, new boolean[] {true, false}, "steps")));
        assertThat(early.degrees()).isEqualTo(1);
        assertThatThrownBy(() -> LogRank.of(List.of(none))).hasMessageContaining("two groups");
        assertThatThrownBy(early::z).hasMessageContaining("two groups");
    }
}
