package hooke.sweep.measures;

import hooke.config.task.ByToken;
import hooke.config.task.TaskConfig;
import hooke.config.task.TextConfig;
import hooke.config.task.TextScore;
import hooke.sweep.SweepRun.Ending;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;

/** A figure of a run's last evaluation, of which tables show the median over a cell's runs. */
public enum EndFigure {
    BITS_PER_BYTE("bits/byte", "test_bits_per_byte"),
    NATS_PER_TOKEN("nats/token", "test_loss"),
    TEST_ACCURACY("test accuracy", "test_accuracy");

    private final String title;
    private final String series;

    EndFigure(String title, String series) {
        this.title = title;
        this.series = series;
    }

    /** What tells these tasks apart, the first the most; what is counted by token is left out where tokens differ. */
    static List<EndFigure> of(Collection<? extends TaskConfig> tasks) {
        if (!tasks.stream().allMatch(TextConfig.class::isInstance)) {
            return ByToken.differs(tasks) ? List.of() : List.of(TEST_ACCURACY);
        }
        return ByToken.differs(tasks) ? List.of(BITS_PER_BYTE) : List.of(BITS_PER_BYTE, NATS_PER_TOKEN, TEST_ACCURACY);
    }

    OptionalDouble of(TaskConfig task, Ending end) {
        return switch (this) {
            case TEST_ACCURACY -> OptionalDouble.of(end.testAccuracy());
            case NATS_PER_TOKEN -> OptionalDouble.of(end.testLoss());
            case BITS_PER_BYTE ->
                task instanceof TextConfig text
                        ? OptionalDouble.of(
                                TextScore.of(text, end.testLoss()).bitsPerByte().value())
                        : OptionalDouble.empty();
        };
    }

    /** As a column is called. */
    public String title() {
        return title;
    }

    /** As programs and stores call it. */
    public String series() {
        return series;
    }

    /** Whether it is a share of one, shown in percent; else it is a loss. */
    public boolean isShare() {
        return this == TEST_ACCURACY;
    }
}
