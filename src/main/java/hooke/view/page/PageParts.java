package hooke.view.page;

import hooke.view.plot.Plot;
import java.util.List;

/** What the pages have in common below the shell: tiles, cards, plots side by side, tables that scroll. */
public final class PageParts {
    private PageParts() {}

    /** What the page is about, before its headline. */
    public static Html kicker(String address, List<? extends Html> badges) {
        return Html.tag("p", Html.tag("span", address).with("class", "mono"), Html.group(badges))
                .with("class", "kicker");
    }

    public static Html badge(String text) {
        return Html.tag("span", text).with("class", "badge");
    }

    /** Figures that a reader sees first, each a {@link #tile}. */
    public static Html tiles(List<? extends Html> tiles) {
        return Html.tag("dl", Html.group(tiles)).with("class", "tiles");
    }

    /** @param of what the value is of, small below it: its n, its unit, its set */
    public static Html tile(String name, String value, String of) {
        return Html.tag(
                "div",
                Html.tag("dt", Glossary.explained(name)),
                Html.tag("dd", value),
                Html.tag("dd", of).with("class", "of"));
    }

    public static Html card(Html content) {
        return Html.tag("div", content).with("class", "card");
    }

    /** A sentence below what it explains. */
    public static Html small(String text) {
        return Html.tag("p", text).with("class", "small");
    }

    /** Of limited height; the keyboard can scroll it. */
    public static Html.Element scrolling(Html content) {
        return Html.tag("div", content).with("class", "scroll").with("tabindex", "0");
    }

    /** Plots beside each other where there is room. */
    public static Html grid(String layout, List<? extends Plot> plots) {
        return Html.tag("div", Html.group(plots.stream().map(Figure::of).toList()))
                .with("class", layout);
    }
}
