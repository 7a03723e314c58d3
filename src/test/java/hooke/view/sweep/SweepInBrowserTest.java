package hooke.view.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import hooke.view.BrowserTest;
import hooke.view.Palette;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of a sweep under the hands of its reader. */
class SweepInBrowserTest extends BrowserTest {
    @TempDir
    private static Path sweeps;

    @BeforeAll
    static void write() {
        PlantedReport.page(PlantedReport.measures(sweeps.resolve("runs"))).write(sweeps.resolve("sweep.html"));
    }

    @BeforeEach
    void openSweep() {
        open(sweeps.resolve("sweep.html"));
    }

    private List<String> column(int n) {
        return page.locator("[data-cells] > .wide-table > table > tbody > tr:not(.seeds):visible").all().stream()
                .map(row -> row.locator("> *").nth(n).innerText())
                .toList();
    }

    @Test
    void cellsAreSortedByANumberAndBack() {
        List<String> before = column(5);

        Locator head = page.locator("[data-cells] thead button", new Page.LocatorOptions().setHasText("step to grok"));
        head.click();
        assertThat(page.locator("[aria-sort=ascending]").innerText()).startsWith("step to grok");
        List<Double> medians =
                column(5).stream().map(SweepInBrowserTest::median).toList();
        assertThat(medians).isSorted();
        head.click();
        assertThat(page.locator("[aria-sort=descending]").count()).isEqualTo(1);
        assertThat(column(5).stream().map(SweepInBrowserTest::median).toList().reversed())
                .isSorted();
        assertThat(column(5)).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void aHeadThatSortsStillExplainsItsWord() {
        Locator word = page.locator("[data-cells] thead button abbr", new Page.LocatorOptions().setHasText("cell"));
        assertThat(word.getAttribute("title")).startsWith("an experiment without its seed");
        word.click();
        assertThat(page.locator("[data-cells] th[aria-sort=ascending]").innerText())
                .startsWith("cell");
    }

    private static double median(String cell) {
        return cell.startsWith("not reached")
                ? Double.POSITIVE_INFINITY
                : Double.parseDouble(cell.split(" ")[0].replace(",", ""));
    }

    @Test
    void aCellUnfoldsIntoItsSeedsByTheKeyboard() {
        Locator unfold = page.locator("button.unfold").nth(1);
        unfold.focus();
        page.keyboard().press("Enter");

        assertThat(unfold.getAttribute("aria-expanded")).isEqualTo("true");
        Locator rows = page.locator("tr.seeds tbody tr");
        assertThat(rows.count()).isEqualTo(5);
        assertThat(rows.nth(2).innerText()).contains("diverged at 900");
        assertThat(rows.nth(0).innerText()).contains("not at ");
        assertThat(rows.nth(0).locator("svg.spark path").getAttribute("d")).startsWith("M0 ");
        page.locator("[data-cells] thead button").first().click();
        assertThat(page.locator("tr.seeds").evaluate("row => row.previousElementSibling.unfolded === row"))
                .isEqualTo(true);
        page.locator("button.unfold[aria-expanded=true]").press("Enter");
        assertThat(page.locator("tr.seeds").count()).isZero();
    }

    @Test
    void cellsAreFilteredByWords() {
        page.locator("[data-cells] input").fill("layers-4 heads-2");
        assertThat(column(0)).hasSize(2).allSatisfy(label -> assertThat(label).contains("n_layers-4", "n_heads-2"));
        assertThat(page.locator("[data-cells] output").innerText()).isEqualTo("2 of 8 cells");
        page.locator("[data-cells] button", new Page.LocatorOptions().setHasText("Unfold all"))
                .click();
        assertThat(page.locator("tr.seeds").count()).isEqualTo(2);
    }

    @Test
    void aRunThatWasNotBegunIsSaidToBeMissing() {
        page.locator("button.unfold").last().click();
        assertThat(page.locator("tr.seeds tbody tr").last().innerText())
                .contains("seed 4")
                .contains("missing");
    }

    @Test
    void bandsAreDrawnAndRead() {
        Locator first = plot(0);
        first.press("End");
        first.press("ArrowDown");
        settle();
        String tip = page.locator(".tip").first().innerText();
        assertThat(tip).startsWith("step 7,500").contains("n_layers-", "[", "%, ");
        assertThat(page.evaluate("plots[0].curves.every(c => c.low.length === c.x.length)"))
                .isEqualTo(true);
        assertThat(pixels(first.locator("canvas"), Palette.LIGHT.curves().get(0)))
                .isPositive();
    }

    @Test
    void aCurvePointedAtIsReadAndAClickShowsItsCell() {
        Locator first = plot(0);
        BoundingBox box = box(first);
        page.mouse().move(box.x + box.width / 2, box.y + 60);
        page.mouse().move(box.x + box.width / 2, box.y + 61);
        settle();
        List<Double> at = numbers("(() => { const p = plots[0], c = p.curves[1], i = 100;"
                + " return [p.frame.px(c.x[i]), p.frame.py(c.y[i])]; })()");
        page.mouse().move(box.x + at.get(0), box.y + at.get(1));
        settle();
        Object name = page.evaluate("plots[0].shared.focus");
        assertThat(page.locator(".tip").first().innerText()).contains(String.valueOf(name));
        List<Double> tip = numbers(
                "(() => { const r = plots[0].tip.getBoundingClientRect(), b = plots[0].box.getBoundingClientRect();"
                        + " return [r.width, b.width]; })()");
        assertThat(tip.get(0)).as("covers no more than a side").isLessThan(0.75 * tip.get(1));
        page.mouse().click(box.x + at.get(0), box.y + at.get(1));
        assertThat(page.locator("tr.seeds").evaluate("row => row.previousElementSibling.cells[0].textContent"))
                .asString()
                .endsWith(String.valueOf(name));
    }

    @Test
    void theFirstHeadStaysOverItsColumn() {
        page.setViewportSize(900, 800);
        page.locator(".wide-table").evaluate("box => { box.scrollLeft = 200; box.scrollTop = 40; }");
        assertThat(page.evaluate("(() => { const t = document.querySelector('.wide-table > table');"
                        + " const x = cell => cell.getBoundingClientRect().left;"
                        + " return x(t.tHead.rows[0].cells[0]) === x(t.tBodies[0].rows[3].cells[0]); })()"))
                .isEqualTo(true);
    }

    @Test
    void survivalCurvesCarryTheirNumbersAtRisk() {
        int i = (int) page.evaluate("plots.findIndex(p => p.curves?.length === 2 && p.curves[0].until)");
        assertThat(i).isPositive();
        assertThat(page.evaluate("i => plots[i].curves.map(c => c.until.length)", i))
                .isEqualTo(List.of(10, 10));
        plot(i).press("Home");
        plot(i).press("ArrowRight");
        settle();
        assertThat(page.locator(".spoken").nth(i).textContent()).matches("step [0-9,]+: .*%.*");
        assertThat(page.locator(".tip").nth(i).innerText())
                .as("a step holds until the next")
                .doesNotContain("(at ");
    }

    @Test
    void parallelCoordinatesKeepWhatIsDraggedOver() {
        Locator surface = page.locator("figure.parallel .surface");
        BoundingBox box = box(surface);
        List<Double> frame = numbers("(() => { const f = plots.at(-1).frame; return [f.x[0], f.top, f.bottom]; })()");
        page.mouse().move(box.x + frame.get(0), box.y + frame.get(1) - 8);
        page.mouse().down();
        page.mouse().move(box.x + frame.get(0), box.y + frame.get(1) + 30);
        page.mouse().up();
        settle();
        assertThat(page.evaluate("plots.at(-1).data.lines.filter((_, i) => plots.at(-1).keeps(i)).length"))
                .isEqualTo(4);
        assertThat(page.locator("figure.parallel output").innerText()).isEqualTo("4 of 8");
        surface.press("ArrowDown");
        assertThat(page.locator("figure.parallel output").innerText()).contains("test accuracy");
        surface.press("Escape");
        assertThat(page.evaluate("plots.at(-1).ranges.every(r => r === null)")).isEqualTo(true);
    }

    @Test
    void noWidthNeedsScrollingSideways() {
        for (int width : new int[] {320, 390, 820, 1600}) {
            page.setViewportSize(width, 800);
            settle();
            assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .as("%s px", width)
                    .isEqualTo(true);
        }
    }

    @Test
    void itIsDarkWhereItsReaderIsAndPrintsLight() {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        settle();
        assertThat(pixels(plot(0).locator("canvas"), Palette.DARK.curves().get(0)))
                .isPositive();
        assertThat(page.pdf()).hasSizeGreaterThan(20_000);
        assertThat(page.title()).endsWith("runs grokked");
    }
}
