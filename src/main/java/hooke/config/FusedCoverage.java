package hooke.config;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** Which experiments the fused engine trains: tiny transformers on finite tasks, on a processor. */
final class FusedCoverage {
    private static final int LONGEST = 64;
    private static final int WIDEST = 512;
    /** Of all heads of a block together, and of its neurons: four times the width, and eight times the neurons, that the widest model has by itself. */
    private static final int MOST_HEADS = 4 * WIDEST;

    private static final int MOST_NEURONS = 32 * WIDEST;
    /** Numbers of states that it keeps: one for each example, position and level of the residual stream. */
    private static final long MOST_STATES = 50_000_000;

    private FusedCoverage() {}

    /**
     * Likewise of this JVM, whatever the experiment: told not to use fused multiply-adds, or on a processor without them, Java computes
     * each in software. Asked of its flags, since a process that only plans has no Vector API.
     */
    static Optional<String> lackHere() {
        var jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        return jvm == null || Boolean.parseBoolean(jvm.getVMOption("UseFMA").getValue())
                ? Optional.empty()
                : Optional.of(
                        "it multiplies and adds at once, which this Java does in software (its flag UseFMA is off)");
    }

    /** Why it does not cover an experiment, as the end of a sentence; empty if it does. */
    static Optional<String> lack(TaskConfig task, ModelConfig model, TrainConfig train) {
        if (!task.isFinite()) {
            return Optional.of("it needs examples of one length, answered at the same positions");
        }
        Optional<String> precision = switch (train.precision()) {
            case FLOAT32 -> Optional.empty();
            case FLOAT64 -> Optional.of("it computes in float32, but train.precision is float64");
        };
        if (precision.isPresent()) {
            return precision;
        }
        int length = task.nCtx();
        long states = (long) task.size() * length * (model.nLayers() + 1);
        if (train.device() == TrainConfig.Device.CUDA) {
            return Optional.of("it computes on CPUs only");
        }
        if (length > LONGEST) {
            return Optional.of("examples of %s tokens are longer than its %s".formatted(length, LONGEST));
        }
        if (model.dModel() > WIDEST) {
            return Optional.of("a model.d_model of %s is wider than its %s".formatted(model.dModel(), WIDEST));
        }
        if (model.nHeads() * (long) model.dHead() > MOST_HEADS) {
            return Optional.of("model.n_heads times model.d_head (%s) is more than its %s"
                    .formatted(model.nHeads() * (long) model.dHead(), MOST_HEADS));
        }
        if (model.dMlp() > MOST_NEURONS) {
            return Optional.of("a model.d_mlp of %s is more than its %s".formatted(model.dMlp(), MOST_NEURONS));
        }
        if (states > MOST_STATES) {
            return Optional.of("%s examples of %s tokens through %s layers are more than it keeps states of"
                    .formatted(task.size(), length, model.nLayers()));
        }
        return Optional.empty();
    }
}
