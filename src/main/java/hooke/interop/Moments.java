package hooke.interop;

import hooke.config.Experiment;
import hooke.interop.names.Located;
import hooke.interop.names.StateDict;
import hooke.task.Split;
import hooke.tensor.RawTensor;
import hooke.train.Evaluation;
import hooke.train.Training;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * At which moment of an epoch a training loop took its checkpoints and measured its test set: before the update, or after it, as
 * notebooks do. Both look alike in a file; the losses that the checkpoints give tell them apart.
 *
 * @param saved updates that a checkpoint of epoch e has had beyond e, 0 or 1
 * @param tested updates that what was measured on the test set in epoch e has had beyond e, 0 or 1
 */
record Moments(int saved, int tested) {
    /** A loss in float32 logits differs by some 1e-6 from machine to machine; another task or layout differs by far more. */
    private static final double TOLERANCE = 1e-3;

    /**
     * Those that the first and the last checkpoint agree with; the card's, before the update, where none or both do.
     *
     * @param named state dicts by epoch, the final model last
     * @param series by Hooke's names, one value an epoch
     */
    static Moments of(
            Experiment experiment, Split split, SequencedMap<Long, Located> named, Map<String, double[]> series) {
        Map<Long, Evaluation> measured = new LinkedHashMap<>();
        for (long epoch : probes(named.sequencedKeySet().stream().toList())) {
            var weights = StateDict.weights(experiment.model(), Objects.requireNonNull(named.get(epoch)));
            measured.put(epoch, measure(experiment, split, epoch, weights));
        }
        double[] train = Objects.requireNonNull(series.get("train_loss"));
        double[] test = Objects.requireNonNull(series.get("test_loss"));
        int saved = isRather(error(measured, train, 1, true), error(measured, train, 0, true)) ? 1 : 0;
        // Of epoch e, what was measured after the update is of the moment e + 1.
        double after = error(measured, test, saved - 1, false);
        int tested = isRather(after, error(measured, test, saved, false)) ? 1 : 0;
        return new Moments(saved, tested);
    }

    /** The first and the last before the final model. */
    static List<Long> probes(List<Long> epochs) {
        return epochs.size() == 1
                ? List.of()
                : List.of(epochs.getFirst(), epochs.get(epochs.size() - 2)).stream()
                        .distinct()
                        .toList();
    }

    /** Whether one reading agrees with the losses, and the other, the card's, by far less. */
    private static boolean isRather(double error, double ofTheCard) {
        return error <= TOLERANCE && error < ofTheCard / 10;
    }

    /** The largest difference of a recorded loss from a measured one; infinite where there is nothing to compare. */
    private static double error(Map<Long, Evaluation> measured, double[] recorded, int later, boolean ofTrain) {
        double error = Double.NEGATIVE_INFINITY;
        for (var entry : measured.entrySet()) {
            int place = Math.toIntExact(entry.getKey() + later);
            if (place >= 0 && place < recorded.length) {
                Evaluation ours = entry.getValue();
                error = Math.max(error, difference(recorded[place], (ofTrain ? ours.train() : ours.test()).loss()));
            }
        }
        return error < 0 ? Double.POSITIVE_INFINITY : error;
    }

    /** Whether two losses are one, measured on two machines. */
    static boolean agree(double theirs, double ours) {
        return difference(theirs, ours) <= TOLERANCE;
    }

    private static double difference(double theirs, double ours) {
        return Double.compare(theirs, ours) == 0 ? 0 : Math.abs(theirs - ours) / (1 + Math.abs(theirs));
    }

    /** By the number of updates, the final one last. */
    SequencedMap<Long, Located> stateDicts(SequencedMap<Long, Located> named) {
        SequencedMap<Long, Located> stateDicts = new LinkedHashMap<>();
        long end = named.lastEntry().getKey();
        named.forEach((epoch, stateDict) -> stateDicts.put(Math.min(end, epoch + saved), stateDict));
        return stateDicts;
    }

    SequencedMap<String, ModmulCheckpoint.Recorded> series(Map<String, double[]> values) {
        SequencedMap<String, ModmulCheckpoint.Recorded> series = new LinkedHashMap<>();
        values.forEach((name, numbers) ->
                series.put(name, new ModmulCheckpoint.Recorded(numbers, name.startsWith("test") ? tested : 0)));
        return series;
    }

    static Evaluation measure(Experiment experiment, Split split, long step, SequencedMap<String, RawTensor> weights) {
        try (Training training = Training.of(experiment, split, weights)) {
            return new Evaluation(step, training.evaluate().sets());
        }
    }
}
