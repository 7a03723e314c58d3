package hooke.view.sweep;

import hooke.Amounts;
import hooke.config.task.ByToken;
import hooke.config.task.LikeTexts;
import hooke.stats.Estimate;
import hooke.stats.Times;
import hooke.sweep.measures.Capacity;
import hooke.sweep.measures.CellMeasures;
import hooke.sweep.measures.Goal;
import hooke.sweep.measures.Importance;
import hooke.sweep.measures.Panel;
import hooke.sweep.measures.SweepMeasures;
import hooke.view.PageNumbers;
import hooke.view.page.Figure;
import hooke.view.page.Html;
import hooke.view.page.Page;
import hooke.view.page.PageParts;
import hooke.view.page.Table;
import hooke.view.page.Table.Column;
import hooke.view.page.Table.Row;
import hooke.view.plot.BandPlot;
import hooke.view.plot.HeatMap;
import hooke.view.plot.Plot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The report of a sweep: what came of its cells, what tells them apart, and how each figure was made. */
public final class SweepPage {
    private final SweepMeasures sweep;
    private final Capacity capacity;
    private final List<Panel> panels;
    private final Importance importance;
    private final SweepPlots plots;
    private final SweepTables tables;

    private SweepPage(SweepMeasures sweep, Capacity capacity, List<Panel> panels) {
        this.sweep = sweep;
        this.capacity = capacity;
        this.panels = panels;
        this.importance = Importance.of(sweep);
        this.plots = new SweepPlots(sweep, panels);
        this.tables = new SweepTables(sweep, capacity);
    }

    /**
     * @param capacity buckets, and how near in size a matched pair must be
     * @param panels cells that share a picture
     * @param remarks sentences that the reader must know, such as settings without effect
     * @param runs pages beside this one that show a run: file names by the run's address
     */
    public static Page of(
            SweepMeasures sweep,
            Capacity capacity,
            List<Panel> panels,
            List<String> remarks,
            Map<String, String> runs) {
        return new SweepPage(sweep, capacity, panels).page(remarks, runs);
    }

    private Page page(List<String> remarks, Map<String, String> runs) {
        String name = sweep.sweep().name();
        List<Page.Section> sections = new ArrayList<>();
        sections.add(new Page.Section("cells", "Cells", false, SweepCells.of(sweep, runs)));
        sections.add(section("learning", "Learning curves", curves() + byBucket(), "plots", plots.learning()));
        List<BandPlot> survival = plots.survival();
        if (!survival.isEmpty()) {
            sections.add(section(
                    "waiting",
                    "Steps to " + verb(),
                    "Share of the runs that have not reached the goal yet (Kaplan-Meier) with its "
                            + Amounts.exactPercent(sweep.level())
                            + " confidence band; ticks mark runs whose observation ended. Below: the number of runs still "
                            + "at risk." + byBucket(),
                    "plots waiting",
                    survival));
            tables.groups(panels)
                    .ifPresent(html -> sections.add(new Page.Section("groups", "Groups compared", false, html)));
        }
        if (!importance.settings().isEmpty()) {
            sections.add(new Page.Section("settings", "What matters", false, importance()));
        }
        List<HeatMap> maps = new SweepHeatMaps(sweep, importance).maps();
        if (!maps.isEmpty()) {
            Page.Section section = section(
                    "maps",
                    "Two settings",
                    "Mean of the steps to " + verb()
                            + ", each counted up to the budget at most: the area under the Kaplan-Meier curve, over all other settings "
                            + "and seeds.",
                    "maps",
                    maps);
            sections.add(new Page.Section(
                    section.id(),
                    section.title(),
                    false,
                    Html.group(List.of(section.body(), PageParts.card(fields())))));
        }
        if (!plots.parallel().isEmpty()) {
            Html hint = PageParts.small(
                    "Drag along an axis to select cells by range; click the axis to clear its selection, double-click to clear all. "
                            + "The up and down keys step through the cells.");
            Html figures = Html.group(plots.parallel().stream().map(Figure::of).toList());
            sections.add(new Page.Section("parallel", "All settings", false, Html.group(List.of(figures, hint))));
        }
        sections.add(new Page.Section("capacity", "Capacity", false, tables.sizes()));
        sections.add(new Page.Section("method", "How to read this", false, PageParts.card(method())));
        return new Page(
                name + ": " + headline(),
                name,
                head(remarks),
                sections,
                "Written by Hooke. Every figure is computed from all recorded points; this page needs no network.");
    }

    private static Page.Section section(
            String id, String title, String lead, String layout, List<? extends Plot> plots) {
        Html body = Html.group(List.of(Html.tag("p", lead).with("class", "lead"), PageParts.grid(layout, plots)));
        return new Page.Section(id, title, false, body);
    }

    private String curves() {
        boolean pooled = panels.stream().anyMatch(Panel::isPooled);
        boolean several = sweep.sweep().seeds().size() > 1;
        boolean few = panels.stream().anyMatch(p -> p.lines().size() <= Panel.MOST_GROUPS);
        return (pooled
                        ? "Lines: the median of the runs of a group at each step."
                        : several
                                ? "Lines: one for each cell, the median of its runs at each step, in the colour of its group."
                                : "Lines: one for each cell, in the colour of its group.")
                + ((pooled || several) && few
                        ? " Bands: their interquartile range, which shows the spread of the runs, not the error of the median."
                        : "")
                + (pooled ? "" : " Point at a line to read its cell; a click shows the cell in the table above.");
    }

    private String byBucket() {
        boolean many = sweep.cells().stream()
                        .map(c -> capacity.bucket(c.parameters()))
                        .distinct()
                        .count()
                > 1;
        return many ? " Buckets are by the number of parameters." : "";
    }

    private String verb() {
        return sweep.mainGoal().kind().verb();
    }

    private String headline() {
        if (!sweep.hasGoal()) {
            return BestCell.of(sweep).map(BestCell::text).orElse("No run has ended yet");
        }
        Optional<Times> times = sweep.times();
        String verb = switch (sweep.mainGoal().kind()) {
            case MEMORIZED -> "memorized";
            case GROKKED -> "grokked";
            case REACHED -> "reached the target";
        };
        return times.map(t -> t.diverged() == t.n() && t.n() > 1
                        ? "All " + Amounts.count(t.n()) + " runs diverged"
                        : Amounts.count(t.reached()) + " of " + Amounts.count(t.n()) + " runs " + verb)
                .orElse("No run has started yet");
    }

    private Html head(List<String> remarks) {
        var parts = new ArrayList<Html>();
        parts.add(PageParts.kicker(sweep.sweep().name(), List.of(PageParts.badge("sweep"))));
        parts.add(Html.tag("h1", headline()));
        int seeds = sweep.sweep().seeds().size();
        parts.add(Html.tag(
                        "p",
                        "%s, each from %s. %s"
                                .formatted(
                                        Amounts.of(sweep.cells().size(), "cell", "cells"),
                                        seeds == 1 ? "one seed" : Amounts.count(seeds) + " seeds",
                                        sweep.hasGoal()
                                                ? "Counted as reached: "
                                                        + sweep.mainGoal().text() + "."
                                                : sweep.tokensDiffer() ? "Not shown: " + ByToken.DIFFERS + "." : ""))
                .with("class", "about"));
        if (!sweep.hasGoal()) {
            BestCell.of(sweep)
                    .map(BestCell::standing)
                    .filter(text -> !text.isEmpty())
                    .ifPresent(text -> parts.add(Html.tag("p", text).with("class", "about")));
        }
        LikeTexts.remarks(sweep.tasks())
                .forEach(remark -> parts.add(Html.tag("p", remark).with("class", "about")));
        if (!sweep.sweep().note().isBlank()) {
            parts.add(Html.tag("p", sweep.sweep().note().strip()).with("class", "note"));
        }
        remarks.forEach(remark -> parts.add(Html.tag("p", remark).with("class", "note")));
        parts.add(tiles());
        return Html.group(parts);
    }

    private Html tiles() {
        List<Html> tiles = new ArrayList<>();
        Optional<Times> times = sweep.hasGoal() ? sweep.times() : Optional.empty();
        tiles.add(PageParts.tile(
                "Runs",
                Amounts.count(sweep.runs()),
                "of " + Amounts.count(sweep.cells().size()) + " cells"));
        if (sweep.hasGoal()) {
            tiles.add(PageParts.tile(
                    "Reached", Amounts.count(times.map(Times::reached).orElse(0)), "runs that reached the goal"));
            tiles.add(PageParts.tile(
                    "Censored",
                    Amounts.count(times.map(Times::censored).orElse(0)),
                    "ended or still training, goal not reached"));
        }
        int diverged = sweep.cells().stream().mapToInt(sweep::diverged).sum();
        tiles.add(PageParts.tile(
                "Diverged", Amounts.count(diverged), sweep.hasGoal() ? "before the goal" : "loss NaN or infinite"));
        int failed = sweep.cells().stream().mapToInt(CellMeasures::failed).sum();
        int missing = sweep.cells().stream().mapToInt(CellMeasures::missing).sum();
        tiles.add(PageParts.tile("Failed", Amounts.count(failed), Amounts.count(missing) + " not started"));
        times.map(t -> t.median(sweep.level()))
                .ifPresent(m -> tiles.add(PageParts.tile(
                        "Median step",
                        m.value() == Double.POSITIVE_INFINITY ? "not reached" : Amounts.count((long) m.value()),
                        bounds(m) + ", n = " + Amounts.count(m.n()))));
        return PageParts.tiles(tiles);
    }

    /** {@code 95%: 2,470 to 6,460}. */
    private String bounds(Estimate e) {
        if (!e.hasInterval()) {
            return "no interval defined";
        }
        String low = Amounts.count((long) e.low());
        return Amounts.exactPercent(sweep.level()) + ": "
                + (Double.isInfinite(e.low())
                        ? "no bound"
                        : Double.isInfinite(e.high())
                                ? "from " + low + " on"
                                : low + " to " + Amounts.count((long) e.high()));
    }

    /** The fields of the heat maps with their intervals. */
    private Html fields() {
        List<Row> rows = new SweepHeatMaps(sweep, importance)
                .fields().stream()
                        .map(f -> Row.of(
                                f.rowKey() + " " + f.row(),
                                f.columnKey() + " " + f.column(),
                                f.mean().map(e -> Amounts.count(e.n())).orElse(""),
                                f.mean().map(Estimate::brief).orElse("not known")))
                        .toList();
        Html table = new Table(
                        "Fields with intervals",
                        List.of(
                                new Column("row", false),
                                new Column("column", false),
                                new Column("runs", true),
                                new Column("restricted mean step", true)),
                        rows)
                .html();
        return Html.tag(
                "details",
                Html.tag("summary", "The fields with their runs and intervals"),
                PageParts.scrolling(table),
                PageParts.small(
                        "Normal " + Amounts.exactPercent(sweep.level()) + " interval from Greenwood's variance."));
    }

    private Html importance() {
        List<Row> rows = new ArrayList<>();
        for (Importance.Setting s : importance.settings()) {
            Row row = new Row(
                    "",
                    List.of(
                            Html.tag("code", s.key()),
                            Html.text(Amounts.count(s.values())),
                            bar(s.share(), s.chance()),
                            Html.text(Amounts.percent(s.share())),
                            Html.text(Amounts.percent(s.chance()))));
            rows.add(s.share() > s.chance() ? row : row.marked("quiet"));
        }
        rows.add(new Row(
                        "",
                        List.of(
                                Html.text("all cells"),
                                Html.text(Amounts.count(sweep.cells().size())),
                                bar(importance.cells(), Double.NaN),
                                Html.text(Amounts.percent(importance.cells())),
                                Html.text("")))
                .marked("total"));
        Html table = new Table(
                        "What matters",
                        List.of(
                                new Column("setting", false),
                                new Column("values", true),
                                new Column("", false),
                                new Column("share", true),
                                new Column("by chance up to", true)),
                        rows)
                .html();
        return PageParts.card(Html.group(List.of(
                table,
                PageParts.small("Share of the variance of the steps to " + verb()
                        + " that lies between a setting's values (epsilon squared of a "
                        + "one-way analysis of variance of martingale residuals, which account for censoring), n = "
                        + Amounts.count(importance.n())
                        + " runs. The mark is the 95th percentile of 200 random shuffles: a share below it is no evidence. "
                        + "The variance that the cells do not explain is variance between seeds."))));
    }

    private static Html bar(double share, double chance) {
        var parts = new ArrayList<Html>();
        parts.add(Html.tag("i").with("style", "width:" + PageNumbers.decimals(100 * share, 0.1) + "%"));
        if (!Double.isNaN(chance)) {
            parts.add(Html.tag("b")
                    .with("style", "left:" + PageNumbers.decimals(100 * Math.min(1, chance), 0.1) + "%"));
        }
        return Html.tag("div", Html.tag("div", Html.group(parts)).with("class", "share"))
                .with("class", "bar-cell");
    }

    private Html method() {
        Map<String, String> terms = new LinkedHashMap<>();
        for (Goal goal : sweep.told()) {
            String name = switch (goal.kind()) {
                case MEMORIZED -> "Memorized";
                case GROKKED -> "Grokked";
                case REACHED -> "Reached the target";
            };
            terms.put(
                    name,
                    "The first evaluation with " + goal.text()
                            + ". The event lies between it and the previous evaluation, given beside it.");
        }
        sweep.sweep()
                .bayes()
                .ifPresent(bayes -> terms.put(
                        "Proposed cells",
                        "The first cells (r001 and so on) were drawn at random; those from %s on were proposed by the tree-structured Parzen estimator from %s of the cells before their batch of %s."
                                .formatted("t%03d".formatted(bayes.startup() + 1), bayes.metric(), bayes.batch())));
        if (sweep.hasGoal()) {
            watched(terms);
        }
        sweep.ends()
                .forEach(end -> terms.put(
                        end.title().substring(0, 1).toUpperCase(Locale.ROOT)
                                + end.title().substring(1),
                        "Median of the last evaluations [order-statistic interval; with five runs it covers 93.75%, the most that five can]; spread: "
                                + "smallest to largest."));
        if (sweep.hasGoal()) {
            terms.put(
                    "Held after",
                    "Of the evaluations after the goal was reached, the share that still meet it, over the runs that reached it.");
        }
        terms.put(
                "Curves of stopped runs",
                "A run stopped on reaching its target keeps its last accuracy from there on; any other run leaves the band where it ended.");
        List<Row> rows = terms.entrySet().stream()
                .map(e -> Row.of(e.getKey(), e.getValue()))
                .toList();
        return new Table("How to read this", List.of(new Column("term", false), new Column("meaning", false)), rows)
                .html();
    }

    /** What is said of steps to a goal. */
    private void watched(Map<String, String> terms) {
        terms.put(
                "Censored",
                "A run that stopped before reaching its goal: when it would have got there is unknown, so it enters no mean. A run that "
                        + "is still training counts as censored at its current step.");
        terms.put(
                "Diverged",
                "Its loss became infinite or NaN. Survival curves treat the run as censored at that step; its accuracy is left out.");
        terms.put(
                "Step, median",
                "Kaplan-Meier, over the runs of a cell, with the " + Amounts.exactPercent(sweep.level())
                        + " interval of the log-log band. “Not reached” as an endpoint means that the data give no bound.");
    }
}
