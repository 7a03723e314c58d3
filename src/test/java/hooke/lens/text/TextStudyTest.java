package hooke.lens.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.stats.Estimate;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextStudyTest {
    @Test
    void theIntervalIsOfDocumentsAndSaysWhetherItHoldsZero() {
        var random = new Random(2);
        int[] tokens = IntStream.range(0, 2000).map(i -> i % 10 == 9 ? 1 : 5).toArray();
        double[] others = new double[2000];
        Arrays.fill(others, 3);
        double[] better = random.doubles(2000, 1, 4).toArray();
        double[] same = Arrays.stream(better).map(loss -> loss + 0.5).toArray();

        Estimate difference = TextStudy.difference(better, others, tokens, 1);
        assertThat(difference.n()).isEqualTo(200);
        assertThat(difference.value()).isCloseTo(Arrays.stream(better).average().orElseThrow() - 3, within(1e-9));
        assertThat(difference.high()).isNegative();
        Estimate none = TextStudy.difference(same, others, tokens, 1);
        assertThat(none.low()).isNegative();
        assertThat(none.high()).isPositive();
    }

    @Test
    void oneDocumentHasNoInterval() {
        Estimate difference = TextStudy.difference(new double[] {1, 2}, new double[] {3, 3}, new int[] {5, 1}, 1);
        assertThat(difference.value()).isEqualTo(-1.5);
        assertThat(difference.hasInterval()).isFalse();
    }
}
