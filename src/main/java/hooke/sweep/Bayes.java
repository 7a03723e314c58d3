package hooke.sweep;

import hooke.Check;
import hooke.config.task.TaskConfig;
import hooke.config.task.TextConfig;
import hooke.config.task.TextScore;

/**
 * Draws that learn from results: the first are drawn at random, the others proposed by the tree-structured Parzen estimator ({@link
 * hooke.stats.Parzen}) from what all cells before their batch came to. So whoever goes on with a sweep, on whatever machine and with any
 * number of workers, is proposed the same cells.
 *
 * @param metric one of {@link Halving#METRICS}, of the last evaluation, on average over the seeds
 * @param startup draws at random
 * @param batch cells that are proposed at once
 */
public record Bayes(String metric, int startup, int batch) {
    public Bayes {
        Check.that(startup >= 1 && startup <= 1_000_000, "bayes.startup (%s) must be from 1 to 1,000,000", startup);
        Check.that(batch >= 1 && batch <= 1000, "bayes.batch (%s) must be from 1 to 1000", batch);
        Check.that(
                Halving.METRICS.contains(metric),
                "bayes.metric (%s) must be one of %s%s",
                metric,
                String.join(", ", Halving.METRICS),
                Check.didYouMean(metric, Halving.METRICS));
    }

    /** What a cell came to: the smaller, the better. */
    public double loss(CellResults cell) {
        return cell.runs().stream()
                .mapToDouble(run -> run.end()
                        .filter(end -> !end.diverged())
                        .map(end -> loss(cell.cell().experiment().task(), end))
                        .orElse(Double.POSITIVE_INFINITY))
                .average()
                .orElse(Double.POSITIVE_INFINITY);
    }

    private double loss(TaskConfig task, SweepRun.Ending end) {
        double loss = switch (metric) {
            case "train-loss" -> end.trainLoss();
            case "test-loss" -> end.testLoss();
            case Halving.BITS_PER_BYTE ->
                task instanceof TextConfig text
                        ? TextScore.of(text, end.testLoss()).bitsPerByte().value()
                        : Double.NaN;
            case "train-accuracy" -> -end.trainAccuracy();
            default -> -end.testAccuracy();
        };
        return Double.isNaN(loss) ? Double.POSITIVE_INFINITY : loss;
    }
}
