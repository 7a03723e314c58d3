package hooke;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DecimalsTest {
    @Test
    void whatRoundsToNothingHasNoMinus() {
        assertThat(Decimals.format("%.2f", -0.0)).isEqualTo("0.00");
        assertThat(Decimals.format("%.2f", -0.004)).isEqualTo("0.00");
        assertThat(Decimals.format("%+.4f", -0.00001)).isEqualTo("+0.0000");
        assertThat(Decimals.format("%.3e", -0.0)).isEqualTo("0.000e+00");
        assertThat(Decimals.format("%.2f%%", -0.001)).isEqualTo("0.00%");
    }

    @Test
    void everythingElseKeepsItsSign() {
        assertThat(Decimals.format("%.2f", -0.01)).isEqualTo("-0.01");
        assertThat(Decimals.format("%+.1f", 0.25)).isEqualTo("+0.3");
        assertThat(Decimals.format("%.3e", 2e-10)).isEqualTo("2.000e-10");
        assertThat(Decimals.format("%.2f", Double.NEGATIVE_INFINITY)).isEqualTo("-Infinity");
        assertThat(Decimals.format("%,.0f", -12_345)).isEqualTo("-12,345");
    }
}
