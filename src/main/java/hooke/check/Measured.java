package hooke.check;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A measured workload.
 *
 * @param metric {@code ms_per_epoch}, {@code ms_per_step}, {@code ms_per_member_step}, {@code ms_per_run}, {@code us_per_step}, {@code tokens_per_s} or {@code ratio}
 * @param times of every timed repetition, in the metric's unit
 * @param cpuMillis process CPU time a unit, all threads of the JVM; NaN where it was not taken
 * @param check numbers from the given weights and data, before the timed part
 * @param more further measures by name
 */
public record Measured(
        String workload,
        String engine,
        int threads,
        String metric,
        double[] times,
        double cpuMillis,
        double warmupSeconds,
        List<Double> check,
        Map<String, Double> more,
        String computedBy) {
    /** What took so many milliseconds, as tokens a second. */
    Measured inTokens(int tokens, String engine) {
        double[] rates =
                Arrays.stream(times).map(millis -> tokens / millis * 1e3).toArray();
        return new Measured(
                workload, engine, threads, "tokens_per_s", rates, cpuMillis, warmupSeconds, check, more, computedBy);
    }

    Measured with(Map<String, Double> others) {
        Map<String, Double> all = new TreeMap<>(more);
        all.putAll(others);
        return new Measured(workload, engine, threads, metric, times, cpuMillis, warmupSeconds, check, all, computedBy);
    }
}
