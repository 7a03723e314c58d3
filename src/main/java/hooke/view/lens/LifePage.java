package hooke.view.lens;

import hooke.Amounts;
import hooke.config.task.LifeConfig;
import hooke.lens.life.RollOut;
import hooke.view.page.Figure;
import hooke.view.page.Html;
import hooke.view.page.LifeFigure;
import hooke.view.page.Page;
import hooke.view.page.PageParts;
import hooke.view.plot.Axis;
import hooke.view.plot.Curve;
import hooke.view.plot.CurvePlot;
import hooke.view.plot.Scale;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Games that a model of Life plays with itself, beside the true ones. */
public final class LifePage {
    /** Curves that a plot can tell apart. */
    private static final int CURVES = 6;

    private LifePage() {}

    /**
     * @param address {@code name/seed@step}
     * @param drawn how its bytes were drawn, as the end of a sentence; empty where it wrote the most probable ones
     * @param command by which the model plays another start, less the start
     */
    public static Page of(String address, LifeConfig config, RollOut rollOut, String drawn, String command) {
        List<RollOut.Played> games = rollOut.games();
        RollOut.Played first = games.getFirst();
        Html head = Html.group(List.of(
                PageParts.kicker(address, List.of()),
                Html.tag("h1", headline(games)),
                Html.tag(
                                "p",
                                "%s of %s, %s, each board predicted from the one before%s. It learned %s."
                                        .formatted(
                                                Amounts.of(games.size(), "game", "games"),
                                                Amounts.of(first.steps(), "generation", "generations"),
                                                "from "
                                                        + String.join(
                                                                ", ",
                                                                games.stream()
                                                                        .map(RollOut.Played::name)
                                                                        .distinct()
                                                                        .toList()),
                                                drawn,
                                                config.learns()))
                        .with("class", "about")));
        return new Page(
                address + ": Life",
                address,
                head,
                List.of(
                        new Page.Section(
                                "games",
                                "Model and game side by side",
                                false,
                                LifeFigure.games("Generation by generation", games)),
                        new Page.Section(
                                "errors",
                                "Where it errs first",
                                false,
                                PageParts.card(PageParts.scrolling(table(games)))),
                        new Page.Section(
                                "curves",
                                "How far they part",
                                false,
                                Html.tag(
                                                "div",
                                                Html.group(plots(games).stream()
                                                        .map(Figure::of)
                                                        .toList()))
                                        .with("class", "pair")),
                        new Page.Section(
                                "draw",
                                "Draw a pattern",
                                false,
                                LifeFigure.editor(
                                        "Played by the rules",
                                        config,
                                        first.width(),
                                        first.truth().getFirst(),
                                        command))),
                "Written by Hooke. This page holds every board it shows and needs no network.");
    }

    private static String headline(List<RollOut.Played> games) {
        long right = games.stream().filter(g -> g.firstWrongStep() < 0).count();
        if (right == games.size()) {
            return "The model plays %s without a wrong cell".formatted(games.size() == 1 ? "the game" : "every game");
        }
        if (games.size() == 1) {
            return "The model errs first in generation " + games.getFirst().firstWrongStep();
        }
        return "The model plays %s of %s games without a wrong cell".formatted(right, games.size());
    }

    private static Html table(List<RollOut.Played> games) {
        List<Html> rows = new ArrayList<>();
        for (RollOut.Played game : games) {
            int wrong = game.firstWrongStep();
            int[] errors = game.errors();
            rows.add(row(
                    "td",
                    game.name(),
                    game.width() + " × " + game.width(),
                    wrong < 0 ? "none" : "generation " + wrong,
                    wrong < 0 ? "" : places(game),
                    errors[errors.length - 1] + " of " + game.truth().getFirst().length(),
                    Integer.toString(game.malformed().size())));
        }
        return Html.tag(
                "table",
                Html.tag(
                        "thead",
                        row(
                                "th",
                                "start",
                                "board",
                                "first error",
                                "in row, column",
                                "cells wrong at the end",
                                "malformed answers")),
                Html.tag("tbody", Html.group(rows)));
    }

    private static Html row(String tag, String... cells) {
        return Html.tag(
                "tr", Html.group(Arrays.stream(cells).map(c -> Html.tag(tag, c)).toList()));
    }

    private static String places(RollOut.Played game) {
        List<String> places = game.firstWrongCells().stream()
                .map(cell -> (cell / game.width() + 1) + ", " + (cell % game.width() + 1))
                .toList();
        return String.join("; ", places.subList(0, Math.min(4, places.size()))) + (places.size() > 4 ? "; ..." : "");
    }

    /** The share of wrong cells, a curve a game, and the living cells of the first game. */
    public static List<CurvePlot> plots(List<RollOut.Played> games) {
        List<Curve> errors = games.stream()
                .limit(CURVES)
                .map(g -> curve(
                        g.name(),
                        Arrays.stream(g.errors())
                                .mapToDouble(
                                        e -> e / (double) g.truth().getFirst().length())
                                .toArray()))
                .toList();
        List<CurvePlot> plots = new ArrayList<>();
        plots.add(CurvePlot.of(
                "Wrong cells" + (games.size() > CURVES ? ", the first " + CURVES + " games" : ""),
                generations(),
                new Axis("wrong cells", Axis.Format.PERCENT, List.of(Scale.LINEAR), List.of(0.0, 1.0)),
                errors,
                List.of()));
        for (RollOut.Played game : games.subList(0, Math.min(CURVES, games.size()))) {
            plots.add(CurvePlot.of(
                    "Living cells from " + game.name(),
                    generations(),
                    new Axis("living cells", Axis.Format.COUNT, List.of(Scale.LINEAR), List.of()),
                    List.of(
                            curve("model", doubles(RollOut.Played.population(game.model()))),
                            curve("game", doubles(RollOut.Played.population(game.truth())))),
                    List.of()));
        }
        return plots;
    }

    private static double[] doubles(int[] values) {
        return Arrays.stream(values).asDoubleStream().toArray();
    }

    private static Axis generations() {
        return new Axis("generation", Axis.Format.COUNT, List.of(Scale.LINEAR), List.of());
    }

    private static Curve curve(String name, double[] y) {
        return new Curve(name, IntStream.range(0, y.length).asDoubleStream().toArray(), y);
    }
}
