package hooke.config;

import hooke.Headroom;
import hooke.InputException;
import java.util.Optional;

/** What experiments need of memory against what there is. */
public record Fit(Headroom there) {
    /** Against what this process has. */
    public static Fit here() {
        return new Fit(Headroom.now());
    }

    /** Refuses an experiment that cannot fit; engine and threads must have been resolved. */
    public void check(Experiment experiment) {
        lack(experiment).ifPresent(lack -> {
            throw new InputException(experiment.name() + "/" + experiment.seed() + " does not fit: " + lack);
        });
    }

    /** What it needs and there is not, and what would help, as the end of a sentence; empty where it fits. */
    public Optional<String> lack(Experiment experiment) {
        Estimates.Memory needs = Estimates.of(experiment).memory();
        boolean onGpu = experiment.train().device() == TrainConfig.Device.CUDA;
        String smaller = experiment.train().batch().isFull() && needs.activations() > needs.total() / 2
                ? "a smaller model or mini-batches (train.batch) need less"
                : "a smaller model needs less";
        return there.lack(needs.heap(), onGpu ? 0 : needs.outside(), smaller).map(lack -> "it needs " + lack);
    }

    /** Refuses to look into a model that cannot be held with what it computes of one example. */
    public void checkLook(Experiment experiment) {
        there.check(
                "looking into " + experiment.name() + "/" + experiment.seed(),
                0,
                Estimates.look(experiment.model()),
                "");
    }

    /** The sentence for memory that ran out all the same. */
    public InputException ranOut(Experiment experiment, Throwable cause) {
        Estimates.Memory needs = Estimates.of(experiment).memory();
        return new InputException(
                "memory ran out: this needs about %s of Java heap and %s outside it, and there are %s of heap in %s of memory; the run is saved up to its last checkpoint and can be continued with more memory (HOOKE_OPTS=-Xmx8g for more heap)"
                        .formatted(
                                Headroom.bytes(needs.heap()),
                                Headroom.bytes(needs.outside()),
                                Headroom.bytes((double) there.heap()),
                                Headroom.bytes((double) there.machine())),
                cause);
    }
}
