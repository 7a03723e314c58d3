package hooke.cli.lens;

import hooke.Amounts;
import hooke.Decimals;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.TextTable;
import hooke.stats.Bootstrap;
import hooke.stats.Estimate;
import hooke.stats.Resamples;
import hooke.stats.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What interventions change in many runs: a row a run, and a row a cell, for which each of its seeds is one observation. */
record LensChanges(List<Change> runs) {
    private static final double LEVEL = 0.95;
    private static final int RESAMPLES = 10_000;

    /** Runs from which on a bootstrap has enough resamples that differ: of 6 runs 462. */
    private static final int ENOUGH = 6;

    LensChanges {
        runs = List.copyOf(runs);
    }

    /**
     * One run.
     *
     * @param cell the run's name
     * @param n examples behind each number
     */
    record Change(
            String run, String cell, int n, double accuracy, double intervened, double loss, double lossIntervened) {
        double change() {
            return intervened - accuracy;
        }
    }

    /**
     * The changes of accuracy of a cell's runs.
     *
     * @param mean with Student's t interval of few runs, and of {@value #ENOUGH} or more a bootstrap's: BCa, or percentile where BCa is
     *     not defined
     * @param median with an order-statistic interval
     */
    record Cell(String cell, int n, Estimate mean, Estimate median, double smallest, double largest) {
        static Cell of(String name, List<Change> changes) {
            Sample sample =
                    Sample.of(changes.stream().mapToDouble(Change::change).toArray(), "of accuracy");
            return new Cell(name, sample.n(), mean(sample), sample.median(LEVEL), sample.smallest(), sample.largest());
        }

        private static Estimate mean(Sample sample) {
            if (sample.n() < ENOUGH) {
                return sample.mean(LEVEL);
            }
            int[][] resamples = Resamples.draw(Resamples.stream(0, "every run"), sample.n(), RESAMPLES);
            var bootstrap = Bootstrap.of(sample, "mean", Sample::mean, resamples);
            Estimate bca = bootstrap.bca(LEVEL);
            return bca.hasInterval() ? bca : bootstrap.percentile(LEVEL);
        }
    }

    List<Cell> cells() {
        Map<String, List<Change>> byCell = new LinkedHashMap<>();
        runs.forEach(
                c -> byCell.computeIfAbsent(c.cell(), _ -> new ArrayList<>()).add(c));
        List<Cell> cells = new ArrayList<>();
        byCell.forEach((name, changes) -> cells.add(Cell.of(name, changes)));
        return cells;
    }

    String json() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("runs", runs);
        map.put("cells", cells());
        return Json.text(map);
    }

    String text() {
        TextTable table = TextTable.of("run", "n", "accuracy", "with", "change", "loss (nats)", "with");
        for (Change c : runs) {
            table.row(
                    c.run(),
                    Amounts.count(c.n()),
                    Decimals.format("%.4f", c.accuracy()),
                    Decimals.format("%.4f", c.intervened()),
                    Decimals.format("%+.4f", c.change()),
                    Amounts.figure(c.loss()),
                    Amounts.figure(c.lossIntervened()));
        }
        return table.text("  ") + (cells().size() == 1 ? sentences(cells().getFirst()) : table(cells()));
    }

    private static String sentences(Cell cell) {
        return "change of accuracy over %s of %s, n counts runs:\n  mean %s\n  median %s\n  from %s to %s\n"
                .formatted(
                        Amounts.of(cell.n(), "run", "runs"),
                        cell.cell(),
                        cell.mean().text(),
                        cell.median().text(),
                        Decimals.format("%+.4f", cell.smallest()),
                        Decimals.format("%+.4f", cell.largest()));
    }

    private static String table(List<Cell> cells) {
        TextTable table = TextTable.of("change of accuracy in", "runs", "mean", "median", "from", "to");
        for (Cell cell : cells) {
            table.row(
                    cell.cell(),
                    Amounts.count(cell.n()),
                    cell.mean().brief(),
                    cell.median().brief(),
                    Decimals.format("%+.4f", cell.smallest()),
                    Decimals.format("%+.4f", cell.largest()));
        }
        return "\n" + table.text("  ")
                + ("In brackets: for means 95%% intervals over runs, Student's t of fewer than %s runs and else of a"
                                + " bootstrap (BCa, or percentile where that is not defined; %s resamples);%n"
                                + "for medians order-statistic intervals that cover 95%%, or, of fewer than six runs,"
                                + " from the smallest to the largest.%n")
                        .formatted(ENOUGH, Amounts.count(RESAMPLES));
    }
}
