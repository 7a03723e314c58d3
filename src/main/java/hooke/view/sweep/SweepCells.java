package hooke.view.sweep;

import hooke.Amounts;
import hooke.stats.Estimate;
import hooke.stats.TimeToEvent;
import hooke.stats.Times;
import hooke.sweep.measures.CellMeasures;
import hooke.sweep.measures.EndFigure;
import hooke.sweep.measures.Goal;
import hooke.sweep.measures.RunMeasures;
import hooke.sweep.measures.Stability;
import hooke.sweep.measures.SweepMeasures;
import hooke.sweep.measures.Varied;
import hooke.view.page.Glossary;
import hooke.view.page.Html;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The table of a sweep's cells, which its page sorts, filters and unfolds into seeds. */
final class SweepCells {
    /** Points of the little curve beside a seed. */
    private static final int SPARK = 80;

    private final SweepMeasures sweep;
    private final List<Varied> varied;
    private final Map<String, String> pages;
    private final List<EndFigure> ends;
    private final boolean hasIntervals;
    private final boolean hasHeld;

    private SweepCells(SweepMeasures sweep, Map<String, String> pages) {
        this.sweep = sweep;
        this.varied = sweep.varied();
        this.pages = Map.copyOf(pages);
        this.hasIntervals = sweep.cells().stream()
                .flatMap(c -> sweep.told().stream().flatMap(goal -> sweep.median(c, goal.kind()).stream()))
                .anyMatch(Estimate::hasInterval);
        this.ends = sweep.ends().stream()
                .filter(end -> sweep.cells().stream().anyMatch(c -> c.end(end).isPresent()))
                .toList();
        this.hasHeld = sweep.cells().stream()
                .flatMap(c -> c.runs().stream())
                .anyMatch(run -> run.stability().isPresent());
    }

    /** @param pages files beside this page that show a run, by the run's address */
    static Html of(SweepMeasures sweep, Map<String, String> pages) {
        return new SweepCells(sweep, pages).html();
    }

    private Html html() {
        boolean troubled = sweep.cells().stream().anyMatch(c -> troubles(c) > 0);
        List<Html> heads = new ArrayList<>();
        heads.add(head("cell", false));
        varied.forEach(v -> heads.add(head(v.word(), v.isNumeric()).with("title", v.key())));
        sweep.told().forEach(goal -> heads.add(head("step to " + goal.kind().verb(), true)));
        ends.forEach(end -> heads.add(head(end.title(), true)));
        if (hasHeld) {
            heads.add(head("held after", true));
        }
        for (String figure : sweep.hasGoal() ? List.of("runs", "reached", "censored") : List.of("runs")) {
            heads.add(head(figure, true));
        }
        if (troubled) {
            heads.add(head("not finished", false));
        }
        ends.stream()
                .limit(1)
                .forEach(end ->
                        heads.add(head((end.isShare() ? "accuracy" : end.title()) + ", smallest to largest", true)));
        heads.add(head("parameters", true));
        List<Html> rows = sweep.cells().stream().map(c -> row(c, troubled)).toList();
        Html table = Html.tag(
                        "table",
                        Html.tag("thead", Html.tag("tr", Html.group(heads))),
                        Html.tag("tbody", Html.group(rows)))
                .with("aria-label", "Cells");
        return Html.tag(
                        "div",
                        Html.tag("div", table).with("class", "wide-table").with("tabindex", "0"),
                        new Html.Data(seeds()))
                .with("class", "card")
                .with("data-cells", "");
    }

    private static Html.Element head(String text, boolean isNumber) {
        Html.Element head = Html.tag("th", Glossary.explained(text)).with("scope", "col");
        return isNumber ? head.with("class", "number") : head;
    }

    private int troubles(CellMeasures c) {
        return diverged(c) + c.failed() + c.unfinished() + c.missing();
    }

    private String troubleOf(CellMeasures c) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("diverged", diverged(c));
        counts.put("failed", c.failed());
        counts.put("unfinished", c.unfinished());
        counts.put("not started", c.missing());
        return counts.entrySet().stream()
                .filter(e -> e.getValue() > 0)
                .map(e -> Amounts.count(e.getValue()) + " " + e.getKey())
                .collect(Collectors.joining(", "));
    }

    private int diverged(CellMeasures c) {
        if (!sweep.hasGoal()) {
            return sweep.diverged(c);
        }
        return (int) c.runs().stream()
                .filter(r -> r.times().values().stream().anyMatch(TimeToEvent.Diverged.class::isInstance))
                .count();
    }

    private Html row(CellMeasures c, boolean troubled) {
        List<Html> cells = new ArrayList<>();
        cells.add(Html.tag("th", c.cell().label()).with("scope", "row"));
        for (Varied v : varied) {
            String shown = v.shown(c.cell());
            cells.add(v.isNumeric() ? number(shown, v.number(c.cell())) : Html.tag("td", shown));
        }
        for (Goal goal : sweep.told()) {
            Optional<Estimate> median = sweep.median(c, goal.kind());
            cells.add(number(
                    median.map(this::figure).orElse(Html.text("")),
                    median.map(Estimate::value).orElse(Double.NaN)));
        }
        for (EndFigure end : ends) {
            cells.add(number(
                    c.end(end)
                            .map(s -> SweepPlots.median(end, s, sweep.level()))
                            .orElse(""),
                    c.end(end).map(s -> s.quantile(0.5)).orElse(Double.NaN)));
        }
        if (hasHeld) {
            cells.add(held(c));
        }
        cells.add(number(c.runs().size()));
        if (sweep.hasGoal()) {
            Optional<Times> times = sweep.times(c);
            cells.add(number(times.map(Times::reached).orElse(0)));
            cells.add(number(times.map(Times::censored).orElse(0)));
        }
        if (troubled) {
            cells.add(Html.tag("td", troubleOf(c)).with("data-sort", String.valueOf(troubles(c))));
        }
        ends.stream()
                .limit(1)
                .forEach(end -> cells.add(number(
                        c.end(end)
                                .map(s -> SweepPlots.shown(end, s.smallest()) + " to "
                                        + SweepPlots.shown(end, s.largest()))
                                .orElse(""),
                        c.end(end).map(s -> s.largest() - s.smallest()).orElse(Double.NaN))));
        cells.add(number(Amounts.count(c.parameters()), c.parameters()));
        return Html.tag("tr", Html.group(cells));
    }

    /** Share of the evaluations after the goal that are still beyond the threshold, over all runs that reached it. */
    private static Html held(CellMeasures c) {
        long all = 0;
        long above = 0;
        for (RunMeasures run : c.runs()) {
            Stability s = run.stability().orElse(new Stability(0, 0, List.of()));
            all += s.evaluations();
            above += s.above();
        }
        double share = all == 0 ? Double.NaN : (double) above / all;
        String text = all == 0
                ? ""
                : Amounts.percent(share)
                        + (c.excursions() == 0
                                ? ""
                                : ", fell " + Amounts.count(c.excursions())
                                        + (c.excursions() == 1 ? " time" : " times"));
        return number(text, share);
    }

    private static Html number(int value) {
        return number(Amounts.count(value), value);
    }

    /** With its interval; where that is not defined, with a dash that explains itself. Of a sweep that has none, the figure alone. */
    private Html figure(Estimate estimate) {
        return estimate.hasInterval() || !hasIntervals
                ? Html.text(estimate.hasInterval() ? estimate.brief() : estimate.figure())
                : Html.group(List.of(
                        Html.text(estimate.figure() + " "),
                        Html.tag("abbr", Estimate.NO_INTERVAL).with("title", "Too few runs for an interval.")));
    }

    private static Html number(String text, double value) {
        return number(Html.text(text), value);
    }

    private static Html number(Html text, double value) {
        String sort = Double.isNaN(value) ? "" : Double.isInfinite(value) ? "1e300" : String.valueOf(value);
        return Html.tag("td", text).with("class", "number").with("data-sort", sort);
    }

    private ObjectNode seeds() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ArrayNode columns = node.putArray("columns");
        columns.add("run").add("state");
        sweep.told().forEach(goal -> columns.add("step to " + goal.kind().verb()));
        sweep.ends().forEach(end -> columns.add(end.title()));
        if (sweep.hasGoal()) {
            columns.add("held after").add("fell below: times, deepest, longest");
        }
        long begun = sweep.cells().stream()
                .flatMap(c -> c.runs().stream())
                .filter(run -> !run.run().address().isEmpty())
                .count();
        if (pages.size() < begun) {
            node.put("hint", "./hooke report " + sweep.sweep().name() + " --runs");
        }
        ArrayNode cells = node.putArray("cells");
        for (CellMeasures c : sweep.cells()) {
            ArrayNode runs = cells.addArray();
            for (RunMeasures run : c.runs()) {
                ObjectNode one = runs.addObject();
                ArrayNode texts = one.putArray("cells");
                texts.add(
                        run.run().address().isEmpty()
                                ? "seed " + run.run().seed()
                                : run.run().address());
                texts.add(state(run));
                sweep.told()
                        .forEach(goal -> texts.add(
                                run.time(goal.kind()).map(SweepCells::time).orElse("")));
                sweep.ends().forEach(end -> {
                    OptionalDouble value = c.end(end, run);
                    texts.add(value.isPresent() ? SweepPlots.shown(end, value.getAsDouble()) : "");
                });
                if (sweep.hasGoal()) {
                    texts.add(
                            run.stability().map(s -> Amounts.percent(s.share())).orElse(""));
                    texts.add(run.stability().map(SweepCells::excursions).orElse(""));
                }
                one.put("begun", !run.run().address().isEmpty());
                Optional.ofNullable(pages.get(run.run().address())).ifPresent(page -> one.put("page", page));
                if (run.test().length > 0 && !sweep.tokensDiffer()) {
                    one.put("curve", spark(run.test()));
                }
            }
        }
        return node;
    }

    private static String state(RunMeasures run) {
        String failure = run.run().failure();
        return run.run().status().name().toLowerCase(Locale.ROOT)
                + (failure == null ? "" : ": " + failure)
                + (run.isUnfinished() ? " at step " + Amounts.count(run.run().step()) : "");
    }

    private static String time(TimeToEvent time) {
        return switch (time) {
            case TimeToEvent.Reached r ->
                r.lastBelow() < 0
                        ? (r.step() > 0 ? "by " : "") + Amounts.count((long) r.step())
                        : Amounts.count((long) r.step()) + " (not at " + Amounts.count((long) r.lastBelow()) + ")";
            case TimeToEvent.Censored c -> "not by " + Amounts.count((long) c.at());
            case TimeToEvent.Diverged d -> "diverged at " + Amounts.count((long) d.at());
        };
    }

    private static String excursions(Stability s) {
        return s.excursions().isEmpty()
                ? "never"
                : s.excursions().size() + ", " + Amounts.percent(s.depth()) + " below, " + Amounts.count(s.length())
                        + " steps" + (s.excursions().getLast().isBack() ? "" : ", below at the end");
    }

    /** Bytes from 0 to 250 for 0 to 100%, 255 for nothing, at places equal in the grid. */
    private static String spark(float[] curve) {
        byte[] bytes = new byte[SPARK];
        for (int i = 0; i < SPARK; i++) {
            float value = curve[(int) ((long) i * (curve.length - 1) / (SPARK - 1))];
            bytes[i] = (byte) (Float.isNaN(value) ? 255 : Math.round(Math.clamp(value, 0, 1) * 250));
        }
        return Base64.getEncoder().encodeToString(bytes);
    }
}
