package hooke.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.BoundingBox;
import hooke.view.drawing.Thinning;
import hooke.view.drawing.Ticks;
import hooke.view.plot.Axis;
import hooke.view.plot.Curve;
import hooke.view.plot.Scale;
import hooke.view.run.RunReport;
import hooke.view.run.RunReport.Event;
import hooke.view.run.RunReport.Kind;
import hooke.view.run.RunReport.State;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Plots under the hands of a reader: pointer, wheel and keyboard. */
class PlotsInBrowserTest extends BrowserTest {
    @Test
    void draggingZoomsAllPlotsAndDoubleClickShowsEverything() {
        open(grokking);
        assertThat(shown()).containsExactly(0.0, 40_000.0);

        drag(plot(1), 0.7, 0.8);

        List<Double> zoomed = shown();
        assertThat(zoomed.get(0)).isBetween(500.0, 3000.0);
        assertThat(zoomed.get(1)).isBetween(zoomed.get(0) + 100, 9000.0);
        assertThat(page.evaluate("plots[1].shared === plots[0].shared")).isEqualTo(true);
        BoundingBox box = box(plot(0));
        page.mouse().dblclick(box.x + 300, box.y + 160);
        assertThat(shown()).containsExactly(0.0, 40_000.0);
    }

    @Test
    void aBoxZoomsBothAxes() {
        open(grokking);
        BoundingBox box = box(plot(0));
        page.mouse().move(box.x + 300, box.y + 120);
        page.mouse().down();
        page.mouse().move(box.x + 500, box.y + 220);
        page.mouse().up();
        settle();

        assertThat(
                        page.evaluate(
                                "plots[0].yRange.length === 2 && plots[0].shared.range.length === 2 && plots[1].yRange === null"))
                .isEqualTo(true);
        plot(0).press("0");
        settle();
        assertThat(page.evaluate("plots[0].yRange === null && plots[0].shared.range === null"))
                .isEqualTo(true);
    }

    @Test
    void theWheelZoomsOnceThePlotHasTheFocusAndScrollsThePageBefore() {
        open(grokking);
        BoundingBox box = box(plot(0));
        page.mouse().move(box.x + 500, box.y + 160);
        page.mouse().wheel(0, 5);
        PlaywrightAssertions.assertThat(page.locator(".hint").first()).isVisible();
        assertThat(shown()).containsExactly(0.0, 40_000.0);

        plot(0).focus();
        page.mouse().wheel(0, -200);
        PlaywrightAssertions.assertThat(page.getByText("Reset").first()).isEnabled();

        List<Double> zoomed = shown();
        assertThat(zoomed.get(1) - zoomed.get(0)).isLessThan(30_000);
        page.keyboard().down("Shift");
        drag(plot(0), 0.5, 0.6);
        page.keyboard().up("Shift");
        assertThat(shown().get(0)).isLessThan(zoomed.get(0));
    }

    @Test
    void theKeyboardReachesEveryPoint() {
        open(grokking);
        Locator tip = page.locator(".tip").first();

        plot(0).press("Home");
        settle();
        assertThat(tip.innerText()).startsWith("step 0\n");
        plot(0).press("ArrowRight");
        settle();
        assertThat(tip.innerText()).startsWith("step 1\n");
        plot(0).press("End");
        settle();
        assertThat(tip.innerText()).startsWith("step 40,000\n").contains("train loss", "test loss");
        for (int i = 0; i < 40; i++) {
            plot(0).press("+");
        }
        List<Double> closest = shown();
        assertThat(closest.get(1) - closest.get(0))
                .as("two strides are the closest view")
                .isBetween(1.9, 2.1);
        plot(0).press("ArrowLeft");
        settle();
        assertThat(tip.innerText()).startsWith("step 39,999\n");
        plot(0).press("e");
        settle();
        assertThat(tip.innerText())
                .as("the next event after the last is the first")
                .startsWith("step 200 · memorized\n");
        assertThat(page.locator(".spoken").first().textContent()).startsWith("step 200: train loss ");
    }

    @Test
    void hoveringReadsEverySeriesAtOneStep() {
        open(grokking);
        BoundingBox box = box(plot(1));

        page.mouse().move(box.x + 700, box.y + 100);
        settle();

        String step = page.locator(".tip b").first().innerText();
        assertThat(step).matches("step [0-9,]+");
        assertThat(page.locator(".tip b").nth(1).innerText())
                .as("both plots read the same step")
                .isEqualTo(step);
        assertThat(page.locator(".tip .value").allInnerTexts()).hasSize(4);
        assertThat(page.locator(".tip .value").nth(3).innerText()).endsWith("%");
    }

    @Test
    void scalesSwitchByKeyAndByButton() {
        open(grokking);
        assertThat(page.evaluate("[plots[0].shared.scale, plots[0].yScale]")).isEqualTo(List.of("log1p", "log"));

        plot(0).press("x");
        plot(0).press("y");
        settle();
        assertThat(page.evaluate("[plots[0].shared.scale, plots[0].yScale]")).isEqualTo(List.of("linear", "linear"));
        page.locator("[aria-label^='Scale of loss'] button", new Page.LocatorOptions().setHasText("log"))
                .click();
        settle();
        assertThat(page.evaluate("[plots[0].shared.scale, plots[0].yScale]")).isEqualTo(List.of("linear", "log"));
        assertThat(page.locator("[aria-label^='Scale of loss'] button[aria-pressed=true]")
                        .innerText())
                .isEqualTo("log");
    }

    @Test
    void theLegendHidesCurves() {
        open(grokking);

        page.locator(".legend button", new Page.LocatorOptions().setHasText("train loss"))
                .click();
        settle();

        assertThat(pixels(plot(0).locator("canvas"), Palette.LIGHT.curves().get(0)))
                .isZero();
        assertThat(pixels(plot(0).locator("canvas"), Palette.LIGHT.curves().get(1)))
                .isPositive();
    }

    @Test
    void heatMapsAreReadByPointerAndKeyboard() {
        open(listCopy);
        Locator map = page.locator("figure.heat").nth(1);
        Locator surface = map.locator(".surface");
        assertThat(pixels(map.locator("canvas"), Palette.LIGHT.heat().getLast()))
                .isGreaterThan(1000);

        BoundingBox box = box(surface);
        List<Double> at = numbers("""
                (() => {
                  const { left, top, size } = plots.filter(p => p instanceof HeatMap)[1].frame;
                  return [left + 2.5 * size, top + 4.5 * size];
                })()""");
        page.mouse().move(box.x + at.get(0), box.y + at.get(1));
        assertThat(map.locator("output").innerText()).isEqualTo("query o2, key SEP: 0.314");
        page.mouse().move(0, 0);
        surface.press("ArrowDown");
        assertThat(map.locator("output").innerText()).isEqualTo("query d1 = 37, key d1 = 37: 1");
        surface.press("ArrowRight");
        assertThat(map.locator("output").innerText()).isEqualTo("query d1 = 37, key d2 = 4: masked");
    }

    @Test
    void oddDataIsDrawnWithoutAnError() {
        double nan = Double.NaN;
        double[] x = {0, 10, 20, 30, 40, 50};
        for (double[] y : new double[][] {
            {4, 3, nan, 2, nan, nan},
            {1, 0, 0, 0, 0, 0},
            {nan, nan, nan, nan, nan, nan},
            {7, 7, 7, 7, 7, 7},
            {-1, 2, -3, 4, -5, 6}
        }) {
            RunReport r = SampleReports.grokking();
            var curves = List.of(
                    new Curve("train_loss", x, y),
                    new Curve("test_loss", new double[] {25}, new double[] {Double.POSITIVE_INFINITY}),
                    new Curve("test_accuracy", new double[0], new double[0]));
            var events = List.of(new Event(Kind.DIVERGED, 40, OptionalLong.of(30), "the training loss is NaN"));
            open(new RunReport(
                    r.address(),
                    r.experiment(),
                    State.DIVERGED,
                    "the training loss is NaN",
                    50,
                    Optional.empty(),
                    curves,
                    events,
                    List.of(),
                    List.of(),
                    List.of()));
            for (String key : List.of("Home", "ArrowRight", "+", "y", "End", "x", "e", "-", "1", "0")) {
                plot(0).press(key);
                plot(1).press(key);
            }
            settle();
        }
    }

    @Test
    void thePageThinsAsPicturesDo() {
        open(listCopy);
        var random = new Random(5);
        int[] columns = IntStream.range(0, 2000).map(i -> i * i / 40_000).toArray();
        double[] y = random.doubles(2000).map(v -> v < 0.02 ? Double.NaN : v).toArray();

        Object kept = page.evaluate(
                "([columns, y]) => thin(i => columns[i], y, 0, y.length)",
                List.of(
                        IntStream.of(columns).boxed().toList(),
                        java.util.Arrays.stream(y).boxed().toList()));

        assertThat(kept)
                .isEqualTo(IntStream.of(Thinning.thin(columns, y)).boxed().toList());
    }

    @Test
    void thePageHasTheTicksOfPictures() {
        open(listCopy);
        double[][] ranges = {
            {0, 40_000}, {150, 40_000}, {1e-7, 20}, {0.02, 5}, {0.9985, 1}, {3e-8, 9e-8}, {0, 4e6}, {39_998, 40_000}
        };
        for (Scale scale : Scale.values()) {
            for (Axis.Format format : Axis.Format.values()) {
                for (double[] range : ranges) {
                    if (scale == Scale.LOG && range[0] == 0) {
                        continue;
                    }
                    List<String> expected = Ticks.of(scale, format, range[0], range[1], 7).stream()
                            .map(Ticks.Tick::label)
                            .toList();
                    Object found = page.evaluate(
                            "([s, f, low, high]) => ticks(s.toLowerCase(), f.toLowerCase(), low, high, 7).map(t => t.label)",
                            List.of(scale.name(), format.name(), range[0], range[1]));
                    assertThat(found).as("%s %s %s", scale, format, range).isEqualTo(expected);
                }
            }
        }
    }
}
