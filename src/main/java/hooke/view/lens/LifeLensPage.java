package hooke.view.lens;

import hooke.Amounts;
import hooke.config.task.LifeConfig;
import hooke.lens.life.BoardAttention;
import hooke.lens.life.BoardAttention.Place;
import hooke.lens.life.NeighbourProbes;
import hooke.view.page.Figure;
import hooke.view.page.Html;
import hooke.view.page.LifeFigure;
import hooke.view.page.Page;
import hooke.view.page.PageParts;
import hooke.view.plot.Axis;
import hooke.view.plot.Curve;
import hooke.view.plot.CurvePlot;
import hooke.view.plot.HeatMap;
import hooke.view.plot.Scale;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;

/** How a model of Life comes to its answers: what its layers know, and where its heads look on the board. */
public final class LifeLensPage {
    private LifeLensPage() {}

    /** @param address {@code name/seed@step} */
    public static Page of(String address, LifeConfig config, BoardAttention attention, NeighbourProbes probes) {
        Html head = Html.group(List.of(
                PageParts.kicker(address, List.of()),
                Html.tag("h1", headline(probes)),
                Html.tag(
                                "p",
                                "%s of width %s, looked at where each cell of the next generation is predicted. It learned %s."
                                        .formatted(
                                                Amounts.of(attention.boards(), "test board", "test boards"),
                                                attention.width(),
                                                config.learns()))
                        .with("class", "about")));
        return new Page(
                address + ": inside a model of Life",
                address,
                head,
                List.of(
                        new Page.Section("probes", "What each layer knows", false, Figure.of(probed(probes))),
                        new Page.Section(
                                "moore",
                                "Who looks at the neighbours",
                                false,
                                Html.group(List.of(
                                        Figure.of(shares(
                                                "Share of attention for the predicted cell and its neighbours",
                                                attention,
                                                BoardAttention.Head::near)),
                                        Figure.of(shares(
                                                "Of the attention for the board, the share for the neighbours alone (Moore score)",
                                                attention,
                                                BoardAttention.Head::moore))))),
                        new Page.Section(
                                "boards",
                                "Where a head looks on the board",
                                false,
                                LifeFigure.attention("Attention on the board", attention))),
                "Written by Hooke. This page holds every number it shows and needs no network.");
    }

    /** Says where the count can be read off best, which may be a layer where it hardly can. */
    private static String headline(NeighbourProbes probes) {
        NeighbourProbes.Layer best = probes.layers().getFirst();
        for (NeighbourProbes.Layer layer : probes.layers()) {
            best = layer.count().test().value() > best.count().test().value() ? layer : best;
        }
        return "The number of living neighbours is read off best at %s: %s of the cells"
                .formatted(
                        best.name(),
                        String.format(
                                Locale.ROOT, "%.0f%%", 100 * best.count().test().value()));
    }

    private static CurvePlot probed(NeighbourProbes probes) {
        return CurvePlot.of(
                "Accuracy of linear probes, by layer (0: what the blocks read first)",
                new Axis("blocks passed", Axis.Format.COUNT, List.of(Scale.LINEAR), List.of()),
                new Axis("accuracy", Axis.Format.PERCENT, List.of(Scale.LINEAR), List.of(0.0, 1.0)),
                List.of(
                        curve("living neighbours", probes, l -> l.count().test().value()),
                        curve("next state", probes, l -> l.next().test().value()),
                        curve(
                                "most frequent number of neighbours",
                                probes,
                                l -> l.count().baseline().value()),
                        curve(
                                "most frequent state",
                                probes,
                                l -> l.next().baseline().value())),
                List.of());
    }

    private static Curve curve(String name, NeighbourProbes probes, Function<NeighbourProbes.Layer, Double> value) {
        int n = probes.layers().size();
        return new Curve(
                name,
                IntStream.range(0, n).asDoubleStream().toArray(),
                probes.layers().stream().mapToDouble(value::apply).toArray());
    }

    private static HeatMap shares(
            String title,
            BoardAttention attention,
            Function<BoardAttention.Head, Map<Place, BoardAttention.Score>> which) {
        List<BoardAttention.Head> heads = attention.heads();
        List<Place> places = List.copyOf(which.apply(heads.getFirst()).keySet());
        double[][] values = new double[places.size()][];
        for (int p = 0; p < values.length; p++) {
            Place place = places.get(p);
            values[p] = heads.stream()
                    .mapToDouble(h -> score(which.apply(h), place).share().value())
                    .toArray();
        }
        return new HeatMap(
                title,
                "place",
                places.stream()
                        .map(p -> "%s (chance %s)"
                                .formatted(
                                        p.name().toLowerCase(Locale.ROOT),
                                        BoardAttention.chance(
                                                heads.stream().map(which).toList(), p)))
                        .toList(),
                "head",
                heads.stream().map(h -> h.layer() + "." + h.head()).toList(),
                values,
                0,
                1,
                "");
    }

    private static BoardAttention.Score score(Map<Place, BoardAttention.Score> scores, Place place) {
        return Objects.requireNonNull(scores.get(place));
    }
}
