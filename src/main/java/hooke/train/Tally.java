package hooke.train;

import hooke.task.Metric;
import hooke.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds up losses and right answers, piece by piece. */
final class Tally {
    private final List<Metric> metrics;
    private double loss;
    private long targets;
    private double right;
    private long sequences;
    private long allRight;

    Tally(List<Metric> metrics) {
        this.metrics = metrics;
    }

    /**
     * @param mean loss over the piece's targets
     * @param logits [target, class]
     */
    void add(double mean, Tensor logits, Inputs.Prepared piece) {
        long count = piece.classes().numel();
        loss += mean * count;
        targets += count;
        Tensor hit = logits.detach().argmax(-1).eq(piece.classes()); // [target]
        if (metrics.contains(Metric.EXACT_MATCH)) {
            addSequences(hit.toDoubles(), piece.sequences());
        } else {
            right += hit.sum().item();
        }
    }

    private void addSequences(double[] hit, int[] of) {
        boolean whole = true;
        for (int i = 0; i < hit.length; i++) {
            right += hit[i];
            whole &= hit[i] == 1;
            if (i == hit.length - 1 || of[i + 1] != of[i]) {
                sequences++;
                allRight += whole ? 1 : 0;
                whole = true;
            }
        }
    }

    Measure measure() {
        if (metrics.equals(List.of(Metric.ACCURACY))) {
            return Measure.of(loss / targets, right / targets);
        }
        Map<String, Double> values = new LinkedHashMap<>();
        for (Metric metric : metrics) {
            values.put(
                    metric.key(),
                    switch (metric) {
                        case ACCURACY -> right / targets;
                        case EXACT_MATCH -> (double) allRight / sequences;
                    });
        }
        return new Measure(loss / targets, values);
    }
}
