package hooke.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How well a model does on some examples.
 *
 * @param loss mean cross-entropy in nats over all targets
 * @param metrics what the task measures beside it, by name; see {@link hooke.task.Metric}
 */
public record Measure(double loss, Map<String, Double> metrics) {
    private static final String ACCURACY = "accuracy";

    /** With the one metric that every task has. */
    public static Measure of(double loss, double accuracy) {
        return new Measure(loss, Map.of(ACCURACY, accuracy));
    }

    /** The mean of several, each counted once. */
    static Measure mean(List<Measure> several) {
        if (several.size() == 1) {
            return several.getFirst();
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        for (String name : several.getFirst().metrics().keySet()) {
            metrics.put(
                    name,
                    several.stream()
                            .mapToDouble(m -> m.metrics().getOrDefault(name, Double.NaN))
                            .average()
                            .orElseThrow());
        }
        return new Measure(several.stream().mapToDouble(Measure::loss).average().orElseThrow(), metrics);
    }

    /** This measure with more metrics behind its own. */
    Measure and(Map<String, Double> more) {
        if (more.isEmpty()) {
            return this;
        }
        Map<String, Double> all = new LinkedHashMap<>(metrics);
        new TreeMap<>(more).forEach(all::put);
        return new Measure(loss, all);
    }

    /** Share of targets that are right. */
    public double accuracy() {
        return metrics.getOrDefault(ACCURACY, Double.NaN);
    }
}
