package hooke.fused.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SamplingTest {
    private static final float[] LOGITS = {1, 3, 2, 3, -1};

    /** How often each token is chosen. */
    private static double[] shares(Sampling sampling) {
        var random = new Random(1);
        double[] shares = new double[LOGITS.length];
        int draws = 20_000;
        for (int i = 0; i < draws; i++) {
            shares[sampling.choose(LOGITS, random.nextDouble())] += 1.0 / draws;
        }
        return shares;
    }

    private static double[] softmax(double temperature, int... tokens) {
        double[] p = new double[LOGITS.length];
        double sum = 0;
        for (int token : tokens) {
            p[token] = Math.exp(LOGITS[token] / temperature);
            sum += p[token];
        }
        for (int token : tokens) {
            p[token] /= sum;
        }
        return p;
    }

    @Test
    void greedy_takes_the_first_of_the_largest() {
        assertThat(Sampling.GREEDY.choose(LOGITS, 0.99)).isEqualTo(1);
    }

    @Test
    void temperature_divides_the_logits() {
        assertThat(shares(new Sampling(1, 0, 1, 0))).containsExactly(softmax(1, 0, 1, 2, 3, 4), within(0.015));
        assertThat(shares(new Sampling(0.5, 0, 1, 0))).containsExactly(softmax(0.5, 0, 1, 2, 3, 4), within(0.015));
    }

    @Test
    void top_k_keeps_the_most_likely() {
        assertThat(shares(new Sampling(2, 3, 1, 0))).containsExactly(softmax(2, 1, 2, 3), within(0.015));
        assertThat(shares(new Sampling(2, 1, 1, 0))).containsExactly(softmax(2, 1), within(0.015));
        assertThat(shares(new Sampling(2, 99, 1, 0))).containsExactly(softmax(2, 0, 1, 2, 3, 4), within(0.015));
    }

    @Test
    void top_p_keeps_the_fewest_that_are_as_likely_together() {
        // Probabilities are .40, .40, .15, .05, .01.
        assertThat(shares(new Sampling(1, 0, 0.7, 0))).containsExactly(softmax(1, 1, 3), within(0.015));
        assertThat(shares(new Sampling(1, 0, 0.9, 0))).containsExactly(softmax(1, 1, 2, 3), within(0.015));
        assertThat(shares(new Sampling(1, 0, 0.01, 0))).containsExactly(softmax(1, 1), within(0.015));
    }

    @Test
    void min_p_keeps_what_is_not_much_less_likely_than_the_first() {
        // Beside the largest they are 1, 1, .37, .14, .02.
        assertThat(shares(new Sampling(1, 0, 1, 0.2))).containsExactly(softmax(1, 1, 2, 3), within(0.015));
        assertThat(shares(new Sampling(1, 0, 1, 1))).containsExactly(softmax(1, 1, 3), within(0.015));
    }
}
