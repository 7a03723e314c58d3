package hooke.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Factors of the learning rate: PyTorch's as recorded, and what warm-up does before them. */
final class ScheduleTest {
    private static JsonNode recorded() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ScheduleTest.class.getResourceAsStream("/hooke/config/headlines_lrs.json"))) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static void assertRates(Schedule schedule, double lr, JsonNode rates) {
        assertThat(rates.size()).isPositive();
        for (int step = 0; step < rates.size(); step++) {
            double expected = rates.get(step).asDouble();
            assertThat(lr * schedule.factor(step, rates.size())).isCloseTo(expected, within(1e-14));
        }
    }

    @Test
    void cosineAndLinearArePyTorchs() throws IOException {
        assertRates(new Schedule.Cosine(0, 0), 0.007, recorded().path("cosine_30_steps"));
        assertRates(new Schedule.Cosine(0, 0), 0.001, recorded().path("cosine_10_steps"));
        assertRates(new Schedule.Linear(0, 0), 0.05, recorded().path("linear_10_steps"));
    }

    @Test
    void stepIsSmallerFromTimeToTime() {
        var step = new Schedule.Step(3, 0.5, 0);
        double[] expected = {1, 1, 1, 0.5, 0.5, 0.5, 0.25};
        for (int i = 0; i < expected.length; i++) {
            assertThat(step.factor(i, 100)).isEqualTo(expected[i]);
        }
        assertThat(new Schedule.Step(3, 0.5, 2).factor(4, 100)).isEqualTo(1);
        assertThat(new Schedule.Step(3, 0.5, 2).factor(5, 100)).isEqualTo(0.5);
    }

    /** With each it rises from 0 in equal steps, and what follows takes the rest of the steps. */
    @Test
    void warmupComesFirst() {
        for (Schedule schedule : new Schedule[] {
            new Schedule.Warmup(4),
            new Schedule.Cosine(4, 0.1),
            new Schedule.Linear(4, 0.1),
            new Schedule.Step(5, 0.5, 4)
        }) {
            for (int i = 0; i <= 4; i++) {
                assertThat(schedule.factor(i, 14)).as("%s", schedule).isEqualTo(i / 4.0);
            }
        }
        assertThat(new Schedule.Cosine(4, 0.1).factor(9, 14)).isCloseTo(0.55, within(1e-15));
        assertThat(new Schedule.Linear(4, 0.1).factor(9, 14)).isCloseTo(0.55, within(1e-15));
        assertThat(new Schedule.Linear(4, 0.1).factor(14, 14)).isCloseTo(0.1, within(1e-15));
    }

    @Test
    void theLeastFactorIsTheSmallestOfATraining() {
        for (Schedule schedule : new Schedule[] {
            new Schedule.Constant(),
            new Schedule.Warmup(7),
            new Schedule.Cosine(3, 0),
            new Schedule.Linear(0, 0),
            new Schedule.Linear(40, 0),
            new Schedule.Step(4, 0.5, 1)
        }) {
            double least = 1;
            for (int step = 0; step < 30; step++) {
                double factor = schedule.factor(step, 30);
                least = factor > 0 ? Math.min(least, factor) : least;
            }
            assertThat(schedule.least(30)).as("%s", schedule).isEqualTo(least);
        }
    }
}
