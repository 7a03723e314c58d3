package hooke;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AmountsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "12, 12 B",
        "999, 999 B",
        "1000, 1.00 kB",
        "908636, 909 kB",
        "9996, 10.0 kB",
        "14664120000, 14.7 GB"
    })
    void prefixesKeepThreeDigits(double amount, String text) {
        assertThat(Amounts.of(amount, "B")).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0.04, 0.0 s",
        "9.94, 9.9 s",
        "42.4, 42 s",
        "59.7, 1 min 00 s",
        "185, 3 min 05 s",
        "7800, 2 h 10 min",
        "273600, 3 d 4 h",
        "1e12, more than 100 years",
        "Infinity, more than 100 years",
        "NaN, a time that was not measured"
    })
    void durationsHaveTwoParts(double seconds, String text) {
        assertThat(Amounts.duration(seconds)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "4.7352231, 4.735",
        "0.9994, 0.9994",
        "0.0319, 0.03190",
        "3.6e-7, 3.600e-7",
        "34.08, 34.08",
        "12769, '12,769'",
        "2.5e9, 2.500e9",
        "NaN, NaN"
    })
    void figuresHaveFourDigitsOrAnExponent(double value, String text) {
        assertThat(Amounts.figure(value)).isEqualTo(text);
    }
}
