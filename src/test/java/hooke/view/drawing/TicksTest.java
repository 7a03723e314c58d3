package hooke.view.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.view.plot.Axis;
import hooke.view.plot.Scale;
import java.util.List;
import org.junit.jupiter.api.Test;

class TicksTest {
    private static List<String> labels(Scale scale, Axis.Format format, double low, double high, int room) {
        return Ticks.of(scale, format, low, high, room).stream()
                .map(Ticks.Tick::label)
                .filter(label -> !label.isEmpty())
                .toList();
    }

    @Test
    void linearTicksAreRound() {
        assertThat(labels(Scale.LINEAR, Axis.Format.COUNT, 0, 40_000, 8))
                .containsExactly("0", "5,000", "10,000", "15,000", "20,000", "25,000", "30,000", "35,000", "40,000");
        assertThat(labels(Scale.LINEAR, Axis.Format.PERCENT, 0, 1, 5))
                .containsExactly("0%", "20%", "40%", "60%", "80%", "100%");
        assertThat(labels(Scale.LINEAR, Axis.Format.PERCENT, 0.9985, 1, 3))
                .containsExactly("99.85%", "99.90%", "99.95%", "100.00%");
        assertThat(labels(Scale.LINEAR, Axis.Format.NUMBER, 1e-7, 3e-7, 2))
                .containsExactly("1·10⁻⁷", "2·10⁻⁷", "3·10⁻⁷");
        assertThat(labels(Scale.LINEAR, Axis.Format.NUMBER, 0, 4e6, 4)).containsExactly("0", "1M", "2M", "3M", "4M");
    }

    @Test
    void aStepIsNeverCutIntoParts() {
        assertThat(labels(Scale.LINEAR, Axis.Format.COUNT, 100, 102, 10)).containsExactly("100", "101", "102");
    }

    @Test
    void decadesAreLabelledAsThereIsRoom() {
        assertThat(labels(Scale.LOG, Axis.Format.NUMBER, 5e-8, 20, 9))
                .containsExactly("10⁻⁷", "10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "1", "10¹");
        assertThat(labels(Scale.LOG, Axis.Format.NUMBER, 5e-8, 20, 5)).containsExactly("10⁻⁶", "10⁻⁴", "10⁻²", "1");
        assertThat(labels(Scale.LOG, Axis.Format.NUMBER, 0.02, 5, 9))
                .containsExactly("0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5");
        assertThat(labels(Scale.LOG, Axis.Format.NUMBER, 0.3, 0.5, 4))
                .containsExactly("0.30", "0.35", "0.40", "0.45", "0.50");
    }

    @Test
    void stepsOnALogarithmBeginAtZero() {
        assertThat(labels(Scale.LOG1P, Axis.Format.COUNT, 0, 40_000, 9))
                .containsExactly("0", "1", "10", "100", "1,000", "10,000");
        assertThat(labels(Scale.LOG1P, Axis.Format.COUNT, 150, 40_000, 9))
                .containsExactly("200", "500", "1,000", "2,000", "5,000", "10,000", "20,000");
    }

    @Test
    void placesAndValuesAreInverse() {
        for (Scale scale : Scale.values()) {
            for (double v : new double[] {0.5, 1, 200, 40_000}) {
                assertThat(scale.value(scale.place(v)))
                        .isCloseTo(v, org.assertj.core.data.Percentage.withPercentage(1e-9));
            }
        }
        assertThat(Scale.LOG.place(0)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(Scale.LOG1P.place(0)).isZero();
    }
}
