package hooke.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class NumbersTest {
    @Test
    void measuresHaveFourDigits() {
        assertThat(Numbers.measure(0)).isEqualTo("0");
        assertThat(Numbers.measure(4.73501)).isEqualTo("4.735");
        assertThat(Numbers.measure(0.012345)).isEqualTo("0.01235");
        assertThat(Numbers.measure(1.2342e-7)).isEqualTo("1.234·10⁻⁷");
        assertThat(Numbers.measure(-12345.6)).isEqualTo("-12,346");
        assertThat(Numbers.measure(Double.NaN)).isEqualTo("NaN");
        assertThat(Numbers.measure(Double.POSITIVE_INFINITY)).isEqualTo("∞");
    }

    @Test
    void sizesAndTimesHaveUnits() {
        assertThat(Numbers.bytes(512)).isEqualTo("512 bytes");
        assertThat(Numbers.bytes(909_252)).isEqualTo("888 KiB");
        assertThat(Numbers.bytes(3_500_000)).isEqualTo("3.3 MiB");
        assertThat(Numbers.time(Duration.ofMillis(4230))).isEqualTo("4.2 s");
        assertThat(Numbers.time(Duration.ofSeconds(1872))).isEqualTo("31 min 12 s");
        assertThat(Numbers.time(Duration.ofMinutes(125))).isEqualTo("2 h 5 min");
        assertThat(Numbers.time(Duration.ofHours(50))).isEqualTo("2 d 2 h");
    }

    @Test
    void whatSomebodyChoseKeepsItsDigits() {
        assertThat(Numbers.exactPercent(0.99)).isEqualTo("99%");
        assertThat(Numbers.exactPercent(0.999)).isEqualTo("99.9%");
        assertThat(Numbers.exactPercent(1)).isEqualTo("100%");
    }

    @Test
    void nearlyAllIsNotAll() {
        assertThat(Numbers.percent(1)).isEqualTo("100.00%");
        assertThat(Numbers.percent(8938 / 8939.0)).isEqualTo("99.99%");
        assertThat(Numbers.percent(999_999 / 1e6)).isEqualTo("99.99%");
        assertThat(Numbers.percent(0.00001)).isEqualTo("0.01%");
        assertThat(Numbers.percent(0)).isEqualTo("0.00%");
    }
}
