package hooke.view.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import hooke.view.BrowserTest;
import hooke.view.Palette;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonInBrowserTest extends BrowserTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void openComparison() {
        Path file = folder.resolve("comparison.html");
        ComparisonPage.of(
                        new Comparison(List.of(
                                ComparisonTest.run("quick-grok", 0, 2100, "Xeon"),
                                ComparisonTest.run("quick-grok-2", 1, 0, "EPYC", "train.optimizer.lr=0.002"))),
                        Map.of("quick-grok/0", "quick-grok-0.html"))
                .write(file);
        open(file);
    }

    private Locator legend(String run) {
        return page.locator(".legend.runs")
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(run).setExact(true));
    }

    private int drawn(int plot, int colour) {
        return pixels(plot(plot).locator("canvas"), Palette.LIGHT.curves().get(colour));
    }

    @Test
    void aRunIsALinkWhereItsPageLiesBesideThis() {
        assertThat(page.locator(".side-by-side thead a").all())
                .isNotEmpty()
                .allSatisfy(link -> assertThat(link.getAttribute("href")).isEqualTo("quick-grok-0.html"));
        assertThat(page.locator(".side-by-side thead span.run").first().innerText())
                .isEqualTo("quick-grok-2/1");
    }

    @Test
    void oneLegendHidesARunInEveryPlot() {
        assertThat(drawn(0, 1)).isPositive();
        assertThat(drawn(2, 1)).isPositive();

        legend("quick-grok-2/1").click();
        page.mouse().move(0, 0);
        settle();

        assertThat(drawn(0, 1)).isZero();
        assertThat(drawn(2, 1)).isZero();
        assertThat(drawn(2, 0)).as("the other run stays").isPositive();
        assertThat(legend("quick-grok-2/1").getAttribute("aria-pressed")).isEqualTo("false");
    }

    @Test
    void aRunThatIsPointedAtIsBroughtOut() {
        int before = drawn(0, 0);
        legend("quick-grok/0").hover();
        settle();

        assertThat(drawn(0, 0)).as("a thicker line").isGreaterThan(before);
        assertThat(drawn(0, 1)).as("the other pales").isZero();
    }

    @Test
    void theTipNamesRunsAndOneCursorReadsAllPlots() {
        plot(0).hover();
        settle();

        assertThat(plot(0).locator(".tip").innerText()).contains("quick-grok/0", "quick-grok-2/1");
        assertThat(plot(2).locator(".tip").isVisible()).isTrue();
    }

    @Test
    void settingsThatDifferComeFirstAndTheOthersAreFolded() {
        Locator section = page.locator(
                "section", new com.microsoft.playwright.Page.LocatorOptions().setHasText("Settings that differ"));

        assertThat(section.locator("tbody").first().innerText())
                .contains("train.optimizer.lr", "0.003")
                .doesNotContain("task.modulus");
        assertThat(section.locator("details").getAttribute("open")).isNull();
        section.locator("summary").click();
        assertThat(section.locator("details").innerText()).contains("task.modulus");
    }
}
