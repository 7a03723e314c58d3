package hooke.view.lens;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import hooke.view.BrowserTest;
import hooke.view.Palette;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dissection of a grokking run as its reader meets it. */
class TimeLapseInBrowserTest extends BrowserTest {
    @TempDir
    private Path folder = Path.of("");

    private void open(GrokPlots plots) {
        Path file = folder.resolve("lens.html");
        GrokPage.of(plots).write(file);
        open(file);
    }

    private String now() {
        settle();
        return page.locator(".film .now").innerText();
    }

    @Test
    void the_slider_moves_every_panel_by_mouse_and_keyboard() {
        open(GrokSample.addition());
        assertThat(now()).isEqualTo("step 400");
        Locator slider = page.locator(".film input");
        List<String> before = panels();

        slider.focus();
        page.keyboard().press("Home");
        assertThat(now()).isEqualTo("step 0");
        List<String> first = panels();
        for (int i = 0; i < before.size(); i++) {
            assertThat(first.get(i)).as("panel %s", i).isNotEqualTo(before.get(i));
        }
        page.keyboard().press("ArrowRight");
        assertThat(now()).isEqualTo("step 100");
        assertThat(slider.getAttribute("aria-valuetext")).isEqualTo("step 100");

        Locator losses = page.locator(".panel.losses canvas");
        BoundingBox box = box(losses);
        page.mouse().click(box.x + box.width - 14, box.y + 60);
        assertThat(now()).isEqualTo("step 400");
    }

    /** What each canvas shows, and the lines below. */
    private List<String> panels() {
        settle();
        Object shown = page.evaluate("[...document.querySelectorAll('.panel canvas')].map(c => c.toDataURL())");
        return ((List<?>) shown).stream().map(String::valueOf).toList();
    }

    @Test
    void it_plays_to_its_end_and_stops() {
        open(GrokSample.addition());
        Locator play = page.locator(".film .play");
        play.click();
        assertThat(play.innerText()).contains("Stop");
        page.locator(".film .play:has-text('Play')").waitFor();
        assertThat(now()).isEqualTo("step 400");
    }

    @Test
    void every_panel_and_figure_is_drawn_in_both_schemes() {
        for (Palette palette : List.of(Palette.LIGHT, Palette.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions()
                    .setColorScheme(palette.equals(Palette.LIGHT) ? ColorScheme.LIGHT : ColorScheme.DARK));
            open(GrokSample.addition());
            settle();
            for (String name : List.of("spectrum", "losses", "plane")) {
                Locator canvas = page.locator(".panel." + name + " canvas");
                assertThat(pixels(canvas, palette.curves().getFirst())).as(name).isGreaterThan(50);
            }
            assertThat(pixels(
                            page.locator(".panel.patterns canvas"),
                            palette.heat().getLast()))
                    .isGreaterThan(200);
            for (String kind : List.of("bars", "points")) {
                Locator canvas = page.locator("figure." + kind + " canvas").first();
                assertThat(pixels(canvas, palette.curves().getFirst())).as(kind).isGreaterThan(50);
            }
        }
    }

    @Test
    void bars_and_points_are_read_by_keys_and_pointer() {
        open(GrokSample.addition());
        Locator bars = page.locator("figure.bars .surface").first();
        bars.focus();
        page.keyboard().press("ArrowRight");
        page.keyboard().press("ArrowRight");
        settle();
        assertThat(page.locator("figure.bars .reads").first().innerText()).startsWith("frequency 2: W_E ");
        Locator points = page.locator("figure.points .surface").first();
        points.focus();
        page.keyboard().press("ArrowRight");
        settle();
        assertThat(page.locator("figure.points .reads").first().innerText()).startsWith("0: ");
    }

    @Test
    void permutations_are_shown_too_and_no_width_needs_scrolling_sideways() {
        for (int width : new int[] {320, 390, 820, 1600}) {
            page.setViewportSize(width, 800);
            open(GrokSample.permutations());
            assertThat(page.locator("h1").innerText()).startsWith("The representations standard, ");
            assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .as("%s px", width)
                    .isEqualTo(true);
        }
    }

    @Test
    void it_prints() {
        open(GrokSample.addition());
        assertThat(page.pdf()).hasSizeGreaterThan(20_000);
    }
}
