package hooke.view.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import hooke.view.BrowserTest;
import hooke.view.Palette;
import hooke.view.SampleReports;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of a run as its reader meets it. */
class ReportInBrowserTest extends BrowserTest {
    @Test
    void everyCurveIsDrawnInBothSchemes() {
        for (Palette palette : List.of(Palette.LIGHT, Palette.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions()
                    .setColorScheme(palette.equals(Palette.LIGHT) ? ColorScheme.LIGHT : ColorScheme.DARK));
            open(grokking);
            for (int i = 0; i < 2; i++) {
                Locator canvas = plot(i).locator("canvas");
                assertThat(pixels(canvas, palette.curves().get(0))).as("train").isGreaterThan(200);
                assertThat(pixels(canvas, palette.curves().get(1))).as("test").isGreaterThan(200);
                assertThat(pixels(canvas, palette.ink())).as("milestones").isGreaterThan(200);
            }
        }
    }

    @Test
    void everyPointIsInThePage() {
        RunReport run = SampleReports.grokking();
        open(run);

        for (int i = 0; i < 2; i++) {
            double[] y = run.curves().get(i).y();
            for (int at : new int[] {0, 1, 3901, 39_999, 40_000}) {
                Object found = page.evaluate("([i, at]) => plots[0].values(at)[i].y", List.of(i, at));
                assertThat(((Number) found).doubleValue()).isCloseTo(y[at], within(y[at] * 1e-7));
            }
        }
    }

    @Test
    void whatAUserWroteIsShownAndNotRun() {
        open(listCopy);

        assertThat(page.locator(".note").innerText()).isEqualTo(SampleReports.HOSTILE);
        assertThat(page.title()).startsWith("list-copy/0: Copies");
        assertThat(page.locator("img").count()).isZero();
        page.evaluate("""
                () => {
                  const script = document.createElement('script');
                  script.textContent = 'window.owned = true';
                  document.body.append(script);
                }""");
        assertThat(page.evaluate("window.owned === undefined"))
                .as("even a script that got in")
                .isEqualTo(true);
        assertThat(complaints).hasSize(1).allMatch(c -> c.contains("Content Security Policy"));
        complaints.clear();
    }

    @Test
    void theSchemeFollowsTheSystemAndTheButton() {
        open(listCopy);
        String desk = "getComputedStyle(document.body).backgroundColor";
        Object light = page.evaluate(desk);

        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        assertThat(page.evaluate(desk)).isNotEqualTo(light);
        page.locator("#theme").click();
        assertThat(page.evaluate(desk)).isEqualTo(light);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        page.locator("#theme").click();
        assertThat(page.evaluate(desk)).isNotEqualTo(light);
    }

    @Test
    void onlyWhatDiffersIsAsked() {
        open(listCopy);
        int all = page.locator(".settings tr:visible").count();

        page.locator("#differing").check();

        assertThat(page.locator(".settings tr:visible").count()).isBetween(5, all / 2);
        assertThat(page.locator(".settings tr.same:visible").count()).isZero();
    }

    @Test
    void noWidthNeedsScrollingSideways() {
        for (int width : new int[] {320, 390, 820, 1600}) {
            page.setViewportSize(width, 800);
            open(listCopy);
            assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .as("%s px", width)
                    .isEqualTo(true);
        }
    }

    @Test
    void itPrints() {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        open(grokking);

        assertThat(page.pdf()).hasSizeGreaterThan(20_000);
        assertThat(page.evaluate("document.documentElement.dataset.theme === undefined"))
                .as("dark again")
                .isEqualTo(true);
    }
}
