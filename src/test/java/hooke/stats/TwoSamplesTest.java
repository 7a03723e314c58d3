package hooke.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.InputException;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TwoSamplesTest {
    private static Sample sample(double... values) {
        return Sample.of(values, "");
    }

    @Test
    void mannWhitneyIsExactWithTies() {
        var test = MannWhitney.of(sample(1, 2, 2), sample(2, 3));
        // Of the 10 ways to deal the ranks 1, 3, 3, 3, 5, the smallest sum of three (1 + 3 + 3 = 7) comes 3 times.
        assertThat(test.u()).isEqualTo(1);
        assertThat(test.p()).isCloseTo(2 * 3 / 10.0, within(1e-15));
        assertThat(test.probabilityOfImprovement()).isCloseTo(1 / 6.0, within(1e-15));
        assertThat(test.text()).isEqualTo("Mann-Whitney U = 1, p = 0.6000, n = 3 and 2");
    }

    @Test
    void exactAndNormalAgreeForManyNumbers() {
        RandomGenerator stream = Resamples.stream(2, "ranks");
        double[] x =
                IntStream.range(0, 50).mapToDouble(_ -> stream.nextGaussian()).toArray();
        double[] y = IntStream.range(0, 50)
                .mapToDouble(_ -> stream.nextGaussian() + 0.4)
                .toArray();
        var test = MannWhitney.of(sample(x), sample(y));
        assertThat(test.p()).isCloseTo(test.normalP(), within(0.002));
        Estimate improvement = MannWhitney.improvement(sample(y), sample(x), 0.95, 500, stream);
        assertThat(improvement.value()).isCloseTo(1 - test.probabilityOfImprovement(), within(1e-12));
        assertThat(improvement.low()).isBetween(0.3, improvement.value());
        assertThat(improvement.high()).isBetween(improvement.value(), 0.9);
    }

    @Test
    void pairedSeedsTakeOutWhatASeedDoesToBoth() {
        Sample first = sample(1, 5, 9, 13, 17, 21);
        Sample second = sample(2.1, 5.9, 10.2, 13.8, 18.05, 22);
        Paired paired = Paired.of(first, second);
        assertThat(paired.tP()).isLessThan(0.001);
        assertThat(MannWhitney.of(first, second).p()).isGreaterThan(0.5);
        assertThat(paired.wilcoxonP()).isCloseTo(2 / 64.0, within(1e-15));
        assertThat(paired.signP()).isCloseTo(2 / 64.0, within(1e-15));
        assertThat(paired.signFlipP()).isCloseTo(2 / 64.0, within(1e-15));
        assertThat(paired.meanDifference(0.95).text()).contains("n = 6").contains("paired difference");
    }

    @Test
    void equalPairsShowNothing() {
        Paired same = Paired.of(sample(1, 2, 3), sample(1, 2, 3));
        assertThat(same.wilcoxonP()).isEqualTo(1);
        assertThat(same.signP()).isEqualTo(1);
        assertThat(same.signFlipP()).isEqualTo(1);
        assertThat(same.t()).isNaN();
        assertThatThrownBy(() -> Paired.of(sample(1, 2), sample(1))).hasMessageContaining("(2)");
        assertThatThrownBy(() -> Paired.of(sample(1), sample(1))).hasMessageContaining("two seeds");
        double[] many = new double[21];
        assertThatThrownBy(() -> Paired.of(sample(many), sample(many)).signFlipP())
                .hasMessageContaining("2^21");
    }

    @Test
    void correctionsNeverMakeAFindingStronger() {
        double[] p = {0.04, 0.001, 0.3, 0.02, 0.02};
        double[] holm = MultipleTesting.holm(p);
        double[] bonferroni = MultipleTesting.bonferroni(p);
        double[] discovery = MultipleTesting.benjaminiHochberg(p);
        for (int i = 0; i < p.length; i++) {
            assertThat(new double[] {p[i], discovery[i], holm[i], bonferroni[i]})
                    .isSorted();
        }
        assertThat(MultipleTesting.holm(new double[0])).isEmpty();
        assertThatThrownBy(() -> MultipleTesting.holm(new double[] {1.2})).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> MultipleTesting.bonferroni(new double[] {Double.NaN}))
                .hasMessageContaining("NaN");
    }

    @Test
    void theExactIntervalOfAShareCoversAtLeastItsLevel() {
        for (double truth : new double[] {0.05, 0.3, 0.5, 0.93}) {
            double covered = 0;
            var binomial = org.apache.commons.statistics.distribution.BinomialDistribution.of(12, truth);
            for (int k = 0; k <= 12; k++) {
                Estimate exact = new Proportion(k, 12).exact(0.9);
                covered += exact.low() <= truth && truth <= exact.high() ? binomial.probability(k) : 0;
            }
            assertThat(covered).isGreaterThanOrEqualTo(0.9);
        }
        assertThatThrownBy(() -> new Proportion(3, 2)).hasMessageContaining("3 of 2");
        assertThatThrownBy(() -> new Proportion(0, 0)).hasMessageContaining("at least one run");
    }

    /** Each example twice is worth one, independent ones are worth themselves. */
    @Test
    void examplesThatAreAlikeAreWorthFewer() {
        boolean[] right = new boolean[400];
        int[] pairs = new int[400];
        int[] alone = new int[400];
        for (int i = 0; i < 400; i++) {
            right[i] = i / 2 % 4 > 0;
            pairs[i] = i / 2;
            alone[i] = i;
        }
        Estimate independent = new Proportion(300, 400).wilson(0.95);
        Estimate half = new Proportion(150, 200).wilson(0.95);
        Estimate grouped = Proportion.wilsonOfGroups(right, pairs, 0.95);

        assertThat(Proportion.wilsonOfGroups(right, alone, 0.95)).isEqualTo(independent);
        assertThat(grouped.value()).isEqualTo(0.75);
        assertThat(grouped.low()).isCloseTo(half.low(), within(0.001)).isLessThan(independent.low());
        assertThat(grouped.high()).isCloseTo(half.high(), within(0.001));
        assertThat(Proportion.wilsonOfGroups(new boolean[] {true, true, true, true}, new int[] {1, 1, 2, 2}, 0.95)
                        .low())
                .isEqualTo(new Proportion(4, 4).wilson(0.95).low());
    }
}
