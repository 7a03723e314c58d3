package hooke.view.run;

import hooke.Amounts;
import hooke.Printable;
import hooke.config.Aim;
import hooke.config.Difference;
import hooke.config.Experiment;
import hooke.config.Parameter;
import hooke.config.task.TaskConfig;
import hooke.view.PageNumbers;
import hooke.view.page.Figure;
import hooke.view.page.Html;
import hooke.view.page.Page;
import hooke.view.page.PageParts;
import hooke.view.page.Table;
import hooke.view.page.Table.Column;
import hooke.view.page.Table.Row;
import hooke.view.run.RunReport.Checkpoint;
import hooke.view.run.RunReport.Event;
import hooke.view.run.RunReport.Fact;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The report of one run: what came of it, its curves, what it was, where it comes from. */
public final class RunPage {
    private RunPage() {}

    public static Page of(RunReport run) {
        return of(run, List.of(), List.of());
    }

    /**
     * Of a run that learned a text.
     *
     * @param losses what is told of its loss
     * @param samples what it writes
     */
    public static Page of(RunReport run, List<Fact> losses, List<String> samples) {
        var sections = new ArrayList<Page.Section>();
        if (!losses.isEmpty()) {
            sections.add(new Page.Section("loss", "Loss on the test set", true, PageParts.card(losses(losses))));
        }
        if (!samples.isEmpty()) {
            List<Html.Element> lines =
                    samples.stream().map(text -> Html.tag("li", text)).toList();
            Html list = Html.tag("ul", Html.group(lines));
            Html how = PageParts.small("At its last evaluation, from nothing, at temperature 0.8.");
            sections.add(new Page.Section(
                    "samples", "What it writes", true, PageParts.card(Html.group(List.of(list, how)))));
        }
        sections.add(new Page.Section("curves", "Curves", false, curves(run)));
        if (!run.heatMaps().isEmpty()) {
            sections.add(new Page.Section("attention", "Attention", false, PageParts.grid("maps", run.heatMaps())));
        }
        sections.add(new Page.Section("events", "Events", true, PageParts.card(events(run))));
        sections.add(new Page.Section("parameters", "Parameters", true, PageParts.card(parameters(run.experiment()))));
        sections.add(new Page.Section("settings", "Settings", false, settings(run.experiment())));
        sections.add(new Page.Section("checkpoints", "Checkpoints", true, checkpoints(run.checkpoints())));
        sections.add(new Page.Section("provenance", "Provenance", true, PageParts.card(provenance(run.provenance()))));
        if (!run.machine().isEmpty()) {
            List<Html> figures = run.machine().stream().map(Figure::of).toList();
            sections.add(new Page.Section("machine", "Machine", false, Html.group(figures)));
        }
        return new Page(
                run.address() + ": " + run.headline(),
                run.address(),
                head(run),
                sections,
                "Written by Hooke. This page holds every point of every series and needs no network.");
    }

    private static Html head(RunReport run) {
        Experiment experiment = run.experiment();
        var badges = new ArrayList<>(List.of(state(run)));
        experiment.tags().forEach(tag -> badges.add(PageParts.badge(tag)));
        var parts = new ArrayList<Html>();
        parts.add(PageParts.kicker(run.address(), badges));
        parts.add(Html.tag("h1", run.headline()));
        parts.add(Html.tag("p", about(experiment)).with("class", "about"));
        if (!run.why().isBlank()) {
            parts.add(Html.tag("p", run.why()).with("class", "note alarm"));
        }
        if (!experiment.note().isBlank()) {
            parts.add(Html.tag("p", experiment.note().strip()).with("class", "note"));
        }
        parts.add(tiles(run));
        return Html.group(parts);
    }

    private static Html state(RunReport run) {
        String mark = switch (run.state()) {
            case DIVERGED, FAILED -> "badge alarm";
            case FINISHED, STOPPED -> "badge good";
            case RUNNING, INTERRUPTED -> "badge";
        };
        return Html.tag("span", run.stateWord()).with("class", mark);
    }

    /** The experiment in a sentence. */
    private static String about(Experiment experiment) {
        TaskConfig task = experiment.task();
        String what = task.learns();
        var model = experiment.model();
        String learns = what.isEmpty()
                ? "The task is unknown."
                : task.size() == 0
                        ? "Learns " + what + "."
                        : "Learns %s from %s of %s."
                                .formatted(what, Amounts.count(task.trainSize()), task.examples(task.size()));
        return "%s %s, %s, %s, %s."
                .formatted(
                        learns,
                        model.nLayers() == 1 ? "One layer" : model.nLayers() + " layers",
                        model.nHeads() == 1 ? "one head" : model.nHeads() + " heads",
                        model.widths().isEmpty()
                                ? "d_model " + model.dModel()
                                : "widths "
                                        + model.widths().stream()
                                                .map(String::valueOf)
                                                .collect(Collectors.joining(", ")),
                        model.attnOnly() ? "attention only" : "d_mlp " + model.dMlp());
    }

    private static Html tiles(RunReport run) {
        TaskConfig task = run.experiment().task();
        List<Parameter> parameters = Parameter.of(run.experiment().model());
        var tiles = new ArrayList<Html>();
        run.last("test_accuracy")
                .ifPresent(
                        v -> tiles.add(PageParts.tile("Test accuracy", Amounts.percent(v), "of " + task.testedOn())));
        run.last("train_accuracy")
                .ifPresent(
                        v -> tiles.add(PageParts.tile("Train accuracy", Amounts.percent(v), "of " + task.trainedOn())));
        String unit = task.lossUnit() + ", last evaluation";
        run.last("test_loss").ifPresent(v -> tiles.add(PageParts.tile("Test loss", PageNumbers.measure(v), unit)));
        run.last("train_loss").ifPresent(v -> tiles.add(PageParts.tile("Train loss", PageNumbers.measure(v), unit)));
        String within = run.trained()
                .map(time -> ", " + Amounts.duration(time.toMillis() / 1e3))
                .orElse("");
        tiles.add(PageParts.tile(
                "Steps",
                Amounts.count(run.lastStep()),
                "of " + Amounts.count(run.experiment().train().steps()) + within));
        long all = Parameter.count(parameters, false);
        long train = Parameter.count(parameters, true);
        tiles.add(PageParts.tile(
                "Parameters", Amounts.count(all), all == train ? "all train" : Amounts.count(train) + " train"));
        return PageParts.tiles(tiles);
    }

    private static Html curves(RunReport run) {
        List<Html> figures = run.learning().stream().map(Figure::of).toList();
        var keys = new ArrayList<Html>(
                List.of(
                        Html.text(
                                "Drag sideways to zoom, or diagonally to zoom into a box; Shift-drag or Shift with the arrow keys to pan; double-click to reset. Keys in a plot: ")));
        for (String[] key : new String[][] {
            {"←", "→"},
            {"read points, "},
            {"+", "−"},
            {"zoom, "},
            {"0"},
            {"all, "},
            {"x", "y"},
            {"switch scales, "},
            {"e"},
            {"next event, "},
            {"1", "2"},
            {"hide curves."}
        }) {
            for (String part : key) {
                keys.add(part.length() == 1 ? Html.tag("kbd", part) : Html.text(part));
                keys.add(Html.text(" "));
            }
        }
        return Html.group(
                List.of(Html.group(figures), Html.tag("p", Html.group(keys)).with("class", "small keys")));
    }

    private static Html events(RunReport run) {
        var milestones = run.experiment().train().milestones();
        String threshold = Amounts.exactPercent(milestones.threshold());
        var rows = new ArrayList<Row>();
        for (Event event : run.events()) {
            String meaning = switch (event.kind()) {
                case MEMORIZED -> "train accuracy above " + threshold;
                case GROKKED -> "test accuracy above " + threshold;
                case REACHED -> Aim.REACHED.done(run.experiment().train());
                case NAMED, RESUMED, STOPPED, DIVERGED, FAILED -> "";
            };
            String after = event.after().isPresent()
                    ? Amounts.count(event.after().getAsLong())
                    : meaning.isEmpty() || event.step() == 0 ? "" : "no earlier evaluation";
            String detail = meaning.isEmpty() || event.detail().isEmpty()
                    ? meaning + event.detail()
                    : meaning + "; " + event.detail();
            rows.add(Row.of(event.name(), Amounts.count(event.step()), after, detail));
        }
        if (rows.isEmpty()) {
            boolean isOver = switch (run.state()) {
                case RUNNING, INTERRUPTED -> false;
                case FINISHED, STOPPED, DIVERGED, FAILED -> true;
            };
            return Html.tag("p", isOver ? "No events." : "No events yet.");
        }
        Html table = new Table(
                        "Events",
                        List.of(
                                new Column("event", false),
                                new Column("at step", true),
                                new Column("not yet at", true),
                                new Column("", false)),
                        rows)
                .html();
        return PageParts.scrolling(table);
    }

    /** Every key of the resolved experiment but those that the head shows, what differs from the defaults marked. */
    private static Html settings(Experiment experiment) {
        Map<String, Difference> differing = new LinkedHashMap<>();
        Difference.fromDefaults(experiment).forEach(d -> differing.put(d.key(), d));
        Map<String, List<Row>> groups = new LinkedHashMap<>();
        int marked = 0;
        int all = 0;
        for (Map.Entry<String, String> setting : experiment.settings().entrySet()) {
            String key = setting.getKey();
            int dot = key.indexOf('.');
            if (key.equals("name") || key.equals("note") || key.startsWith("tags")) {
                continue;
            }
            Difference difference = differing.get(key);
            marked += difference == null ? 0 : 1;
            all++;
            groups.computeIfAbsent(dot < 0 ? "experiment" : key.substring(0, dot), g -> new ArrayList<>())
                    .add(settingRow(key, Printable.beginning(setting.getValue()), difference));
        }
        var cards = new ArrayList<Html>();
        groups.forEach((group, rows) -> cards.add(PageParts.card(
                new Table(group, List.of(new Column("key", false), new Column("value", false)), rows).captioned())));
        Html filter = Html.tag(
                        "label",
                        Html.tag("input").with("type", "checkbox").with("id", "differing"),
                        Html.text("Only the %s of %s that differ from the defaults".formatted(marked, all)))
                .with("class", "filter");
        return Html.tag("div", filter, Html.tag("div", Html.group(cards)).with("class", "cards"))
                .with("class", "settings");
    }

    private static Row settingRow(String key, String value, @Nullable Difference difference) {
        String standard = difference == null ? null : difference.before();
        Html shown = standard == null
                ? Html.text(value)
                : Html.group(List.of(Html.text(value), Html.tag("span", "default " + standard)));
        return new Row(difference == null ? "same" : "differs", List.of(key(key), shown));
    }

    /** May be broken after its dots and underscores, nowhere else. */
    static Html key(String key) {
        List<Html> parts = Stream.of(key.split("(?<=[._])"))
                .map(part -> Html.group(List.of(Html.text(part), Html.tag("wbr"))))
                .toList();
        return Html.tag("code", Html.group(parts));
    }

    private static Html parameters(Experiment experiment) {
        List<Parameter> all = Parameter.of(experiment.model());
        Map<String, List<Parameter>> groups = new LinkedHashMap<>();
        all.forEach(
                p -> groups.computeIfAbsent(p.group(), g -> new ArrayList<>()).add(p));
        var rows = new ArrayList<Row>();
        groups.forEach((group, members) -> rows.add(parameterRow(group, members)));
        rows.add(parameterRow("all", all).marked("total"));
        return new Table(
                        "Parameters",
                        List.of(
                                new Column("group", false),
                                new Column("tensors", true),
                                new Column("values", true),
                                new Column("train", true),
                                new Column("frozen", true)),
                        rows)
                .html();
    }

    private static Row parameterRow(String name, List<Parameter> parameters) {
        long values = Parameter.count(parameters, false);
        long train = Parameter.count(parameters, true);
        return Row.of(
                name,
                Amounts.count(parameters.size()),
                Amounts.count(values),
                Amounts.count(train),
                Amounts.count(values - train));
    }

    private static Html checkpoints(List<Checkpoint> checkpoints) {
        if (checkpoints.isEmpty()) {
            return PageParts.card(Html.tag("p", "No checkpoints were kept."));
        }
        var rows = new ArrayList<Row>();
        for (Checkpoint c : checkpoints) {
            rows.add(new Row(
                    "",
                    List.of(
                            Html.text(Amounts.count(c.step())),
                            Html.text(Amounts.bytes(c.bytes())),
                            Html.text(c.resumable() ? "weights and optimizer" : "weights"),
                            Html.tag("code", c.file()),
                            Html.tag(
                                            "code",
                                            c.sha256()
                                                    .substring(
                                                            0,
                                                            Math.min(
                                                                    12,
                                                                    c.sha256().length())))
                                    .with("title", c.sha256()))));
        }
        Html table = new Table(
                        "Checkpoints",
                        List.of(
                                new Column("step", true),
                                new Column("size", true),
                                new Column("holds", false),
                                new Column("file", false),
                                new Column("SHA-256", false)),
                        rows)
                .html();
        long bytes = checkpoints.stream().mapToLong(Checkpoint::bytes).sum();
        String summary = "%s from step %s to %s, %s"
                .formatted(
                        Amounts.count(checkpoints.size()),
                        Amounts.count(checkpoints.getFirst().step()),
                        Amounts.count(checkpoints.getLast().step()),
                        Amounts.bytes(bytes));
        return PageParts.card(Html.tag("details", Html.tag("summary", summary), PageParts.scrolling(table)));
    }

    private static Html losses(List<Fact> facts) {
        List<Row> rows = facts.stream().map(f -> Row.of(f.name(), f.value())).toList();
        return new Table("Loss", List.of(new Column("what", false), new Column("value", false)), rows).html();
    }

    private static Html provenance(List<Fact> facts) {
        List<Row> rows = facts.stream().map(f -> Row.of(f.name(), f.value())).toList();
        return new Table("Provenance", List.of(new Column("what", false), new Column("value", false)), rows).html();
    }
}
