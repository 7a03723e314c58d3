package hooke.sweep.measures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.config.Milestone;
import hooke.stats.TimeToEvent.Censored;
import hooke.stats.TimeToEvent.Diverged;
import hooke.stats.TimeToEvent.Reached;
import org.junit.jupiter.api.Test;

class StabilityTest {
    private static final long[] STEPS = {0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100};

    private static Goal above(double threshold, int patience) {
        return new Goal(
                Goal.Kind.GROKKED,
                new Milestone("grokked", "test_accuracy", Milestone.Relation.ABOVE, threshold, patience));
    }

    @Test
    void countsMeasuresAndTimesExcursions() {
        double[] values = {0, .5, .995, 1, .9, .7, 1, 1, .98, .97, .96};
        Stability stability = Stability.after(above(.99, 0), STEPS, values).orElseThrow();
        assertThat(stability.evaluations()).isEqualTo(9);
        assertThat(stability.above()).isEqualTo(4);
        assertThat(stability.share()).isCloseTo(4 / 9.0, within(1e-15));
        assertThat(stability.excursions()).hasSize(2);
        Stability.Excursion first = stability.excursions().getFirst();
        assertThat(first.from()).isEqualTo(40);
        assertThat(first.until()).isEqualTo(60);
        assertThat(first.isBack()).isTrue();
        assertThat(first.depth()).isCloseTo(.29, within(1e-12));
        Stability.Excursion last = stability.excursions().getLast();
        assertThat(last.isBack()).isFalse();
        assertThat(last.length()).isEqualTo(20);
        assertThat(stability.length()).isEqualTo(20);
        assertThat(stability.depth()).isCloseTo(.29, within(1e-12));
    }

    @Test
    void patienceMovesTheStepToWhereItStays() {
        double[] values = {0, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1};
        assertThat(above(.99, 0).time(STEPS, values, 100, false)).isEqualTo(new Reached(10, 0));
        assertThat(above(.99, 1).time(STEPS, values, 100, false)).isEqualTo(new Reached(30, 20));
        assertThat(above(.99, 2).time(STEPS, values, 100, false)).isEqualTo(new Reached(60, 50));
        assertThat(above(.99, 5).time(STEPS, values, 100, false)).isEqualTo(new Censored(100));
        assertThat(above(.99, 5).time(STEPS, values, 95, true)).isEqualTo(new Diverged(95));
    }

    @Test
    void theFirstEvaluationMayReachIt() {
        double[] values = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
        assertThat(above(.99, 0).time(STEPS, values, 100, false)).isEqualTo(new Reached(0, -1));
        assertThat(Stability.after(above(.99, 0), STEPS, values).orElseThrow().share())
                .isEqualTo(1);
    }

    @Test
    void theThresholdItselfCountsOnlyWhereItIsSaidSo() {
        double[] values = new double[11];
        values[4] = .999;
        assertThat(above(.999, 0).first(values)).isEmpty();
        Goal target = new Goal(
                Goal.Kind.REACHED, new Milestone("reached", "test_accuracy", Milestone.Relation.AT_LEAST, .999, 0));
        assertThat(target.first(values)).hasValue(4);
        assertThat(target.text()).isEqualTo("test accuracy at least 99.9%");
        assertThat(above(.99, 2).text()).isEqualTo("test accuracy above 99%, held for 2 further evaluations");
        assertThat(Stability.after(above(.999, 0), STEPS, values)).isEmpty();
    }

    @Test
    void refusesThresholdsThatNoAccuracyHas() {
        assertThatThrownBy(() -> above(99, 0)).hasMessageContaining("(99.0)");
        assertThatThrownBy(() -> above(.99, -1)).hasMessageContaining("patience (-1)");
    }
}
