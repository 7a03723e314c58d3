package hooke.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.store.series.Series;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SparklineTest {
    @Test
    void heightsFollowTheValues() {
        assertThat(line(8, 0, 1, 2, 3, 4, 5, 6, 7)).isEqualTo("▁▂▃▄▅▆▇█");
    }

    @Test
    void hundredfoldPositiveValuesAreDrawnByTheirLogarithms() {
        assertThat(line(4, 1, 10, 100, 1000)).isEqualTo("▁▃▆█");
    }

    @Test
    void sharesAreDrawnFromNothingToAll() {
        Series accuracy = new Series("test_accuracy", new long[] {0, 1, 2, 3}, new double[] {0.005, 0.2, 0.6, 1});

        assertThat(Sparkline.of(accuracy, 4)).isEqualTo("▁▂▅█");
    }

    @Test
    void aConstantIsInTheMiddle() {
        assertThat(line(9, 2, 2, 2)).isEqualTo("▅▅▅");
    }

    @Test
    void manyPointsShareACell() {
        assertThat(line(2, 0, 0, 0, 7, 7, 7)).isEqualTo("▁█");
    }

    @Test
    void whatIsNoNumberIsAGap() {
        assertThat(line(3, 1, Double.NaN, 2)).isEqualTo("▁ █");
        assertThat(line(3, Double.NaN)).isEmpty();
    }

    private static String line(int width, double... values) {
        long[] steps = IntStream.range(0, values.length).asLongStream().toArray();
        return Sparkline.of(new Series("x", steps, values), width);
    }
}
