package hooke.view.page;

import hooke.InputException;
import hooke.Reason;
import hooke.Sha256;
import hooke.view.Palette;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/**
 * One self-contained HTML page: style, scripts and data are inside, nothing is fetched, and the page's own policy forbids fetching and
 * forbids every script but ours.
 *
 * @param title of the browser's tab
 * @param address what the page is about, in the bar at its top
 * @param head what a reader grasps in five seconds
 * @param footer where it comes from
 */
public record Page(String title, String address, Html head, List<Section> sections, String footer) {
    /** In the order of the page, where they share their names. */
    static final List<String> SCRIPTS = List.of(
            "scale.js",
            "draw.js",
            "curves.js",
            "heat.js",
            "parallel.js",
            "panels.js",
            "timelapse.js",
            "explorer.js",
            "life.js",
            "life-attention.js",
            "cells.js",
            "overlay.js",
            "page.js");

    private static final String ICON =
            "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
                    + "%3Ccircle cx='7' cy='7' r='5' fill='none' stroke='%230069b4' stroke-width='2.4'/%3E"
                    + "%3Cpath d='M11 11l4 4' stroke='%23d95f02' stroke-width='2.8' stroke-linecap='round'/%3E%3C/svg%3E";

    /**
     * @param id of the heading, for links to it
     * @param half whether it stands beside another one where there is room
     */
    public record Section(String id, String title, boolean half, Html body) {}

    public Page {
        sections = List.copyOf(sections);
    }

    /** The whole document. */
    public String html() {
        String style = ":root{color-scheme:light;--desk:#f5f6f8;" + Palette.LIGHT.css() + "}\n"
                + "@media (prefers-color-scheme:dark){:root:not([data-theme=light]){" + dark() + "}}\n"
                + ":root[data-theme=dark]{" + dark() + "}\n" + resource("page.css");
        var content = new StringBuilder();
        body().write(content);
        boolean life = content.indexOf("data-plot=\"life") >= 0;
        String script = String.join(
                "\n",
                SCRIPTS.stream()
                        .filter(name -> life || !name.startsWith("life"))
                        .map(Page::resource)
                        .toList());
        var out = new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        // style-src allows inline styles for the lengths that scripts set on elements; scripts are pinned by their hash
        out.append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:;")
                .append(" style-src 'unsafe-inline'; script-src '")
                .append(sha256(script))
                .append("'; base-uri 'none'; form-action 'none'\">\n");
        out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
        Html.text(title).write(out);
        out.append("</title>\n<link rel=\"icon\" href=\"")
                .append(ICON)
                .append("\">\n<style>")
                .append(style);
        out.append("</style>\n</head>\n<body>\n");
        return out.append(content)
                .append("\n<script>")
                .append(script)
                .append("</script>\n</body>\n</html>\n")
                .toString();
    }

    /** Writes the document to that file, which it replaces. */
    public void write(Path file) {
        try {
            Files.writeString(file, html());
        } catch (IOException e) {
            throw new InputException(file + " cannot be written: " + Reason.of(e), e);
        }
    }

    private Html body() {
        var links = new ArrayList<Html>();
        var parts = new ArrayList<Html>();
        for (Section section : sections) {
            links.add(Html.tag("a", section.title()).with("href", "#" + section.id()));
            parts.add(Html.tag("section", Html.tag("h2", section.title()).with("id", section.id()), section.body())
                    .with("class", section.half() ? "half" : "whole")
                    .with("aria-labelledby", section.id()));
        }
        return Html.group(List.of(
                Html.tag("a", "To the content").with("class", "skip").with("href", "#main"),
                Html.tag(
                                "div",
                                Html.tag("span", address).with("class", "address mono"),
                                Html.tag("nav", Html.group(links)).with("aria-label", "Sections"),
                                Html.tag("button", "").with("id", "theme").with("type", "button"))
                        .with("class", "bar"),
                Html.tag(
                                "main",
                                Html.tag("header", head).with("class", "top"),
                                Html.tag("noscript", Html.tag("p", "The plots of this page are drawn by its scripts.")),
                                Html.tag("div", Html.group(parts)).with("class", "sections"),
                                Html.tag("footer", footer))
                        .with("id", "main")));
    }

    private static String dark() {
        return "color-scheme:dark;--desk:#101419;" + Palette.DARK.css();
    }

    static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    private static String sha256(String script) {
        byte[] hash = Sha256.bytes(script.getBytes(StandardCharsets.UTF_8));
        return "sha256-" + Base64.getEncoder().encodeToString(hash);
    }
}
