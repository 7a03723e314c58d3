package hooke.view;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.Amounts;
import org.junit.jupiter.api.Test;

class PageNumbersTest {
    @Test
    void measuresHaveFourDigits() {
        assertThat(PageNumbers.measure(0)).isEqualTo("0");
        assertThat(PageNumbers.measure(4.73501)).isEqualTo("4.735");
        assertThat(PageNumbers.measure(0.012345)).isEqualTo("0.01235");
        assertThat(PageNumbers.measure(1.2342e-7)).isEqualTo("1.234·10⁻⁷");
        assertThat(PageNumbers.measure(-12345.6)).isEqualTo("-12,346");
        assertThat(PageNumbers.measure(Double.NaN)).isEqualTo("NaN");
        assertThat(PageNumbers.measure(Double.POSITIVE_INFINITY)).isEqualTo("∞");
    }

    @Test
    void whatSomebodyChoseKeepsItsDigits() {
        assertThat(Amounts.exactPercent(0.99)).isEqualTo("99%");
        assertThat(Amounts.exactPercent(0.999)).isEqualTo("99.9%");
        assertThat(Amounts.exactPercent(1)).isEqualTo("100%");
    }

    @Test
    void nearlyAllIsNotAll() {
        assertThat(Amounts.percent(1)).isEqualTo("100.00%");
        assertThat(Amounts.percent(8938 / 8939.0)).isEqualTo("99.99%");
        assertThat(Amounts.percent(999_999 / 1e6)).isEqualTo(">99.99%");
        assertThat(Amounts.percent(0.00001)).isEqualTo("<0.01%");
        assertThat(Amounts.percent(0)).isEqualTo("0.00%");
    }
}
