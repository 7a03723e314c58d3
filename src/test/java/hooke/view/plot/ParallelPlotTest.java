package hooke.view.plot;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.view.PageNumbers;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParallelPlotTest {
    @Test
    void anAxisOfOneValueIsCalledByIt() {
        assertThat(only(Axis.Format.COUNT, 2470)).isEqualTo("2,470");
        assertThat(only(Axis.Format.PERCENT, 0.8731)).isEqualTo("87.31%");
        assertThat(only(Axis.Format.NUMBER, 0.25)).isEqualTo(PageNumbers.measure(0.25));
    }

    private static String only(Axis.Format format, double value) {
        return new ParallelPlot.Dimension("a", List.of(), format, value, value, false).only();
    }
}
