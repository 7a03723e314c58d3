package hooke.view.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.KeyboardModifier;
import com.microsoft.playwright.options.SelectOption;
import hooke.InputException;
import hooke.config.Experiments;
import hooke.config.Mask;
import hooke.lens.attention.AttentionExample;
import hooke.lens.attention.AttentionPattern;
import hooke.view.BrowserTest;
import hooke.view.Palette;
import hooke.view.SampleReports;
import hooke.view.page.AttentionExplorer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attention explored by pointer and keyboard: two layers of two heads on "7 + 16", whose last token looks a known way. */
class AttentionInBrowserTest extends BrowserTest {
    private static final List<String> POSITIONS = List.of("a", "op", "b");

    /** How the last token of each head shares its attention. */
    private static final double[][] LAST = {{1, 0, 0}, {0.25, 0.25, 0.5}, {0, 1, 0}, {0.5, 0.125, 0.375}};

    @TempDir
    private Path folder = Path.of("");

    private void open(String... names) {
        openWith("causal", names);
    }

    private void openWith(String mask, String... names) {
        var model = Experiments.parse("""
                name: sample
                task: {kind: modular-arithmetic, operation: add, modulus: 11, train_fraction: 0.4}
                model: {n_layers: 2, d_model: 8, n_heads: 2, d_mlp: 12, mask: %s}
                train: {steps: 4, batch: full}
                """.formatted(mask), "sample", List.of()).model();
        List<AttentionExample> examples = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            examples.add(new AttentionExample(names[i], List.of("7", "+", "1" + i), patterns(i)));
        }
        Path file = folder.resolve("attention.html");
        AttentionPage.of("sample/0@4", model, POSITIONS, examples).write(file);
        open(file);
    }

    /** The heads of example 0, and of the others the same in another order. */
    private static List<AttentionPattern> patterns(int example) {
        return IntStream.range(0, 4)
                .mapToObj(h -> new AttentionPattern(
                        h / 2, h % 2, new double[][] {{1, 0, 0}, {0.75, 0.25, 0}, LAST[(h + example) % 4]}))
                .toList();
    }

    private String reads() {
        settle();
        return page.locator(".look > .reads").innerText();
    }

    private Locator token(int i) {
        return page.locator(".token").nth(i);
    }

    private Locator head(int i) {
        return page.locator(".thumb").nth(i);
    }

    @Test
    void pointing_at_a_token_shades_where_it_looks_and_a_click_keeps_it() {
        open("7 + 10");
        assertThat(reads()).isEqualTo("Layer 0, head 0: b (10) attends to a (7) 1.000");
        assertThat(token(0).innerText()).contains("7", "1.000");

        token(1).hover();
        assertThat(reads()).isEqualTo("Layer 0, head 0: op (+) attends to a (7) 0.750, op (+) 0.250");
        assertThat(token(2).innerText()).as("what the mask closes").contains("closed");
        Object strong = token(0).evaluate("e => e.style.background");
        assertThat(strong).isNotEqualTo("").isNotEqualTo(token(1).evaluate("e => e.style.background"));

        page.mouse().move(2, 2);
        assertThat(reads()).as("back to the token kept").contains("b (10) attends to");
        token(1).click();
        page.mouse().move(2, 2);
        assertThat(reads()).contains("op (+) attends to");
        assertThat(token(1).getAttribute("aria-checked")).isEqualTo("true");
    }

    @Test
    void heads_are_looked_at_in_passing_chosen_and_taken_together() {
        open("7 + 10");
        head(2).hover();
        assertThat(reads()).startsWith("Layer 1, head 0: b (10) attends to op (+) 1.000");
        page.mouse().move(2, 2);
        assertThat(reads()).startsWith("Layer 0, head 0: ");

        head(1).click();
        assertThat(reads()).startsWith("Layer 0, head 1: ").endsWith("b (10) 0.500, a (7) 0.250, op (+) 0.250");
        head(3).click(new Locator.ClickOptions().setModifiers(List.of(KeyboardModifier.SHIFT)));
        page.mouse().move(2, 2);
        assertThat(reads()).isEqualTo("Mean of 2 heads: b (10) attends to b (10) 0.438, a (7) 0.375, op (+) 0.188");
        assertThat(page.locator(".thumb[aria-pressed=true]").count()).isEqualTo(2);

        page.locator(".layer-name").nth(1).click();
        assertThat(reads()).startsWith("Mean of 2 heads: ").contains("op (+) 0.563");
    }

    @Test
    void the_keyboard_does_all_of_it() {
        open("7 + 10", "7 + 11");
        head(0).focus();
        page.keyboard().press("ArrowDown");
        assertThat(reads()).startsWith("Layer 1, head 0: ");
        assertThat(page.evaluate("document.activeElement.getAttribute('aria-label')"))
                .isEqualTo("Layer 1, head 0");
        page.keyboard().press("Shift+ArrowRight");
        assertThat(reads()).startsWith("Mean of 2 heads: ");
        page.keyboard().press("ArrowUp");
        assertThat(reads()).startsWith("Layer 0, head 1: ");

        page.keyboard().press("Tab"); // over the name of layer 1 to the tokens
        page.keyboard().press("Tab");
        page.keyboard().press("ArrowLeft");
        assertThat(reads()).isEqualTo("Layer 0, head 1: op (+) attends to a (7) 0.750, op (+) 0.250");
        assertThat(page.evaluate("document.activeElement.getAttribute('aria-label')"))
                .isEqualTo(reads());
        page.keyboard().press("Home");
        assertThat(reads()).contains("a (7) attends to a (7) 1.000");

        page.keyboard().press("Tab"); // to the pattern, whose first cell the first arrow reads
        page.keyboard().press("ArrowDown");
        page.keyboard().press("ArrowDown");
        page.keyboard().press("ArrowDown");
        settle();
        assertThat(page.locator(".look output").innerText()).isEqualTo("query b, key a: 0.25");
        assertThat(reads()).contains("b (10) attends to");

        page.locator(".chooser select").selectOption(new SelectOption().setIndex(1));
        assertThat(reads()).startsWith("Layer 0, head 1: b (11) attends to op (+) 1.000");
        page.getByLabel("Previous example").press("Enter");
        assertThat(reads()).contains("b (10)");
        page.getByText("attended to by").press("Enter");
        assertThat(reads()).contains("is attended to by");
        assertThat(page.getByText("attended to by").first().getAttribute("aria-pressed"))
                .isEqualTo("true");
    }

    @Test
    void pointing_into_the_pattern_points_at_the_token() {
        open("7 + 10");
        var box = box(page.locator(".look .surface"));
        List<Double> frame = numbers("[plots[0].map.frame.left, plots[0].map.frame.top, plots[0].map.frame.size]");
        page.mouse().move(box.x + frame.get(0) + frame.get(2) / 2, box.y + frame.get(1) + frame.get(2) * 1.5);
        assertThat(reads()).contains("op (+) attends to a (7) 0.750");
        assertThat(page.locator(".look output").innerText()).isEqualTo("query op, key a: 0.75");
    }

    @Test
    void it_is_drawn_in_both_schemes_and_fits_every_width() {
        for (Palette palette : List.of(Palette.LIGHT, Palette.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions()
                    .setColorScheme(palette.equals(Palette.LIGHT) ? ColorScheme.LIGHT : ColorScheme.DARK));
            for (int width : new int[] {320, 820, 1600}) {
                page.setViewportSize(width, 900);
                open("7 + 10", "7 + 11");
                settle();
                assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                        .as("%s px", width)
                        .isEqualTo(true);
                for (int h = 0; h < 4; h++) {
                    assertThat(pixels(head(h).locator("canvas"), palette.heat().getLast()))
                            .as("head %s", h)
                            .isGreaterThan(200);
                }
                assertThat(pixels(page.locator(".look canvas"), palette.heat().getLast()))
                        .isGreaterThan(500);
                assertThat(pixels(
                                page.locator(".wiring canvas"), palette.curves().getFirst()))
                        .as("ways through the layers")
                        .isGreaterThan(100);
            }
        }
    }

    /** Layer 0: one head causal, the other sees itself and one before it. Layer 1: both see themselves alone. */
    @Test
    void every_head_has_its_own_mask() {
        openWith(
                "{kind: layers, masks: [{kind: heads, masks: [causal, {kind: local, window: 2}]}, {kind: local, window: 1}]}",
                "7 + 10");
        assertThat(token(0).innerText()).as("layer 0, head 0").contains("1.000");

        head(1).click();
        page.mouse().move(2, 2);
        assertThat(reads()).isEqualTo("Layer 0, head 1: b (10) attends to b (10) 0.500, op (+) 0.250");
        assertThat(token(0).innerText()).contains("closed");
        head(0).click(new Locator.ClickOptions().setModifiers(List.of(KeyboardModifier.SHIFT)));
        page.mouse().move(2, 2);
        assertThat(reads())
                .as("closed in one head only")
                .isEqualTo("Mean of 2 heads: b (10) attends to a (7) 0.500, b (10) 0.250, op (+) 0.125");

        head(3).click();
        page.mouse().move(2, 2);
        assertThat(token(0).innerText()).contains("closed");
        assertThat(token(1).innerText()).contains("closed");
        assertThat(reads()).isEqualTo("Layer 1, head 1: b (10) attends to b (10) 0.375");
    }

    @Test
    void what_an_example_is_called_is_shown_and_not_run() {
        open(SampleReports.HOSTILE, "7 + 11");
        assertThat(page.locator(".chooser option").first().textContent()).isEqualTo(SampleReports.HOSTILE);
        assertThat(page.title()).isEqualTo("sample/0@4: attention");
        assertThat(page.locator("img").count()).isZero();
        assertThat(page.pdf()).hasSizeGreaterThan(10_000);
    }

    @Test
    void examples_of_other_lengths_are_refused() {
        var example = new AttentionExample("7 + 10", List.of("7", "+"), patterns(0));
        assertThatThrownBy(() -> new AttentionExplorer("t", POSITIONS, new Mask.Causal(), List.of(example)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("example 7 + 10 has 2 tokens and 4 heads, not 3 and 4");
    }
}
