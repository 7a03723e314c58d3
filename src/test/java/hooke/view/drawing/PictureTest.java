package hooke.view.drawing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.view.Palette;
import hooke.view.SampleReports;
import hooke.view.plot.Axis;
import hooke.view.plot.Curve;
import hooke.view.plot.CurvePlot;
import hooke.view.plot.HeatMap;
import hooke.view.plot.Plot;
import hooke.view.plot.Scale;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureTest {
    @TempDir
    private Path folder;

    private BufferedImage png(Plot plot) throws IOException {
        Path file = folder.resolve("plot.png");
        new Picture(plot, "modmul-113/0").writePng(file);
        return ImageIO.read(file.toFile());
    }

    private String svg(Plot plot) throws IOException {
        Path file = folder.resolve("plot.svg");
        new Picture(plot, "modmul-113/0").writeSvg(file);
        return Files.readString(file);
    }

    private List<String> texts(Plot plot) throws IOException {
        return Pattern.compile(">([^<>]+)</t")
                .matcher(svg(plot))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static long pixels(BufferedImage image, String colour) {
        int rgb = Palette.rgb(colour);
        return IntStream.range(0, image.getWidth() * image.getHeight())
                .filter(i -> (image.getRGB(i % image.getWidth(), i / image.getWidth()) & 0xffffff) == rgb)
                .count();
    }

    @Test
    void aPngIsSharpAndShowsBothCurves() throws IOException {
        BufferedImage image = png(SampleReports.grokking().plots().getFirst());

        assertThat(image.getWidth()).isEqualTo(2700);
        assertThat(pixels(image, Palette.LIGHT.curves().get(0))).isGreaterThan(2000);
        assertThat(pixels(image, Palette.LIGHT.curves().get(1))).isGreaterThan(2000);
    }

    @Test
    void anSvgHoldsTitleAddressLegendTicksAndEventsAsText() throws IOException {
        CurvePlot loss = SampleReports.grokking().plots().getFirst();

        assertThat(texts(loss))
                .contains("Loss, modmul-113/0", "Loss", "modmul-113/0", "train loss", "test loss")
                .contains("memorized 200", "grokked 4,700", "resumed ×2")
                .contains("10⁻⁶", "10,000", "0");
        assertThat(svg(loss).contains("DOCTYPE")).isFalse();
    }

    @Test
    void anSvgIsThinned() throws IOException {
        svg(SampleReports.grokking().plots().getFirst());

        assertThat(folder.resolve("plot.svg"))
                .satisfies(file -> assertThat(Files.size(file)).isLessThan(400_000));
    }

    @Test
    void theFirstAndTheLastPointAreDrawn() throws IOException {
        double[] x = IntStream.rangeClosed(0, 40_000).mapToDouble(i -> i).toArray();
        double[] y = new double[x.length];
        y[0] = 1;
        y[40_000] = 1;
        var plot = CurvePlot.of(
                "Spikes", Axis.steps(List.of()), Axis.share("y"), List.of(new Curve("c", x, y)), List.of());

        BufferedImage image = png(plot);

        List<Integer> columns = IntStream.range(0, image.getWidth())
                .filter(column -> IntStream.range(700, 1000)
                        .allMatch(row -> (image.getRGB(column, row) & 0xffffff) != 0xffffff
                                && (image.getRGB(column, row) & 0xff) > 0x80))
                .boxed()
                .toList();
        assertThat(columns.getFirst()).as("a line up at the left edge").isLessThan(300);
        assertThat(columns.getLast()).as("and one at the right").isGreaterThan(2600);
    }

    @Test
    void heatMapsHoldLabelsAndValues() throws IOException {
        HeatMap map = SampleReports.listCopy().heatMaps().get(1);

        assertThat(texts(map)).contains("d1 = 37", "o2", "key", "0.31", "0.93").doesNotContain("NaN");
        assertThat(pixels(png(map), "#%06x".formatted(Palette.mix(Palette.LIGHT.heat(), 0.933))))
                .isGreaterThan(5000);
    }

    @Test
    void oddDataHasAPictureToo() throws IOException {
        double nan = Double.NaN;
        for (Curve curve : List.of(
                new Curve("none", new double[0], new double[0]),
                new Curve("one", new double[] {3}, new double[] {0.5}),
                new Curve("gone", new double[] {0, 1, 2}, new double[] {nan, nan, Double.POSITIVE_INFINITY}),
                new Curve("flat", new double[] {0, 1, 2}, new double[] {7, 7, 7}),
                new Curve("zero", new double[] {0, 1, 2}, new double[] {1, 0, -1}))) {
            for (Scale scale : List.of(Scale.LINEAR, Scale.LOG)) {
                List<Curve> curves = List.of(curve);
                Axis y = Axis.measure("y", false, curves).with(scale);
                assertThat(texts(CurvePlot.of("Odd", Axis.steps(curves), y, curves, List.of())))
                        .contains("Odd", curve.name());
            }
        }
    }

    @Test
    void aFolderThatIsNotThereIsOneSentence() {
        Path file = folder.resolve("none").resolve("loss.png");
        var picture = new Picture(SampleReports.listCopy().plots().getFirst(), "list-copy/0");

        assertThatThrownBy(() -> picture.writePng(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("cannot be written: ");
        assertThatThrownBy(() -> picture.writeSvg(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("cannot be written: ");
    }
}
