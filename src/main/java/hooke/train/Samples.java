package hooke.train;

import hooke.config.Experiment;
import hooke.fused.decode.Decoder;
import hooke.fused.decode.Generation;
import hooke.fused.decode.Sampling;
import hooke.fused.decode.Storage;
import hooke.fused.kernels.Kernel;
import hooke.task.SequenceTask;
import hooke.tensor.RawTensor;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Texts that a model writes from nothing, a look at what it has learned. They are drawn from the seed's stream {@code sample}, the same
 * numbers each time, so that one sees the model change and not the draws.
 */
final class Samples {
    private static final int TEXTS = 3;

    private static final int LONGEST = 48;

    /** Less than the model's own probabilities, which are too bold in the tail. */
    private static final Sampling SAMPLING = new Sampling(0.8, 0, 1, 0);

    private Samples() {}

    static List<String> of(Experiment experiment, SequenceTask task, Map<String, RawTensor> weights) {
        int most = Math.min(LONGEST, experiment.model().nCtx() - task.start().length);
        if (most < 1 || Decoder.lack(experiment.model()).isPresent()) {
            return List.of(); // The experiment was remarked on.
        }
        int threads = Math.max(1, experiment.train().threads());
        try (var decoder = new Decoder(experiment.model(), weights, Storage.FLOAT32, threads, Kernel.best())) {
            var generation = new Generation(decoder, SAMPLING, task.end());
            return generation
                    .continued(Collections.nCopies(TEXTS, task.start()), most, experiment.seed(), (_, _) -> {})
                    .stream()
                    .map(answer -> task.text(answer.tokens()).strip())
                    .toList();
        }
    }
}
