package hooke.store.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.store.RunReader;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.store.Toy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 16, 17, 257, 1000, 8192, 8193, 40_000})
    void everyPointComesBackPackedOrNot(int size) {
        Series expected = walk(size);
        try (Store store = Store.open(dir);
                RunWriter writer = store.claim(Toy.experiment("a", 0), Toy.HERE)) {
            writer.begin();
            RunReader reader = store.read(writer.run());
            for (int i = 0; i < size; i++) {
                writer.log(expected.steps()[i], "x", expected.values()[i]);
            }
            writer.flush();
            same(reader.series("x"), expected);
            Series thinned = reader.thinned("x", 400);
            writer.finish("{}", Toy.NOON);
            same(reader.series("x"), expected);
            same(reader.thinned("x", 400), thinned);
            assertThat(thinned.size()).isBetween(Math.min(size, 100), 400);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 8, 100, 1001, 40_000})
    void aThinnedSeriesHoldsTheEndsAndTheExtremes(int atMost) {
        Series all = walk(40_000);
        Series thinned = all.thinned(atMost);
        assertThat(thinned.size()).isLessThanOrEqualTo(atMost);
        assertThat(thinned.steps()[0]).isEqualTo(all.steps()[0]);
        assertThat(thinned.steps()[thinned.size() - 1]).isEqualTo(all.steps()[all.size() - 1]);
        assertThat(numbers(thinned).getMax()).isEqualTo(numbers(all).getMax());
        assertThat(numbers(thinned).getMin()).isEqualTo(numbers(all).getMin());
        for (int i = 0; i < thinned.size(); i++) {
            int at = Arrays.binarySearch(all.steps(), thinned.steps()[i]);
            assertThat(at).as("a thinned point is a point").isNotNegative();
            assertThat(thinned.values()[i]).isEqualTo(Double.valueOf(all.values()[at]));
            assertThat(i == 0 || thinned.steps()[i] > thinned.steps()[i - 1]).isTrue();
        }
    }

    @Test
    void everyStretchKeepsItsOwnExtremes() {
        long[] steps = new long[10_000];
        double[] values = new double[10_000];
        Arrays.setAll(steps, i -> i);
        values[1234] = 7;
        values[8765] = -7;
        Series thinned = new Series("spikes", steps, values).thinned(100);
        assertThat(thinned.steps()).contains(1234, 8765);
    }

    @Test
    void nothingButNaNStaysNaN() {
        double[] values = new double[1000];
        Arrays.fill(values, Double.NaN);
        long[] steps = new long[1000];
        Arrays.setAll(steps, i -> i);
        Series thinned = new Series("nan", steps, values).thinned(50);
        assertThat(thinned.values()).isNotEmpty().containsOnly(Double.NaN);
        assertThat(thinned.steps()).contains(0, 999);
    }

    @Test
    void tooFewPointsToDrawAreRefused() {
        assertThatThrownBy(() -> walk(10).thinned(3)).hasMessageContaining("at least 4 points, not 3");
        assertThatThrownBy(() -> new Series("x", new long[2], new double[1]))
                .hasMessageContaining("2 steps and 1 values");
    }

    /** Uneven steps, NaN, infinities, and a value that float32 does not hold. */
    private static Series walk(int size) {
        var random = new Random(size);
        long[] steps = new long[size];
        double[] values = new double[size];
        long step = 0;
        double value = 0.1;
        for (int i = 0; i < size; i++) {
            step += 1 + random.nextInt(3);
            value += random.nextGaussian();
            steps[i] = step;
            values[i] = i % 97 == 50 ? Double.NaN : i % 1999 == 1500 ? Double.NEGATIVE_INFINITY : value;
        }
        return new Series("x", steps, values);
    }

    private static DoubleSummaryStatistics numbers(Series series) {
        return Arrays.stream(series.values()).filter(v -> !Double.isNaN(v)).summaryStatistics();
    }

    private static void same(Series actual, Series expected) {
        assertThat(actual.steps()).isEqualTo(expected.steps());
        assertThat(actual.values()).isEqualTo(expected.values());
    }
}
