package hooke.view.lens;

import hooke.Amounts;
import hooke.lens.fourier.ProgressLosses;
import hooke.lens.fourier.ProgressLosses.Definition;
import hooke.lens.fourier.Snapshot;
import hooke.view.PageNumbers;
import hooke.view.page.Figure;
import hooke.view.page.Html;
import hooke.view.page.Page;
import hooke.view.page.PageParts;
import hooke.view.page.Table;
import hooke.view.page.Table.Column;
import hooke.view.page.Table.Row;
import hooke.view.plot.Plot;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The dissection of a run whose task is a group: what it is made of, how that came to be, and the time-lapse. */
public final class GrokPage {
    private GrokPage() {}

    public static Page of(GrokPlots plots) {
        var sections = new ArrayList<Page.Section>();
        sections.add(new Page.Section("film", "Time-lapse", false, film(plots)));
        sections.add(new Page.Section("progress", "Progress", false, progress(plots)));
        sections.add(new Page.Section("parts", "Key parts", false, PageParts.card(keyParts(plots))));
        sections.add(new Page.Section("spectra", "At the last checkpoint", false, spectra(plots)));
        sections.add(new Page.Section(
                "attention", "Attention, pair by pair", false, plots.explorer().html()));
        sections.add(new Page.Section("time", "During training", false, overTime(plots)));
        return new Page(
                plots.run().address() + ": what is inside",
                plots.run().address(),
                head(plots),
                sections,
                "Written by Hooke. Definitions: docs/measures.md. This page holds every checkpoint's measures and needs no network.");
    }

    private static Html head(GrokPlots plots) {
        Snapshot last = plots.last();
        String headline = headline(plots);
        var tiles = new ArrayList<Html>();
        tiles.add(PageParts.tile(
                "Key " + plural(plots.parts()),
                Amounts.count(last.keys().size()),
                plots.dissection().group().isCyclic()
                        ? plots.dissection().group().axis()
                        : "of " + (plots.dissection().group().group().irreps().size() - 1) + " that are not trivial"));
        tiles.add(PageParts.tile("Logits explained", Amounts.percent(last.fit().explained()), "by sums of kernels"));
        last.clusters()
                .ifPresent(c -> tiles.add(PageParts.tile(
                        "Clustered neurons",
                        Amounts.count(IntStream.range(0, c.share().length)
                                .filter(c::clustered)
                                .count()),
                        "of " + Amounts.count(c.share().length) + " have a frequency")));
        last.losses(Definition.LOGITS).ifPresent(l -> {
            tiles.add(PageParts.tile("Restricted loss", PageNumbers.measure(l.restricted()), "nats, on all pairs"));
            tiles.add(PageParts.tile("Excluded loss", PageNumbers.measure(l.excluded()), "nats, on training pairs"));
        });
        tiles.add(PageParts.tile(
                "Checkpoints", Amounts.count(plots.frames().size()), "to step " + Amounts.count(last.step())));
        return Html.group(List.of(
                PageParts.kicker(plots.run().address(), List.of()),
                Html.tag("h1", headline),
                Html.tag("p", plots.run().headline() + ". " + axis(plots)).with("class", "about"),
                PageParts.tiles(tiles)));
    }

    /**
     * It answers with parts that make up most of its logits, or that alone answer at least as well as everything and without which it does
     * worse than guessing; with others it was only looked at.
     */
    private static String headline(GrokPlots plots) {
        Snapshot last = plots.last();
        if (last.keys().isEmpty()) {
            return "No key " + plots.parts() + " yet";
        }
        String keys = (last.keys().size() == 1 ? plots.parts() : plural(plots.parts())) + " "
                + last.keys().stream().map(plots::part).collect(Collectors.joining(", "));
        double share = last.keys().stream()
                .mapToDouble(k -> last.fit().cosine()[k] * last.fit().cosine()[k])
                .sum();
        return share >= 0.5 || isAllItNeeds(plots)
                ? "It answers with " + keys
                : "The " + keys + (last.keys().size() == 1 ? " makes up " : " make up ") + Amounts.percent(share)
                        + " of its logits";
    }

    private static boolean isAllItNeeds(GrokPlots plots) {
        Snapshot last = plots.last();
        double guessing = Math.log(plots.dissection().group().group().order());
        return last.full().all() < guessing / 2
                && last.losses(Definition.LOGITS)
                        .filter(l -> l.restricted() <= last.full().all() && l.excluded() >= guessing)
                        .isPresent();
    }

    private static String axis(GrokPlots plots) {
        var group = plots.dissection().group();
        return "Measured on %s (%s)%s."
                .formatted(
                        group.group().name(),
                        group.axis(),
                        group.leftOut() == 0
                                ? ""
                                : "; " + Amounts.count(group.leftOut()) + " pairs with a zero are left out");
    }

    private static String plural(String word) {
        return word.endsWith("y") ? word.substring(0, word.length() - 1) + "ies" : word + "s";
    }

    private static Html film(GrokPlots plots) {
        return Html.group(
                List.of(
                        Figure.of(plots.film()),
                        keys(
                                "Keys on the slider: ",
                                "← → to step, Home and End for first and last, space to play. Drag across the losses to move through time.")));
    }

    private static Html keys(String lead, String text) {
        return Html.tag("p", lead + text).with("class", "small keys");
    }

    private static Html progress(GrokPlots plots) {
        var parts = new ArrayList<Html>();
        plots.curves().forEach(plot -> parts.add(Figure.of(plot)));
        parts.add(PageParts.small("Phases: memorization to %s, circuit formation to %s, clean-up to %s. %s%s"
                .formatted(
                        ended(plots, plots.phases().memorized()),
                        ended(plots, plots.phases().formed()),
                        ended(plots, plots.phases().cleanedUp()),
                        plots.phases().rule(),
                        inOrder(plots) ? "" : " In this run the phases do not occur in that order.")));
        parts.add(PageParts.small(definitions(plots)));
        return Html.group(parts);
    }

    private static String ended(GrokPlots plots, OptionalLong phase) {
        return plots.phases().ended(phase, Amounts::count);
    }

    private static boolean inOrder(GrokPlots plots) {
        var phases = plots.phases();
        return phases.formed().isEmpty()
                || phases.memorized().isPresent()
                        && phases.memorized().getAsLong() <= phases.formed().getAsLong();
    }

    private static String definitions(GrokPlots plots) {
        if (plots.last().keys().isEmpty()) {
            return "No restricted or excluded loss: there are no key parts at the last checkpoint.";
        }
        String text =
                "Restricted and excluded loss use the key parts of the last checkpoint. Projected on the logits, as in Nanda et al. 2023: restricted on all pairs, excluded on the training pairs.";
        return plots.last().losses(Definition.NEURONS).isPresent()
                ? text
                        + " Projected on the neurons, as in TransformerLens' demo: restricted on the test pairs, excluded on the training pairs."
                : text
                        + " There is no variant on neurons: the logits are not linear in them (a norm stands before the unembedding, or there is no MLP).";
    }

    private static Html keyParts(GrokPlots plots) {
        Snapshot last = plots.last();
        var columns = new ArrayList<>(List.of(new Column(plots.parts(), false), new Column("W_E", true)));
        last.neuronLogit().ifPresent(w -> columns.add(new Column("W_out W_U", true)));
        last.clusters().ifPresent(c -> columns.add(new Column("neurons", true)));
        if (!plots.dissection().group().isCyclic()) {
            last.shares().ifPresent(s -> columns.add(new Column("neurons' energy in x y", true)));
        }
        columns.add(new Column("cosine with the logits", true));
        boolean perKey = last.losses().stream().anyMatch(l -> l.excludedPerKey().length > 0);
        if (perKey) {
            columns.add(new Column("train loss without it (nats)", true));
        }
        var rows = new ArrayList<Row>();
        for (int i = 0; i < last.keys().size(); i++) {
            int k = last.keys().get(i);
            int place = i;
            var cells = new ArrayList<>(List.of(
                    Html.text(plots.part(k)),
                    Html.text(Amounts.percent(last.embedding().shares()[k]))));
            last.neuronLogit().ifPresent(w -> cells.add(Html.text(Amounts.percent(w.shares()[k]))));
            last.clusters().ifPresent(c -> cells.add(Html.text(Amounts.count(c.size(k)))));
            if (!plots.dissection().group().isCyclic()) {
                last.shares().ifPresent(s -> cells.add(Html.text(Amounts.percent(s.ofProduct()[k]))));
            }
            cells.add(Html.text(PageNumbers.decimals(last.fit().cosine()[k], 1e-4)));
            if (perKey) {
                ProgressLosses l = last.losses(Definition.LOGITS).orElseThrow();
                cells.add(Html.text(PageNumbers.measure(l.excludedPerKey()[place])));
            }
            rows.add(new Row("", cells));
        }
        return rows.isEmpty()
                ? Html.tag("p", "There are no key parts at the last checkpoint.")
                : new Table("Key parts", columns, rows).html();
    }

    private static Html spectra(GrokPlots plots) {
        var shown = new ArrayList<Plot>(List.of(plots.spectrum(plots.last())));
        plots.neurons().ifPresent(shown::add);
        shown.addAll(plots.planes(plots.frames().getLast()));
        return PageParts.grid("pair", shown);
    }

    private static Html overTime(GrokPlots plots) {
        return PageParts.grid("maps", plots.overTime());
    }
}
