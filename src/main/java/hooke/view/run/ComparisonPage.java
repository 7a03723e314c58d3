package hooke.view.run;

import hooke.Amounts;
import hooke.config.task.ByToken;
import hooke.config.task.LikeTexts;
import hooke.config.task.TextScore;
import hooke.store.series.Series;
import hooke.view.page.Html;
import hooke.view.page.Page;
import hooke.view.page.PageParts;
import hooke.view.page.Table;
import hooke.view.plot.CurvePlot;
import hooke.view.plot.Pen;
import hooke.view.run.Comparison.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The report of several runs: what became of each, in what they differ, and their curves over each other. */
public final class ComparisonPage {
    private final Comparison comparison;
    private final List<Pen> pens;
    private final Map<String, String> pages;

    private ComparisonPage(Comparison comparison, Map<String, String> pages) {
        this.comparison = comparison;
        this.pages = Map.copyOf(pages);
        this.pens = comparison.pens();
    }

    /** @param pages files beside this page that show a run alone, by the run's address */
    public static Page of(Comparison comparison, Map<String, String> pages) {
        return new ComparisonPage(comparison, pages).page();
    }

    private Page page() {
        List<Line> settings = comparison.settings();
        List<Line> origins = comparison.provenance();
        List<Page.Section> sections = new ArrayList<>();
        sections.add(new Page.Section("outcomes", "Outcomes", false, outcomes()));
        sections.add(new Page.Section("settings", "Settings that differ", false, folded(settings, "setting")));
        sections.add(new Page.Section("curves", "Curves", false, curves()));
        sections.add(new Page.Section("provenance", "Provenance", false, folded(origins, "fact")));
        List<CurvePlot> machine = comparison.plots(true);
        if (!machine.isEmpty()) {
            sections.add(new Page.Section("machine", "Machine", false, PageParts.grid("plots", machine)));
        }
        return new Page(
                comparison.headline(),
                Amounts.of(comparison.runs().size(), "run", "runs"),
                head(settings, origins),
                sections,
                "Written by Hooke. This page holds every point of every series and needs no network.");
    }

    private Html head(List<Line> settings, List<Line> origins) {
        List<Html> parts = new ArrayList<>();
        String addresses =
                comparison.runs().stream().limit(6).map(RunReport::address).collect(Collectors.joining(" · "))
                        + (comparison.runs().size() > 6 ? " · …" : "");
        parts.add(PageParts.kicker(addresses, List.of(PageParts.badge("comparison"))));
        parts.add(Html.tag("h1", comparison.headline()));
        List<String> differing =
                settings.stream().filter(Line::differs).map(Line::name).toList();
        long cells = comparison.runs().stream()
                .map(run -> run.experiment().cellHash())
                .distinct()
                .count();
        if (cells == comparison.runs().size() && cells > 1) {
            parts.add(Html.tag(
                            "p",
                            "One seed per setting: a different seed alone may change the outcome as much. A sweep with several seeds can tell these apart.")
                    .with("class", "about"));
        } else if (differing.isEmpty()) {
            parts.add(Html.tag(
                            "p",
                            "The settings are the same: any difference has another cause, such as the seed or the machine.")
                    .with("class", "about"));
        }
        LikeTexts.remarks(comparison.tasks())
                .forEach(remark -> parts.add(Html.tag("p", remark).with("class", "about")));
        if (origins.stream().anyMatch(line -> line.name().equals(Comparison.INSTRUCTIONS) && line.differs())) {
            parts.add(Html.tag(
                            "p",
                            "The runs were computed with different instructions, so that some differences may be the machines'; see Provenance.")
                    .with("class", "about"));
        }
        return Html.group(parts);
    }

    private Html outcomes() {
        List<Html> rows = new ArrayList<>();
        for (Line line : comparison.outcomes()) {
            rows.add(row(line, Html.text(line.name()), List.of()));
        }
        for (Line line : comparison.finals()) {
            if (!RunReport.isMachine(line.name())) {
                rows.add(row(
                        line,
                        Html.text("final " + RunReport.words(line.name())
                                + (comparison.isOfOneUnit(line.name()) ? comparison.unit(line.name()) : "")),
                        best(line.name())));
            }
        }
        return Html.group(List.of(table("Outcomes", rows), PageParts.small(String.join(" ", legend()))));
    }

    /** What the signs mean that stand in the table. */
    private List<String> legend() {
        List<String> legend = new ArrayList<>();
        if (outcomesBegin("> ")) {
            legend.add("> 10,000: not within that many steps.");
        }
        if (outcomesBegin("≤ ")) {
            legend.add("≤ 10,000: at or before the first evaluation, which was at that step.");
        }
        if (comparison.finals().stream().anyMatch(line -> !best(line.name()).isEmpty())) {
            legend.add("Bold: the best final value.");
        }
        if (comparison.tokensDiffer()) {
            legend.add("Not shown: " + ByToken.DIFFERS + ".");
        }
        return legend;
    }

    private boolean outcomesBegin(String sign) {
        return comparison.outcomes().stream()
                .flatMap(line -> line.values().stream())
                .anyMatch(value -> value != null && value.startsWith(sign));
    }

    /** Places of the runs with the best last value, if they are not all equal and it is known what is good. */
    private List<Integer> best(String series) {
        List<Optional<Double>> last = comparison.last(series);
        boolean low = Series.isLoss(series)
                || series.endsWith(TextScore.BITS_PER_BYTE)
                || series.endsWith(TextScore.NATS_PER_CHARACTER);
        if (!low && !Series.isShare(series) || !comparison.isOfOneUnit(series) || comparison.textsDiffer()) {
            return List.of();
        }
        double[] values =
                last.stream().flatMap(Optional::stream).mapToDouble(v -> v).toArray();
        OptionalDouble best =
                low ? Arrays.stream(values).min() : Arrays.stream(values).max();
        List<Integer> places = IntStream.range(0, last.size())
                .filter(i -> last.get(i).isPresent() && last.get(i).get() == best.orElse(Double.NaN))
                .boxed()
                .toList();
        return places.size() == values.length ? List.of() : places;
    }

    /** Lines that differ, and those that do not behind a line that tells how many they are. */
    private Html folded(List<Line> lines, String one) {
        List<Line> differing = lines.stream().filter(Line::differs).toList();
        List<Line> same = lines.stream().filter(line -> !line.differs()).toList();
        List<Html> parts = new ArrayList<>();
        if (differing.isEmpty()) {
            parts.add(Html.tag("p", "Nothing differs.").with("class", "lead"));
        } else {
            parts.add(
                    table("What differs", differing.stream().map(this::against).toList()));
            parts.add(PageParts.small("Grey: same as in the first run."));
        }
        if (!same.isEmpty()) {
            List<Table.Row> rows = same.stream()
                    .map(line -> new Table.Row(
                            "",
                            List.of(
                                    key(line.name()),
                                    Html.text(shown(line.values().getFirst())))))
                    .toList();
            Html table = new Table(
                            "Same in every run",
                            List.of(new Table.Column(one, false), new Table.Column("in every run", false)),
                            rows)
                    .html();
            parts.add(Html.tag(
                            "details",
                            Html.tag(
                                    "summary",
                                    Amounts.of(same.size(), one + " is", one + "s are") + " the same in every run"),
                            PageParts.card(table))
                    .with("class", "rest"));
        }
        return Html.group(parts);
    }

    private Html against(Line line) {
        List<Html> cells =
                new ArrayList<>(List.of(Html.tag("th", key(line.name())).with("scope", "row")));
        @Nullable String first = line.values().getFirst();
        for (int i = 0; i < line.values().size(); i++) {
            @Nullable String value = line.values().get(i);
            Html.Element cell = Html.tag("td", shown(value));
            boolean asFirst = i > 0 && Objects.equals(value, first);
            cells.add(asFirst ? cell.with("class", "as-first") : cell);
        }
        return Html.tag("tr", Html.group(cells));
    }

    private Html row(Line line, Html name, List<Integer> marked) {
        List<Html> cells = new ArrayList<>(List.of(Html.tag("th", name).with("scope", "row")));
        for (int i = 0; i < line.values().size(); i++) {
            Html.Element cell = Html.tag("td", shown(line.values().get(i)));
            cells.add(marked.contains(i) ? cell.with("class", "best") : cell);
        }
        return Html.tag("tr", Html.group(cells));
    }

    /** A column a run, under its name in its colour; the first column stays in view. */
    private Html table(String label, List<Html> rows) {
        List<Html> heads = new ArrayList<>(List.of(Html.tag("th", "").with("scope", "col")));
        for (int i = 0; i < pens.size(); i++) {
            heads.add(Html.tag("th", swatch(i)).with("scope", "col"));
        }
        Html table = Html.tag(
                        "table",
                        Html.tag("thead", Html.tag("tr", Html.group(heads))),
                        Html.tag("tbody", Html.group(rows)))
                .with("aria-label", label);
        return PageParts.card(
                Html.tag("div", table).with("class", "wide-table side-by-side").with("tabindex", "0"));
    }

    private Html swatch(int run) {
        String address = comparison.runs().get(run).address();
        Html.Element name = pages.containsKey(address)
                ? Html.tag("a", address).with("href", pages.get(address))
                : Html.tag("span", address);
        return name.with("class", classes(run));
    }

    private String classes(int run) {
        return "run curve-" + pens.get(run).colour() + " dash-" + pens.get(run).dash();
    }

    /** One legend for all plots, which stays in view; its buttons hide a run everywhere. */
    private Html curves() {
        List<Html> buttons = new ArrayList<>();
        for (int i = 0; i < pens.size(); i++) {
            String address = comparison.runs().get(i).address();
            buttons.add(Html.tag("button", address)
                    .with("type", "button")
                    .with("class", classes(i))
                    .with("data-run", address)
                    .with("aria-pressed", "true")
                    .with("title", "Show or hide " + address + " in every plot"));
        }
        Html legend = Html.tag("div", Html.group(buttons))
                .with("class", "legend runs")
                .with("role", "group")
                .with("aria-label", "Runs");
        return Html.tag("div", legend, PageParts.grid("plots", comparison.plots(false)), PageParts.small(hint()))
                .with("class", "overlaid");
    }

    private String hint() {
        return "Click a run to hide it in every plot, Ctrl-click to show it alone, point at it to highlight it. Drag across a plot to zoom"
                + " in all plots, double-click to reset, Shift-drag to pan. The keys are those of the page of a run.";
    }

    /** May be broken after its dots and underscores, nowhere else. */
    private static Html key(String key) {
        return RunPage.key(key);
    }

    private static String shown(@Nullable String value) {
        return value == null ? "–" : value.isEmpty() ? "none" : value;
    }

    /** A name for files: {@code quick-grok-0-vs-quick-grok-1}; of more than three runs the first and how many others. */
    public static String stem(Comparison comparison) {
        List<String> names = comparison.runs().stream()
                .map(run -> run.address().replace('/', '-'))
                .toList();
        String others = names.size() <= 3
                ? String.join("-vs-", names.subList(1, names.size()))
                : "%s-others-%s"
                        .formatted(
                                names.size() - 1,
                                Integer.toHexString(names.hashCode()).toLowerCase(Locale.ROOT));
        return names.getFirst() + "-vs-" + others;
    }
}
