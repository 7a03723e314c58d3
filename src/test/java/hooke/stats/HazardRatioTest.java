package hooke.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HazardRatioTest {
    /** 200 drawn data sets, some with many ties, and the public waltons data; cox.py beside the file has written it. */
    @Test
    void agreesWithLifelinesAndStatsmodels() throws Exception {
        List<String> lines;
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("cox.txt"))) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        assertThat(lines).hasSize(201);
        for (String line : lines) {
            String[] parts = line.split(" \\| ");
            double[] recorded = Arrays.stream(parts[2].split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            HazardRatio ratio =
                    LogRank.of(List.of(times(parts[0]), times(parts[1]))).hazardRatio(0.95);
            double[] ours = {
                Math.log(ratio.value()), ratio.logLikelihood(), Math.log(ratio.low()), Math.log(ratio.high())
            };
            // lifelines' Newton steps end a little before the maximum, where the likelihood is flat.
            assertThat(ours).as(line).containsExactly(recorded, within(1e-5));
            assertThat(Arrays.copyOfRange(ours, 1, 4))
                    .as(line)
                    .containsExactly(Arrays.copyOfRange(recorded, 1, 4), within(2e-7));
        }
        String[] waltons = lines.getLast().split(" \\| ");
        assertThat(LogRank.of(List.of(times(waltons[0]), times(waltons[1])))
                        .hazardRatio(0.95)
                        .brief())
                .isEqualTo("7.788 [5.028, 11.79]");
    }

    @Test
    void isNotFarOffWhereGroupsAreUnequalAndTheRatioLarge() {
        // 6 runs that reach the event at 100 to 350, 30 that reach it at 300 to 880; R and lifelines give 29.0 [6.8,
        // 123] (Wald).
        Times few = reached(IntStream.range(0, 6).mapToDouble(i -> 100 + 50 * i).toArray());
        Times many =
                reached(IntStream.range(0, 30).mapToDouble(i -> 300 + 20 * i).toArray());
        HazardRatio ratio = LogRank.of(List.of(few, many)).hazardRatio(0.95);
        assertThat(ratio.value()).isCloseTo(28.98, within(0.01));
        assertThat(ratio.text())
                .isEqualTo("28.98 [7.163, 143.7] times, n = 36, 95% profile-likelihood interval of Cox's hazard ratio");
        HazardRatio other = LogRank.of(List.of(many, few)).hazardRatio(0.95);
        assertThat(other.value() * ratio.value()).isCloseTo(1, within(1e-9));
        assertThat(other.low() * ratio.high()).isCloseTo(1, within(1e-9));
    }

    @Test
    void holdsThePlantedRatioAsOftenAsItSays() {
        RandomGenerator stream = Resamples.stream(13, "coverage");
        double[][] settings = {{5, 20, 10, 2000}, {20, 5, 0.1, 20000}, {10, 10, 3, 1000}, {8, 40, 1, 1000}};
        for (double[] s : settings) {
            long held = IntStream.range(0, 1000)
                    .filter(_ -> {
                        HazardRatio ratio = LogRank.of(List.of(
                                        KaplanMeierTest.planted((int) s[0], 1000 / s[2], s[3], stream),
                                        KaplanMeierTest.planted((int) s[1], 1000, s[3], stream)))
                                .hazardRatio(0.95);
                        return ratio.low() <= s[2] && s[2] <= ratio.high();
                    })
                    .count();
            assertThat(held / 1000.0).as(Arrays.toString(s)).isBetween(0.92, 0.98);
        }
    }

    @Test
    void hasABoundAtOneSideWhereOneGroupAloneReachedTheEvent() {
        Times some = reached(10, 20, 30, 40);
        Times none = Times.of(new double[] {50, 50, 50}, new boolean[3], "steps");
        HazardRatio ratio = LogRank.of(List.of(some, none)).hazardRatio(0.95);
        assertThat(ratio.value()).isInfinite();
        assertThat(ratio.high()).isInfinite();
        assertThat(ratio.planned()).isEqualTo(ratio.low()).isGreaterThan(1);
        assertThat(ratio.text())
                .matches(
                        "more than 2\\.393 times, n = 7, 95% profile-likelihood interval of Cox's hazard ratio, "
                                + "without an upper bound, since only runs of the first reached the event while both were watched");
        // The law of the bound: the supremum, -log 4!, less the log-likelihood there is half the quantile, 3.841 / 2.
        double low = ratio.low();
        double there = IntStream.rangeClosed(1, 4)
                .mapToDouble(left -> Math.log(low / (left * low + 3)))
                .sum();
        assertThat(2 * (-Math.log(24) - there)).isCloseTo(3.841459, within(1e-6));
        assertThat(ratio.logLikelihood()).isCloseTo(-Math.log(24), within(1e-9));

        HazardRatio turned = LogRank.of(List.of(none, some)).hazardRatio(0.95);
        assertThat(turned.value()).isZero();
        assertThat(turned.brief()).startsWith("less than 0.");
        assertThat(turned.text()).contains("without a lower bound", "runs of the second");
        assertThat(turned.high() * low).isCloseTo(1, within(1e-9));

        // All of one group before any of the other: what comes when one alone is left says nothing of the ratio.
        assertThat(LogRank.of(List.of(some, reached(50, 60))).hazardRatio(0.95).brief())
                .startsWith("more than");
        assertThat(LogRank.of(List.of(reached(1), reached(2))).hazardRatio(0.95).planned())
                .isNaN();
    }

    @Test
    void strataShareOneRatioAndNothingElse() {
        List<Times> quick = List.of(reached(1, 2, 4, 8), reached(3, 6, 7));
        List<Times> late = List.of(reached(100, 200, 400, 800), reached(300, 600, 700));
        HazardRatio one = LogRank.of(quick).hazardRatio(0.95);
        HazardRatio both = LogRank.stratified(List.of(quick, late)).hazardRatio(0.95);
        assertThat(both.value()).isCloseTo(one.value(), within(1e-9));
        assertThat(both.logLikelihood()).isCloseTo(2 * one.logLikelihood(), within(1e-9));
        assertThat(both.low()).isGreaterThan(one.low());
    }

    /** {@code 12 30+ 5}: + for censored. */
    private static Times times(String text) {
        String[] words = text.split(" ");
        double[] time = new double[words.length];
        boolean[] observed = new boolean[words.length];
        for (int i = 0; i < words.length; i++) {
            observed[i] = !words[i].endsWith("+");
            time[i] = Double.parseDouble(words[i].replace("+", ""));
        }
        return Times.of(time, observed, "steps");
    }

    private static Times reached(double... times) {
        boolean[] observed = new boolean[times.length];
        Arrays.fill(observed, true);
        return Times.of(times, observed, "steps");
    }
}
