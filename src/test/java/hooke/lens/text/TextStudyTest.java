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
    void aBigramModelSharesOutAllOfItsProbability() {
        var bigram = new Bigram(new Random(1).ints(500, 0, 9).toArray(), 12);

        for (int first = 0; first < 12; first++) {
            int behind = first;
            assertThat(IntStream.range(0, 12)
                            .mapToDouble(second -> bigram.probability(behind, second))
                            .sum())
                    .isCloseTo(1, within(1e-12));
        }
    }

    @Test
    void pairsThatWereSeenAreMoreProbable() {
        var bigram = new Bigram(new int[] {1, 2, 3, 1, 2, 4, 1, 2}, 5);

        assertThat(bigram.probability(1, 2)).isGreaterThan(0.7);
        assertThat(bigram.probability(2, 3)).isGreaterThan(bigram.probability(2, 0));
        assertThat(bigram.losses(1, new int[] {2, 3})[0]).isEqualTo(-Math.log(bigram.probability(1, 2)));
    }

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
}
