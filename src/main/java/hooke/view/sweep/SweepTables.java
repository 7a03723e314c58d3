package hooke.view.sweep;

import hooke.Amounts;
import hooke.stats.LogRank;
import hooke.stats.Times;
import hooke.sweep.measures.Capacity;
import hooke.sweep.measures.CellMeasures;
import hooke.sweep.measures.Panel;
import hooke.sweep.measures.SweepMeasures;
import hooke.view.PageNumbers;
import hooke.view.page.Html;
import hooke.view.page.PageParts;
import hooke.view.page.Table;
import hooke.view.page.Table.Column;
import hooke.view.page.Table.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The tables of a sweep that compare: groups of runs with each other, models by their size. What no test can tell apart, because nobody
 * reached the goal while the other was watched, is said in a sentence and not given a p-value.
 */
record SweepTables(SweepMeasures sweep, Capacity capacity) {
    private static final String CHOSEN =
            "The groups are values of the setting that matters most in these same runs, and nothing corrects for that choice: the "
                    + "p-values are too small. They suggest a hypothesis; new seeds can test it.";

    /** Each two groups of each panel, corrected within the panel; empty where there are no two. */
    Optional<Html> groups(List<Panel> panels) {
        List<Row> rows = new ArrayList<>();
        int untold = 0;
        for (Panel panel : panels) {
            List<Panel.Group> groups = panel.groups().stream()
                    .filter(g -> g.times(sweep.mainGoal().kind()).isPresent())
                    .toList();
            List<Times> times = groups.stream()
                    .map(g -> g.times(sweep.mainGoal().kind()).orElseThrow())
                    .toList();
            for (LogRank.Pair pair : LogRank.pairwise(times)) {
                if (!pair.test().compares()) {
                    untold++;
                    continue;
                }
                List<String> row = new ArrayList<>(List.of(
                        groups.get(pair.first()).label(),
                        groups.get(pair.second()).label(),
                        pair.test().n().get(0) + " and " + pair.test().n().get(1),
                        pair.test().hazardRatio(sweep.level()).brief(),
                        PageNumbers.measure(pair.test().p()),
                        PageNumbers.measure(pair.adjustedP())));
                if (panels.size() > 1) {
                    row.addFirst(panel.title());
                }
                rows.add(Row.of(row.toArray(String[]::new)));
            }
        }
        if (rows.isEmpty() && untold == 0) {
            return Optional.empty();
        }
        String left = untold == 0
                ? ""
                : "In %s no run reached the goal while runs of both groups were observed, so they cannot be compared yet."
                        .formatted(Amounts.of(untold, "pair of groups", "pairs of groups"));
        if (rows.isEmpty()) {
            return Optional.of(Html.tag("p", left).with("class", "lead"));
        }
        List<Column> columns = new ArrayList<>(List.of(
                new Column("first", false),
                new Column("second", false),
                new Column("runs", true),
                new Column("rate of first over second", true),
                new Column("p", true),
                new Column("p by Holm", true)));
        if (panels.size() > 1) {
            columns.addFirst(new Column("panel", false));
        }
        Html table = new Table("Groups compared", columns, rows).html();
        return Optional.of(PageParts.card(Html.group(List.of(
                PageParts.scrolling(table).with("class", "scroll lines"),
                PageParts.small("Log-rank test of the steps to "
                        + sweep.mainGoal().kind().verb()
                        + ", with Holm's correction for the pairs "
                        + (panels.size() > 1 ? "of a panel" : "above")
                        + ". The rate is Cox's hazard ratio with its " + Amounts.exactPercent(sweep.level())
                        + " interval, above 1 where the first is faster. "
                        + (panels.stream().anyMatch(Panel::isChosen) ? CHOSEN + " " : "") + left)))));
    }

    /** Parameters of every shape, and deep models against wide ones where there are such pairs. */
    Html sizes() {
        Html parameters = PageParts.card(PageParts.scrolling(parameters().captioned()));
        List<Capacity.Pair> pairs = capacity.pairs(sweep);
        return pairs.isEmpty()
                ? parameters
                : Html.tag("div", parameters, PageParts.card(pairs(pairs))).with("class", "stack");
    }

    private Table parameters() {
        Map<String, Map<String, Long>> shapes = new LinkedHashMap<>();
        List<String> groups = new ArrayList<>();
        for (CellMeasures cell : sweep.cells()) {
            var counts = cell.parametersByGroup();
            counts.keySet().stream().filter(g -> !groups.contains(g)).forEach(groups::add);
            String name = Capacity.Shape.of(cell) + "|" + cell.parameters();
            shapes.putIfAbsent(name, counts);
        }
        List<Column> columns = new ArrayList<>(
                List.of(new Column("shape", false), new Column("bucket", false), new Column("parameters", true)));
        groups.forEach(g -> columns.add(new Column(g, true)));
        List<Row> rows = shapes.entrySet().stream()
                .map(e -> {
                    long all = e.getValue().values().stream()
                            .mapToLong(Long::longValue)
                            .sum();
                    List<Html> cells = new ArrayList<>(List.of(
                            Html.text(e.getKey().substring(0, e.getKey().indexOf('|'))),
                            Html.text(capacity.name(capacity.bucket(all)).split(",")[0]),
                            Html.text(Amounts.count(all))));
                    groups.forEach(
                            g -> cells.add(Html.text(Amounts.count(e.getValue().getOrDefault(g, 0L)))));
                    return new Row("", cells);
                })
                .toList();
        return new Table("Parameters by group", columns, rows);
    }

    private Html pairs(List<Capacity.Pair> pairs) {
        List<Row> rows = new ArrayList<>();
        for (Capacity.Pair pair : pairs) {
            Optional<LogRank> test = pair.test();
            Optional<LogRank> telling = test.filter(LogRank::compares);
            Row row = Row.of(
                    pair.deep() + " / " + pair.wide() + (pair.task().isEmpty() ? "" : ", " + pair.task()),
                    String.format(Locale.ROOT, "× %.2f", pair.ratio()),
                    test.map(t -> t.n().get(0) + " and " + t.n().get(1)).orElse(""),
                    telling.map(t -> t.hazardRatio(sweep.level()).brief())
                            .orElse(
                                    !pair.isMatched()
                                            ? "not matched: not compared"
                                            : test.isEmpty() ? "no runs yet" : "nothing to compare yet"),
                    telling.map(_ -> PageNumbers.measure(pair.adjustedP())).orElse(""));
            rows.add(pair.isMatched() ? row : row.marked("quiet"));
        }
        Html table = new Table(
                        "Deep and narrow against shallow and wide",
                        List.of(
                                new Column("pair", false),
                                new Column("size", true),
                                new Column("runs", true),
                                new Column("rate of deep over wide", true),
                                new Column("p by Holm", true)),
                        rows)
                .captioned();
        return Html.group(List.of(
                PageParts.scrolling(table),
                PageParts.small("Matched: within " + Amounts.exactPercent(capacity.tolerance())
                        + " of each other's size and equal in all other settings, which form the strata of the log-rank test. Pairs that "
                        + "merely share a bucket differ in both size and depth, so their effects cannot be separated: they are listed "
                        + "but not tested.")));
    }
}
