package hooke.view.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.lens.fourier.Frame;
import hooke.lens.fourier.Phases;
import hooke.lens.fourier.ProgressLosses;
import hooke.lens.fourier.Snapshot;
import hooke.view.Palette;
import hooke.view.drawing.Picture;
import hooke.view.plot.Axis;
import hooke.view.plot.BarPlot;
import hooke.view.plot.Plot;
import hooke.view.plot.PointPlot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrokPageTest {
    @Test
    void the_page_states_rule_definitions_and_keys() {
        String html = GrokPage.of(GrokSample.addition()).html();
        assertThat(html)
                .containsPattern("<h1>The frequencies 2, 4 make up (&lt;)?[0-9.]+% of its logits</h1>")
                .contains("Memorization ends when the train accuracy first exceeds 0.99")
                .contains("restricted on all pairs, excluded on the training pairs")
                .contains("memorization to step 200, circuit formation to step 300, clean-up to step 400");
    }

    /** Few of the logits are those kernels, and still nothing else is needed: losses say so. */
    @Test
    void a_headline_says_what_it_answers_with_where_losses_show_that() {
        GrokPlots sample = GrokSample.permutations();
        var enough = new ProgressLosses(ProgressLosses.Definition.LOGITS, 0.001, 20, new double[0]);
        assertThat(headline(sample, enough))
                .isEqualTo("<h1>It answers with representations standard, standard x sign</h1>");
        var needless = new ProgressLosses(ProgressLosses.Definition.LOGITS, 0.001, 0.5, new double[0]);
        assertThat(headline(sample, needless)).contains("make up");
        var tooLittle = new ProgressLosses(ProgressLosses.Definition.LOGITS, 0.5, 20, new double[0]);
        assertThat(headline(sample, tooLittle)).contains("make up");
    }

    /** Of a model that answers well, with these losses of its key parts. */
    private static String headline(GrokPlots sample, ProgressLosses losses) {
        Snapshot s = sample.last();
        var last = new Snapshot(
                s.step(),
                s.embedding(),
                s.neuronLogit(),
                s.clusters(),
                s.shares(),
                s.fit(),
                new ProgressLosses.Full(0.01, 0.01, 0.01),
                s.keys(),
                List.of(losses),
                s.squares());
        Frame frame = sample.frames().getLast();
        var plots = new GrokPlots(
                sample.run(),
                sample.dissection(),
                List.of(new Frame(last, frame.planes(), frame.patterns())),
                sample.phases(),
                sample.examples());
        String html = GrokPage.of(plots).html();
        return html.substring(html.indexOf("<h1>"), html.indexOf("</h1>") + 5);
    }

    @Test
    void phases_that_come_in_another_order_are_said_to() {
        GrokPlots sample = GrokSample.addition();
        assertThat(GrokPage.of(sample).html()).doesNotContain("do not come in that order");
        var late = new Phases(OptionalLong.of(350), OptionalLong.of(300), OptionalLong.of(400), 0.99, 0);
        var plots = new GrokPlots(sample.run(), sample.dissection(), sample.frames(), late, sample.examples());
        assertThat(GrokPage.of(plots).html()).contains("In this run the phases do not occur in that order.");
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
                    plots.spectrum(plots.last()),
                    plots.planes(plots.frames().getLast()).getFirst())) {
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
    void residues_lie_in_the_plane_of_each_key_frequency_and_permutations_are_coloured_by_parity() {
        GrokPlots addition = GrokSample.addition();
        List<PointPlot> circles = addition.planes(addition.frames().getLast());
        assertThat(circles)
                .extracting(PointPlot::title)
                .containsExactly("Embeddings at frequency 2", "Embeddings at frequency 4");
        assertThat(circles.getFirst().path()).startsWith(0, 6, 1); // 2 x 6 = 1 mod 11

        GrokPlots permutations = GrokSample.permutations();
        PointPlot plane = permutations.planes(permutations.frames().getLast()).getFirst();
        assertThat(plane.kinds()).containsExactly("even permutations", "odd permutations");
        assertThat(plane.labels().subList(0, 4)).containsExactly("0123", "0132", "0213", "0231");
        assertThat(plane.kind().subList(0, 4)).containsExactly(0, 1, 1, 0);
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
