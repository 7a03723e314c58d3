package hooke.sweep.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.config.Estimates;
import hooke.sweep.Cell;
import hooke.sweep.Sweep;
import hooke.sweep.SweepResults;
import hooke.sweep.TinySweeps;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class ForecastTest {
    private static final Sweep SWEEP = TinySweeps.of("grid: {model.d_model: [8, 64]}\nseeds: 3\n");

    @Test
    void allIsTheStartAndThenRunsOneAfterAnotherWhereAWorkerIsFree() {
        var small = new StepTime(5, 0.5, 1, 2);
        var large = new StepTime(1, 0.4, 10, 20);
        var forecast = Forecast.of(SweepResults.none(SWEEP), all -> Optional.of(List.of(small, large)));
        Cell first = SWEEP.cells().getFirst();
        Cell last = SWEEP.cells().getLast();
        long evaluations = Estimates.of(first.experiment()).evaluations();
        double quick = 0.5 + 6 * 1 + evaluations * 2;
        double slow = 0.5 + 6 * 10 + evaluations * 20;

        assertThat(forecast.seconds(first).orElseThrow()).isCloseTo(quick, within(1e-9));
        assertThat(forecast.seconds(last).orElseThrow()).isCloseTo(slow, within(1e-9));
        assertThat(forecast.all(1).orElseThrow()).isCloseTo(5 + 3 * quick + 3 * slow, within(1e-9));
        assertThat(forecast.all(6).orElseThrow())
                .as("no run is shared between workers")
                .isCloseTo(5 + slow, within(1e-9));
        assertThat(forecast.all(2).orElseThrow())
                .as("the first two, then whoever is free")
                .isCloseTo(5 + quick + 2 * slow, within(1e-9));
    }

    @Test
    void whereNothingAnswersNothingIsForecast() {
        var forecast = Forecast.of(SweepResults.none(SWEEP), _ -> Optional.empty());

        assertThat(forecast.seconds(SWEEP.cells().getFirst())).isEmpty();
        assertThat(forecast.all(2)).isEmpty();
        assertThat(forecast.start()).isEmpty();
    }

    @Test
    void atLeastOneWindowIsMeasuredHoweverLongTheTrainingTookToMake() {
        var clock = new AtomicLong();
        var computed = new AtomicLong();
        LongSupplier nanos = () -> clock.addAndGet(Duration.ofSeconds(10).toNanos());
        LongSupplier cpu = () -> computed.addAndGet(Duration.ofSeconds(1).toNanos());

        StepTime time = StepTime.of(SWEEP.cells().getFirst().experiment(), nanos, cpu);

        assertThat(time.update()).isEqualTo(10);
        assertThat(time.evaluation()).isEqualTo(10);
        assertThat(time.begin()).isEqualTo(10);
    }

    @Test
    void aBusyMachineIsWaitedForUntilTheThreadHasComputed() {
        var clock = new AtomicLong();
        var computed = new AtomicLong();
        var looks = new AtomicInteger();
        LongSupplier nanos = () -> clock.addAndGet(looks.incrementAndGet() < 15 ? 1_000_000_000 : 1_000_000);
        LongSupplier cpu = () -> computed.addAndGet(100_000_000);

        StepTime time = StepTime.of(SWEEP.cells().getFirst().experiment(), nanos, cpu);

        assertThat(time.update()).as("as quick as it becomes").isLessThan(0.01);
    }

    @Test
    void aTimeThatIsNoNumberWasNotMeasured() {
        assertThatThrownBy(() -> new StepTime(1, 1, Double.POSITIVE_INFINITY, 1))
                .hasMessageContaining("was not measured");
        assertThatThrownBy(() -> new StepTime(1, Double.NaN, 1, 1)).hasMessageContaining("was not measured");
    }
}
