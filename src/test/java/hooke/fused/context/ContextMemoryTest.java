package hooke.fused.context;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import hooke.config.ModelConfig;
import hooke.fused.kernels.Kernel;
import hooke.task.Batch;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** How large the arrays of a training are, counted as they are made. */
final class ContextMemoryTest {
    private static final double MIB = 1 << 20;
    private static final String LIFE =
            "{n_layers: %d, d_model: 256, n_heads: 8, d_head: 64, d_mlp: 1024, norm: layer-norm,"
                    + " without_biases: [attention, unembed], positions: {kind: rotary, dims: 32}}";

    private static double mebibytes(Supplier<?> maker) {
        var memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getThreadAllocatedBytes(Thread.currentThread().threadId());
        assertThat(maker.get()).isNotNull();
        return (memory.getThreadAllocatedBytes(Thread.currentThread().threadId()) - before) / MIB;
    }

    private static Batch.Sequences batch(int sequences, int length) {
        int[][] tokens = new int[sequences][length];
        int[][] targets = new int[sequences][length];
        Arrays.stream(targets).forEach(row -> Arrays.fill(row, 1));
        return new Batch.Sequences(tokens, targets);
    }

    /** Of the Life study's model, batches of five texts: what is kept of each piece of them, and what that needs on the way back. */
    @Test
    void aBatchOfTheLifeStudyNeedsAThirdOfAGibibyte() {
        ModelConfig config = Drawn.model(LIFE.formatted(12), 535);
        var weights = Drawn.weights(config, new Random(1));
        try (var model = new ContextModel(config, Drawn.options(2), weights)) {
            assertThat(mebibytes(() -> model.room(model.pieces(batch(5, 535)).getFirst(), true)))
                    .isBetween(100.0, 340.0);
        }
        var recomputing = new ContextModel.Options(2, null, false, true, Kernel.best());
        try (var model = new ContextModel(config, recomputing, weights)) {
            assertThat(mebibytes(() -> model.room(model.pieces(batch(5, 535)).getFirst(), true)))
                    .isLessThan(110);
        }
    }

    /** The logits of 2,048 positions over 16,000 classes would be 125 MiB, and their gradients as much. */
    @Test
    void theLossOverManyClassesTakesItsRowsSomeAtATime() {
        String settings = "{n_layers: 1, d_model: 16, n_heads: 2, d_mlp: 16, norm: layer-norm}";
        double[] needs = new double[2];
        int[] classes = {16, 16_000};
        for (int i = 0; i < 2; i++) {
            ModelConfig config = Drawn.model(settings, 256, classes[i]);
            try (var model = new ContextModel(config, Drawn.options(2), Drawn.weights(config, new Random(1)))) {
                needs[i] = mebibytes(() -> model.room(batch(8, 256), true));
            }
        }
        assertThat(needs[1] - needs[0]).isBetween(1.0, 64.0);
    }
}
