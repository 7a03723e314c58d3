package hooke.view.lens;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.lens.OpenedModel;
import hooke.lens.listcopy.ListCopyStudy;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.task.FiniteTask;
import hooke.task.Split;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.Rng;
import hooke.tensor.Scope;
import hooke.view.BrowserTest;
import hooke.view.Palette;
import hooke.view.SampleReports;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dissection of a small list-copy model that nobody trained, as its reader meets it. */
class ListCopyInBrowserTest extends BrowserTest {
    @TempDir
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static Path dissected;

    @SuppressWarnings("NullAway.Init")
    private static ListCopyStudy study;

    @BeforeAll
    static void dissect() {
        Experiment experiment = Experiments.parse("""
                name: sample
                task: {kind: list-copy, list_length: 2, n_digits: 7, train_fraction: 0.6}
                model: {n_layers: 2, d_model: 8, n_heads: 2, attn_only: true, mask: bottleneck}
                train: {steps: 10, batch: 4, threads: 1, engine: torch}
                """, "sample", List.of());
        try (var _ = new Scope();
                var rng = Rng.seeded(1)) {
            var weights = Weights.draw(experiment.model(), DType.F32, Device.CPU, rng);
            study = ListCopyStudy.of(new OpenedModel(
                    experiment, 0, FiniteTask.of(experiment.task()), Split.of(experiment), new Transformer(weights)));
        }
        dissected = folder.resolve("lens.html");
        ListCopyPage.of(SampleReports.HOSTILE, experiment, study).write(dissected);
    }

    @Test
    void every_section_can_be_reached_from_the_bar() {
        open(dissected);
        assertThat(page.locator(".bar nav a").last().innerText()).isEqualTo("What SEP carries");
        assertThat(page.evaluate("() => { const nav = document.querySelector('.bar nav');"
                        + " return nav.scrollWidth <= nav.clientWidth; }"))
                .as("no entry is cut")
                .isEqualTo(true);
    }

    @Test
    void every_map_is_drawn_in_both_schemes() {
        for (Palette palette : List.of(Palette.LIGHT, Palette.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions()
                    .setColorScheme(palette.equals(Palette.LIGHT) ? ColorScheme.LIGHT : ColorScheme.DARK));
            open(dissected);
            Locator maps = page.locator("figure.heat canvas");
            assertThat(maps.count())
                    .as("sample, mean, two outputs, attribution")
                    .isEqualTo(4 + 4 + 8 + 1);
            for (int i = 0; i < maps.count(); i++) {
                // attention on itself is 1 at the first position; other maps may be pale
                String colour = i < 8 ? palette.heat().getLast() : palette.muted();
                assertThat(pixels(maps.nth(i), colour)).as("map %s", i).isPositive();
            }
        }
    }

    @Test
    void the_explorer_shows_every_list_and_their_mean() {
        open(dissected);
        Locator options = page.locator(".chooser option");
        assertThat(options.count()).isEqualTo(study.examples().size() + 1);
        assertThat(options.first().textContent()).isEqualTo(study.sample().name());
        assertThat(options.last().textContent()).isEqualTo("mean over 20 lists");

        page.locator(".token").nth(2).click();
        settle();
        double[] row = study.sample().patterns().getFirst().weights()[2];
        String digit = study.sample().tokens().getFirst();
        assertThat(page.locator(".look > .reads").innerText())
                .startsWith("Layer 0, head 0: SEP attends to ")
                .contains("d1 (%s) %.3f".formatted(digit, row[0]));
        page.locator(".chooser select")
                .selectOption(Integer.toString(study.examples().size()));
        settle();
        double mean = study.attention().heads().getFirst().mean()[2][0];
        assertThat(page.locator(".look > .reads").innerText()).contains("d1 %.3f".formatted(mean));
    }

    @Test
    void its_address_is_shown_and_not_run() {
        open(dissected);
        assertThat(page.title()).isEqualTo((SampleReports.HOSTILE + ": list copy, dissected").replaceAll("\\s+", " "));
        assertThat(page.locator(".kicker .mono").innerText()).isEqualTo(SampleReports.HOSTILE);
        assertThat(page.locator("img").count()).isZero();
    }

    @Test
    void no_width_needs_scrolling_sideways_and_it_prints() {
        for (int width : new int[] {320, 390, 820, 1600}) {
            page.setViewportSize(width, 800);
            open(dissected);
            assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .as("%s px", width)
                    .isEqualTo(true);
        }
        assertThat(page.pdf()).hasSizeGreaterThan(20_000);
    }
}
