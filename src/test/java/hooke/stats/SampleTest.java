package hooke.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SampleTest {
    /** The first draw of stream (1, "a"), which must be the same on every machine and in every release. */
    private static final long FIRST = 4946365633752608701L;

    private static final Sample FIVE = Sample.of(new double[] {0.9299, 0.9664, 0.9527, 0.9365, 0.9205}, "");

    @Test
    void theMedianSaysWhatCoverageSoFewRunsAttain() {
        Estimate median = FIVE.median(0.95);
        assertThat(median.value()).isEqualTo(0.9365);
        assertThat(median.low()).isEqualTo(0.9205);
        assertThat(median.high()).isEqualTo(0.9664);
        assertThat(median.level()).isEqualTo(1 - 2 / 32.0);
        assertThat(median.text())
                .isEqualTo("0.9365 [0.9205, 0.9664], n = 5, 93.75% order-statistic interval of the median");
        assertThat(Sample.of(new double[] {3}, "").median(0.95).hasInterval()).isFalse();
        double[] hundred = new double[100];
        Arrays.setAll(hundred, i -> i + 1);
        Estimate many = Sample.of(hundred, "").median(0.95); // ranks 40 and 61, as in the tables
        assertThat(many.low()).isEqualTo(40);
        assertThat(many.high()).isEqualTo(61);
        assertThat(many.level()).isCloseTo(0.9648, within(1e-4));
    }

    @Test
    void theMeanCarriesStudentsInterval() {
        Estimate mean = FIVE.mean(0.95);
        assertThat(mean.value()).isCloseTo(0.9412, within(1e-15));
        assertThat(mean.high() - mean.value()).isCloseTo(2.7764451051977987 * 0.008202316745895648, within(1e-12));
        assertThat(Sample.of(new double[] {3}, "").mean(0.95).hasInterval()).isFalse();
    }

    @Test
    void refusesWhatIsNoNumber() {
        assertThatThrownBy(() -> Sample.of(new double[] {1, Double.NaN}, ""))
                .hasMessageContaining("NaN")
                .hasMessageContaining("count them");
        assertThatThrownBy(() -> Sample.of(new double[0], "")).hasMessageContaining("at least one");
        assertThatThrownBy(() -> FIVE.mean(1)).hasMessageContaining("confidence level");
    }

    @Test
    void bootstrapOfConstantDataHasNoBca() {
        var bootstrap = Bootstrap.of(
                Sample.of(new double[] {3, 3, 3, 3}, "steps"),
                "mean",
                Sample::mean,
                Resamples.draw(Resamples.stream(0, "bootstrap"), 4, 100));
        assertThat(bootstrap.bca(0.95).text())
                .isEqualTo("3 [interval not defined] steps, n = 4, BCa bootstrap of the mean, 100 resamples");
        assertThat(bootstrap.percentile(0.95).brief()).isEqualTo("3 [3, 3]");
    }

    @Test
    void theBootstrapFindsTheErrorOfTheMean() {
        RandomGenerator stream = Resamples.stream(5, "normal");
        double[] values = new double[50];
        Arrays.setAll(values, _ -> stream.nextGaussian());
        Sample sample = Sample.of(values, "");
        var bootstrap = Bootstrap.of(sample, "mean", Sample::mean, Resamples.draw(stream, 50, 4000));
        assertThat(bootstrap.standardError()).isCloseTo(sample.standardError(), within(0.006));
        assertThat(bootstrap.bca(0.9).low()).isLessThan(bootstrap.value());
        var middle = Bootstrap.of(sample, "median", Sample::median, Resamples.draw(stream, 50, 500));
        assertThat(middle.value()).isEqualTo(sample.median(0.95).value());
    }

    @Test
    void streamsAreFixedByTheirSeedAndName() {
        assertThat(Resamples.draw(Resamples.stream(1, "a"), 7, 3))
                .isDeepEqualTo(Resamples.draw(Resamples.stream(1, "a"), 7, 3));
        assertThat(Resamples.stream(1, "a").nextLong()).isEqualTo(FIRST);
        assertThat(Resamples.stream(1, "b").nextLong()).isNotEqualTo(FIRST);
        assertThat(Resamples.stream(2, "a").nextLong()).isNotEqualTo(FIRST);
    }
}
