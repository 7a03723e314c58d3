package hooke.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrokPageTest {
    @Test
    void the_page_states_rule_definitions_and_keys() {
        String html = GrokPage.of(GrokSample.addition()).html();
        assertThat(html)
                .containsPattern("<h1>The frequencies 2, 4 make up [0-9.]+% of its logits</h1>")
                .contains("Memorization ends when the train accuracy first exceeds 0.99")
                .contains("restricted on all pairs, excluded on the training pairs")
                .contains("memorization to step 200, circuit formation to step 300, clean-up to step 400");
    }

    @Test
    void every_plot_can_be_printed(@TempDir Path folder) throws Exception {
        for (GrokPlots plots : List.of(GrokSample.addition(), GrokSample.permutations())) {
            assertThat(plots.all()).hasSizeGreaterThan(9);
            for (Plot plot : plots.all()) {
                Path svg = folder.resolve("plot.svg");
                new Picture(plot, "sample/0").writeSvg(svg);
                assertThat(Files.readString(svg)).contains(plot.title());
            }
            for (Plot plot : List.of(
                    plots.spectrum(plots.last()), plots.plane(plots.frames().getLast()))) {
                Path png = folder.resolve("plot.png");
                new Picture(plot, "sample/0").writePng(png);
                var image = ImageIO.read(png.toFile());
                int blue = 0;
                for (int x = 0; x < image.getWidth(); x += 3) {
                    for (int y = 0; y < image.getHeight(); y += 3) {
                        blue += (image.getRGB(x, y) & 0xffffff)
                                        == Palette.rgb(Palette.LIGHT.curves().getFirst())
                                ? 1
                                : 0;
                    }
                }
                assertThat(blue).as(plot.title()).isGreaterThan(20);
            }
        }
    }

    @Test
    void bars_of_other_lengths_than_their_names_are_refused() {
        assertThatThrownBy(() -> new BarPlot(
                        "t",
                        "x",
                        Axis.share("y"),
                        List.of("a", "b"),
                        List.of(new BarPlot.Bars("g", new double[3])),
                        List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("bars g has 3 values for 2 names");
    }
}
