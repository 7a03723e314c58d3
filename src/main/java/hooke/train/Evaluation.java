package hooke.train;

import hooke.task.EvaluationSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * How well the model did after so many updates.
 *
 * @param sets by the names of the evaluation sets, in the order in which they are recorded
 */
public record Evaluation(long step, SequencedMap<String, Measure> sets) {
    private static final Measure UNKNOWN = Measure.of(Double.NaN, Double.NaN);

    public Evaluation {
        sets = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(sets));
    }

    /** Of a task that is trained on some examples and tested on the others. */
    public static Evaluation of(long step, Measure train, Measure test) {
        SequencedMap<String, Measure> sets = new LinkedHashMap<>();
        sets.put(EvaluationSet.TRAIN, train);
        sets.put(EvaluationSet.TEST, test);
        return new Evaluation(step, sets);
    }

    /** On what is trained on; not a number where that is not measured. */
    public Measure train() {
        return sets.getOrDefault(EvaluationSet.TRAIN, UNKNOWN);
    }

    /** On what was kept back; not a number where there is none. */
    public Measure test() {
        return sets.getOrDefault(EvaluationSet.TEST, UNKNOWN);
    }

    /** Every number by the name of its series: {@code train_loss}, {@code test_accuracy}, ... */
    public SequencedMap<String, Double> values() {
        SequencedMap<String, Double> values = new LinkedHashMap<>();
        sets.forEach((set, measure) -> {
            values.put(set + "_loss", measure.loss());
            measure.metrics().forEach((metric, value) -> values.put(set + "_" + metric, value));
        });
        return values;
    }

    /** The number of that series; not a number where it was not measured. */
    public double value(String series) {
        for (Map.Entry<String, Measure> set : sets.entrySet()) {
            if (series.startsWith(set.getKey() + "_")) {
                String metric = series.substring(set.getKey().length() + 1);
                return metric.equals("loss")
                        ? set.getValue().loss()
                        : set.getValue().metrics().getOrDefault(metric, Double.NaN);
            }
        }
        return Double.NaN;
    }
}
