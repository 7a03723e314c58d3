package hooke.view;

import hooke.stats.Estimate;
import hooke.stats.TimeToEvent;
import hooke.stats.Times;
import hooke.sweep.CellMeasures;
import hooke.sweep.Goal;
import hooke.sweep.RunMeasures;
import hooke.sweep.Stability;
import hooke.sweep.SweepMeasures;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The table of a sweep's cells, which its page sorts, filters and unfolds into seeds. */
final class SweepCells {
    /** Points of the little curve beside a seed. */
    private static final int SPARK = 80;

    private final SweepMeasures sweep;
    private final List<String> heads = new ArrayList<>();

    private SweepCells(SweepMeasures sweep) {
        this.sweep = sweep;
    }

    static Html of(SweepMeasures sweep) {
        return new SweepCells(sweep).html();
    }

    private Html html() {
        Set<String> keys = new LinkedHashSet<>();
        sweep.cells().forEach(c -> keys.addAll(c.axes().keySet()));
        heads.add("cell");
        sweep.goals().forEach(goal -> heads.add("step to " + goal.kind().verb()));
        heads.addAll(List.of("test accuracy", "held after", "runs", "reached", "censored"));
        boolean troubled = sweep.cells().stream().anyMatch(c -> troubles(c) > 0);
        if (troubled) {
            heads.add("diverged, failed, open");
        }
        heads.addAll(List.of("accuracy from to", "parameters"));
        keys.forEach(key -> heads.add(SweepPlots.word(key)));
        List<Html> rows =
                sweep.cells().stream().map(c -> row(c, keys, troubled)).toList();
        List<Html> ths = heads.stream()
                .map(head ->
                        (Html) head(head, keys.stream().map(SweepPlots::word).toList()))
                .toList();
        Html table = Html.tag(
                        "table",
                        Html.tag("thead", Html.tag("tr", Html.group(ths))),
                        Html.tag("tbody", Html.group(rows)))
                .with("aria-label", "Cells");
        return Html.tag(
                        "div",
                        Html.tag("div", table).with("class", "wide-table").with("tabindex", "0"),
                        new Html.Data(seeds()))
                .with("class", "card")
                .with("data-cells", "");
    }

    private static Html.Element head(String text, List<String> settings) {
        Html.Element head = Html.tag("th", text).with("scope", "col");
        return text.equals("cell") || settings.contains(text) ? head : head.with("class", "number");
    }

    private static int troubles(CellMeasures c) {
        return diverged(c) + c.failed() + c.unfinished() + c.missing();
    }

    private static int diverged(CellMeasures c) {
        return (int) c.runs().stream()
                .filter(r -> r.times().values().stream().anyMatch(TimeToEvent.Diverged.class::isInstance))
                .count();
    }

    private Html row(CellMeasures c, Set<String> keys, boolean troubled) {
        List<Html> cells = new ArrayList<>();
        cells.add(Html.tag("th", c.cell().label()).with("scope", "row"));
        for (Goal goal : sweep.goals()) {
            Optional<Estimate> median = c.times(goal.kind()).map(t -> t.median(sweep.level()));
            cells.add(number(
                    median.map(SweepCells::figure).orElse(Html.text("")),
                    median.map(Estimate::value).orElse(Double.NaN)));
        }
        cells.add(number(
                c.accuracy().map(s -> SweepPlots.accuracy(s, sweep.level())).orElse(""),
                c.accuracy().map(s -> s.quantile(0.5)).orElse(Double.NaN)));
        cells.add(held(c));
        Optional<Times> times = c.times(sweep.mainGoal().kind());
        cells.add(number(c.runs().size()));
        cells.add(number(times.map(Times::reached).orElse(0)));
        cells.add(number(times.map(Times::censored).orElse(0)));
        if (troubled) {
            String text = "%s, %s, %s".formatted(diverged(c), c.failed(), c.unfinished() + c.missing());
            cells.add(number(troubles(c) == 0 ? "" : text, troubles(c)));
        }
        cells.add(number(
                c.accuracy()
                        .map(s -> Numbers.percent(s.smallest()) + " to " + Numbers.percent(s.largest()))
                        .orElse(""),
                c.accuracy().map(s -> s.largest() - s.smallest()).orElse(Double.NaN)));
        cells.add(number(Numbers.count(c.parameters()), c.parameters()));
        keys.forEach(key -> cells.add(Html.tag("td", c.axes().getOrDefault(key, ""))));
        return Html.tag("tr", Html.group(cells));
    }

    /** Share of the evaluations after the goal that are still beyond the threshold, over all runs that reached it. */
    private static Html held(CellMeasures c) {
        long all = 0;
        long above = 0;
        int fell = 0;
        for (RunMeasures run : c.runs()) {
            Stability s = run.stability().orElse(new Stability(0, 0, List.of()));
            all += s.evaluations();
            above += s.above();
            fell += s.excursions().size();
        }
        double share = all == 0 ? Double.NaN : (double) above / all;
        String text = all == 0
                ? ""
                : Numbers.percent(share)
                        + (fell == 0 ? "" : ", fell " + Numbers.count(fell) + (fell == 1 ? " time" : " times"));
        return number(text, share);
    }

    private static Html number(int value) {
        return number(Numbers.count(value), value);
    }

    /** With its interval; where that is not defined, with a dash that says so to who points at it. */
    private static Html figure(Estimate estimate) {
        return estimate.hasInterval()
                ? Html.text(estimate.brief())
                : Html.group(List.of(
                        Html.text(estimate.figure() + " "),
                        Html.tag("abbr", "[–]").with("title", "The data do not define an interval: too few runs.")));
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
        sweep.goals().forEach(goal -> columns.add("step to " + goal.kind().verb()));
        columns.add("test accuracy").add("held after").add("fell below: times, deepest, longest");
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
                sweep.goals()
                        .forEach(goal -> texts.add(
                                run.time(goal.kind()).map(SweepCells::time).orElse("")));
                texts.add(
                        run.accuracy().isPresent()
                                ? Numbers.percent(run.accuracy().getAsDouble())
                                : "");
                texts.add(run.stability().map(s -> Numbers.percent(s.share())).orElse(""));
                texts.add(run.stability().map(SweepCells::excursions).orElse(""));
                if (run.test().length > 0) {
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
                + (run.isUnfinished() ? " at step " + Numbers.count(run.run().step()) : "");
    }

    private static String time(TimeToEvent time) {
        return switch (time) {
            case TimeToEvent.Reached r ->
                r.lastBelow() < 0
                        ? (r.step() > 0 ? "by " : "") + Numbers.count((long) r.step())
                        : Numbers.count((long) r.step()) + " (not at " + Numbers.count((long) r.lastBelow()) + ")";
            case TimeToEvent.Censored c -> "not by " + Numbers.count((long) c.at());
            case TimeToEvent.Diverged d -> "diverged at " + Numbers.count((long) d.at());
        };
    }

    private static String excursions(Stability s) {
        return s.excursions().isEmpty()
                ? "never"
                : s.excursions().size() + ", " + Numbers.percent(s.depth()) + " below, " + Numbers.count(s.length())
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
