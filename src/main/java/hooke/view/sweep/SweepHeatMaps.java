package hooke.view.sweep;

import hooke.Amounts;
import hooke.stats.Estimate;
import hooke.stats.Times;
import hooke.sweep.measures.CellMeasures;
import hooke.sweep.measures.Importance;
import hooke.sweep.measures.SweepMeasures;
import hooke.sweep.measures.Varied;
import hooke.view.plot.HeatMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How long the runs of a sweep take to their main goal, over two settings at a time. */
record SweepHeatMaps(SweepMeasures sweep, Importance importance) {
    /** So many settings are paired in heat maps: three pairs. */
    private static final int MAPPED = 3;

    /** So many fields a side a reader can take in. */
    private static final int FIELDS = 12;

    /** The restricted mean step over each two of the settings that tell most; over all other settings and seeds together. */
    List<HeatMap> maps() {
        List<HeatMap> maps = new ArrayList<>();
        for (Varied[] pair : mapped()) {
            heatMap(pair[0], pair[1]).ifPresent(maps::add);
        }
        return maps;
    }

    /** Pairs of the settings that tell most. */
    private List<Varied[]> mapped() {
        List<Varied> most = importance.settings().stream()
                .map(Importance.Setting::varied)
                .filter(v -> v.groups().size() > 1 && v.groups().size() <= FIELDS)
                .limit(MAPPED)
                .toList();
        List<Varied[]> pairs = new ArrayList<>();
        for (int a = 0; a < most.size(); a++) {
            for (int b = a + 1; b < most.size(); b++) {
                pairs.add(new Varied[] {most.get(a), most.get(b)});
            }
        }
        return pairs;
    }

    /**
     * One field of a heat map with what belongs to it.
     *
     * @param mean restricted to the budget, with its interval and n; empty where it is not known
     */
    record Field(String rowKey, String row, String columnKey, String column, Optional<Estimate> mean) {}

    /** The fields of all heat maps, map by map. */
    List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        for (Varied[] pair : mapped()) {
            List<String> rows = pair[0].groups();
            List<String> columns = pair[1].groups();
            for (int r = 0; r < rows.size(); r++) {
                for (int c = 0; c < columns.size(); c++) {
                    fields.add(new Field(
                            pair[0].word(), rows.get(r), pair[1].word(), columns.get(c), mean(pair[0], r, pair[1], c)));
                }
            }
        }
        return fields;
    }

    private Optional<Estimate> mean(Varied rows, int row, Varied columns, int column) {
        List<CellMeasures> cells = sweep.cells().stream()
                .filter(c -> rows.group(c.cell()) == row && columns.group(c.cell()) == column)
                .toList();
        return restrictedMean(CellMeasures.times(cells, sweep.mainGoal().kind()), budget());
    }

    private double budget() {
        return sweep.grid()[sweep.grid().length - 1];
    }

    private Optional<HeatMap> heatMap(Varied down, Varied across) {
        List<String> rows = down.groups();
        List<String> columns = across.groups();
        double budget = budget();
        double[][] means = new double[rows.size()][columns.size()];
        for (int r = 0; r < rows.size(); r++) {
            for (int c = 0; c < columns.size(); c++) {
                means[r][c] = mean(down, r, across, c).map(Estimate::value).orElse(Double.NaN);
            }
        }
        double[] known = Arrays.stream(means)
                .flatMapToDouble(Arrays::stream)
                .filter(v -> !Double.isNaN(v))
                .toArray();
        if (known.length == 0) {
            return Optional.empty();
        }
        double unit = Math.pow(10, Math.floor(Math.log10(Math.max(10, budget))) - 1);
        double low = Math.floor(Arrays.stream(known).min().orElse(0) / unit) * unit;
        double high = Math.max(low + unit, Math.ceil(Arrays.stream(known).max().orElse(1) / unit) * unit);
        return Optional.of(new HeatMap(
                "Mean step to " + sweep.mainGoal().kind().verb() + ", restricted to " + Amounts.count((long) budget)
                        + ": " + down.word() + " by " + across.word(),
                down.word(),
                rows,
                across.word(),
                columns,
                means,
                low,
                high,
                "not known"));
    }

    /** Empty where no run was watched up to the budget. */
    private Optional<Estimate> restrictedMean(Optional<Times> times, double budget) {
        return times.map(t -> t.kaplanMeier(sweep.level()))
                .filter(curve ->
                        curve.rows().getLast().survival() == 0 || curve.times().lastWatched() >= budget)
                .map(curve -> curve.restrictedMean(budget));
    }
}
