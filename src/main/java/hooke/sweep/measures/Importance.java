package hooke.sweep.measures;

import hooke.stats.KaplanMeier;
import hooke.stats.Resamples;
import hooke.stats.Sample;
import hooke.stats.TimeToEvent;
import hooke.stats.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Which settings tell early runs from late ones. Each run has a score that knows of censoring, the martingale residual: 1 if it reached
 * the goal, else 0, less the Nelson-Aalen hazard of all runs up to its time. A setting's share is how much of the variance of these scores
 * lies between its values, corrected for what chance alone would put there (epsilon squared of a one-way analysis of variance).
 *
 * @param settings the one that tells most first
 * @param cells the share that lies between cells; the rest lies between the seeds of a cell
 * @param n runs with a score
 */
public record Importance(List<Setting> settings, double cells, int n) {
    private static final int SHUFFLES = 200;

    /**
     * @param values different ones in the sweep; of more than six numbers, the groups of about equal size that they were put in; one more
     *     where some cells have none
     * @param share of the variance, from 0 to 1
     * @param chance what this share stays below in 95% of 200 shuffles of the runs: less than that is no finding
     */
    public record Setting(Varied varied, int values, double share, double chance) {
        public String key() {
            return varied.key();
        }
    }

    public Importance {
        settings = List.copyOf(settings);
    }

    /** Of the steps to the main goal. No setting is listed where every run has one score, as where none reached it by the same budget. */
    public static Importance of(SweepMeasures sweep) {
        List<CellMeasures> cells = new ArrayList<>();
        List<TimeToEvent> times = new ArrayList<>();
        for (CellMeasures cell : sweep.hasGoal() ? sweep.cells() : List.<CellMeasures>of()) {
            for (RunMeasures run : cell.runs()) {
                run.time(sweep.mainGoal().kind()).ifPresent(time -> {
                    cells.add(cell);
                    times.add(time);
                });
            }
        }
        double[] scores = times.isEmpty() ? new double[0] : scores(Times.of(times, "steps"), sweep.level());
        if (Arrays.stream(scores).distinct().count() < 2) {
            return new Importance(List.of(), 0, scores.length);
        }
        RandomGenerator stream = Resamples.stream(0, "importance");
        List<Setting> settings = new ArrayList<>();
        for (Varied one : sweep.varied()) {
            int[] groups = indices(cells.stream().map(c -> one.group(c.cell())).toList());
            int k = Arrays.stream(groups).max().orElse(0) + 1;
            if (k > 1) {
                settings.add(new Setting(one, k, share(groups, scores), chance(groups, scores, stream)));
            }
        }
        settings.sort(Comparator.comparingDouble(Setting::share).reversed());
        return new Importance(settings, share(indices(cells), scores), scores.length);
    }

    private static double[] scores(Times times, double level) {
        KaplanMeier curve = times.kaplanMeier(level);
        Map<Double, Double> hazard = new LinkedHashMap<>();
        curve.rows().forEach(row -> hazard.put(row.time(), row.hazard()));
        return times.all().stream()
                .mapToDouble(
                        t -> (t instanceof TimeToEvent.Reached ? 1 : 0) - hazard.getOrDefault(t.until() + 0.0, 0.0))
                .toArray();
    }

    private static int[] indices(List<?> values) {
        Map<Object, Integer> seen = new LinkedHashMap<>();
        return values.stream()
                .mapToInt(v -> seen.computeIfAbsent(v, _ -> seen.size()))
                .toArray();
    }

    /** 1 less the variance within groups over the variance of all, each with its degrees of freedom; at least 0. */
    private static double share(int[] groups, double[] scores) {
        int k = Arrays.stream(groups).max().orElse(0) + 1;
        int n = scores.length;
        if (n <= k) {
            return 0;
        }
        double[] sum = new double[k];
        int[] size = new int[k];
        double mean = Sample.mean(scores);
        double all = 0;
        for (int i = 0; i < n; i++) {
            sum[groups[i]] += scores[i];
            size[groups[i]]++;
            all += (scores[i] - mean) * (scores[i] - mean);
        }
        double within = 0;
        for (int i = 0; i < n; i++) {
            double own = sum[groups[i]] / size[groups[i]];
            within += (scores[i] - own) * (scores[i] - own);
        }
        return Math.max(0, 1 - (within / (n - k)) / (all / (n - 1)));
    }

    private static double chance(int[] groups, double[] scores, RandomGenerator stream) {
        double[] shuffled = scores.clone();
        double[] shares = new double[SHUFFLES];
        for (int s = 0; s < SHUFFLES; s++) {
            for (int i = shuffled.length - 1; i > 0; i--) {
                int j = stream.nextInt(i + 1);
                double swap = shuffled[i];
                shuffled[i] = shuffled[j];
                shuffled[j] = swap;
            }
            shares[s] = share(groups, shuffled);
        }
        return Sample.of(shares, "").quantile(0.95);
    }
}
