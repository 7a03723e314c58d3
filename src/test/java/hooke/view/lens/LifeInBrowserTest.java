package hooke.view.lens;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import hooke.config.Experiments;
import hooke.config.task.LifeConfig;
import hooke.config.task.LifeRule;
import hooke.lens.life.BoardAttention;
import hooke.lens.life.NeighbourProbes;
import hooke.lens.life.RollOut;
import hooke.lens.probe.Probe;
import hooke.stats.Estimate;
import hooke.task.life.Game;
import hooke.task.life.Pattern;
import hooke.task.life.Player;
import hooke.task.life.Start;
import hooke.view.BrowserTest;
import hooke.view.Palette;
import hooke.view.drawing.LifeFilm;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Games beside the true ones, played and drawn by hand: of a player that copies every board. */
class LifeInBrowserTest extends BrowserTest {
    @TempDir
    private Path folder = Path.of("");

    private static RollOut games() {
        return RollOut.of(
                new Player.Copy(),
                Game.CONWAY,
                List.of("glider", "block"),
                List.of(Start.board("glider", 6, 0, LifeRule.CONWAY), Start.board("2o$2o!", 6, 0, LifeRule.CONWAY)),
                8,
                36);
    }

    private static LifeConfig config() {
        return (LifeConfig) Experiments.parse("""
                task: {kind: life, boards: {widths: [6]}}
                model: {n_layers: 1, d_model: 8, n_heads: 1}
                train: {steps: 1, batch: 1}
                """, "life", List.of()).task();
    }

    private void open() {
        Path file = folder.resolve("life.html");
        LifePage.of("sample/0@4", config(), games(), "", "./hooke life play sample/0@4 --steps 8")
                .write(file);
        open(file);
    }

    /** As it is once what happened is drawn. */
    private Locator at(String selector) {
        settle();
        return page.locator(selector);
    }

    @Test
    void theFilmGoesThroughTheGenerationsAndCountsWhatDiffers() {
        open();

        assertThat(at("h1").textContent()).isEqualTo("The model plays 1 of 2 games without a wrong cell");
        assertThat(at(".life .reads").textContent()).startsWith("0 of 36 cells differ; 5 live");
        at(".life input[type=range]").press("ArrowRight");
        assertThat(at(".life .reads").textContent()).startsWith("4 of 36 cells differ");
        assertThat(at(".life .now").textContent()).isEqualTo("1 of 8");
        at(".life select").selectOption("1");
        at(".life input[type=range]").press("End");
        assertThat(at(".life .reads").textContent()).startsWith("0 of 36 cells differ; 4 live");
        assertThat(at("table").textContent()).contains("generation 1").contains("none");
    }

    @Test
    void aDrawnPatternIsPlayedByTheRulesAndNamesItsCommand() {
        open();
        at(".life-editor button:has-text('Clear')").click();
        Locator board = at(".life-editor canvas");
        double cell = board.boundingBox().width / 6;
        for (int x = 1; x <= 3; x++) {
            board.click(new Locator.ClickOptions().setPosition((x + 0.5) * cell, 2.5 * cell));
        }
        assertThat(at(".life-editor .reads").textContent()).startsWith("3 of 36 cells live");
        String command = at(".life-editor code").textContent();
        assertThat(command).startsWith("./hooke life play sample/0@4 --steps 8 --width 6 --start '");
        String drawn = Pattern.parse(command.substring(command.indexOf('\'') + 1, command.length() - 1))
                .on(6, 6);
        assertThat(drawn).isEqualTo("000000" + "000000" + "011100" + "0".repeat(18));

        at(".life-editor button:has-text('Step')").click();
        String next = (String) page.evaluate("plots.find(p => p instanceof LifeEditor).cells");
        assertThat(next)
                .isEqualTo(Game.CONWAY.next(hooke.task.life.Boards.of(drawn)).text(0));
        at(".life-editor button:has-text('Back')").click();
        assertThat(page.evaluate("plots.find(p => p instanceof LifeEditor).cells"))
                .isEqualTo(drawn);
    }

    @Test
    void runLengthsAreReadAsTheProgramReadsThem() {
        open();
        Locator field = at(".life-editor .rle input");
        for (String rle : List.of("bob$2bo$3o!", "x = 3, y = 1, rule = B3/S23 3o!", "2o2$2o!")) {
            String body = rle.substring(rle.lastIndexOf(' ') + 1);
            field.fill(body);
            field.press("Enter");
            assertThat(page.evaluate("plots.find(p => p instanceof LifeEditor).cells"))
                    .isEqualTo(Pattern.parse(body).on(6, 6));
        }
        field.fill("7o!");
        field.press("Enter");
        assertThat(at(".life-editor .reads").textContent()).startsWith("This is not RLE of at most 6 × 6 cells");
    }

    @Test
    void theRulesOfThePageAreThoseOfTheGame() {
        open();
        for (String start : List.of("order-0.25", "order-0.5", "order-0.75")) {
            String board = Start.board(start, 6, 5, LifeRule.CONWAY);
            Object next = page.evaluate("b => plots.find(p => p instanceof LifeEditor).next(b)", board);
            assertThat(next)
                    .isEqualTo(
                            Game.CONWAY.next(hooke.task.life.Boards.of(board)).text(0));
        }
    }

    @Test
    void aPhoneNeedsNoScrollingSideways() {
        open();
        for (int width : new int[] {1280, 420}) {
            page.setViewportSize(width, 900);
            settle();
            assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .isTrue();
        }
    }

    @Test
    void gamesBecomePictures() throws IOException {
        RollOut.Played game = games().games().getFirst();
        Path gif = folder.resolve("game.gif");
        Path png = folder.resolve("game.png");
        new LifeFilm(game, "sample/0@4").writeGif(gif);
        new LifeFilm(game, "sample/0@4").writePng(png);

        ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
        try (ImageInputStream in = ImageIO.createImageInputStream(Files.newInputStream(gif))) {
            reader.setInput(in);
            assertThat(reader.getNumImages(true)).isEqualTo(9);
            assertThat(reader.getImageMetadata(0)
                            .getAsTree("javax_imageio_gif_image_1.0")
                            .getLastChild()
                            .getNodeName())
                    .isEqualTo("ApplicationExtensions");
        }
        BufferedImage image = Objects.requireNonNull(ImageIO.read(png.toFile()));
        assertThat(image.getHeight()).isGreaterThan(9 * 120);
        assertThat(image.getRGB(64 + 50, 44 + 30) & 0xFFFFFF)
                .isEqualTo(Palette.rgb(Palette.LIGHT.ink())); // the glider's tip
        assertThat(image.getRGB(64 + 30, 44 + 30) & 0xFFFFFF).isEqualTo(Palette.rgb(Palette.LIGHT.paper()));
    }

    @Test
    void attentionIsDrawnAsABoardForAnyCell() {
        double[][] weights = new double[9][9];
        for (int cell = 0; cell < 9; cell++) {
            weights[cell][cell] = 0.5;
            weights[cell][0] += 0.25;
        }
        Map<BoardAttention.Place, BoardAttention.Score> moore = new EnumMap<>(BoardAttention.Place.class);
        for (BoardAttention.Place place : BoardAttention.Place.values()) {
            moore.put(place, new BoardAttention.Score(new Estimate(0.75, 0.7, 0.8, 0.95, 5, "", "bootstrap"), 0.2));
        }
        var attention = new BoardAttention(3, 5, List.of(new BoardAttention.Head(0, 0, weights, moore, moore)));
        Path file = folder.resolve("attention.html");
        var probe = new Probe.Result(
                "x",
                "accuracy",
                6,
                2,
                1,
                0.5,
                new Estimate(0.5, 0.4, 0.6, 0.95, 2, "", "Wilson"),
                new Estimate(0.3, 0.2, 0.4, 0.95, 2, "", "Wilson"));
        var probes = new NeighbourProbes(
                3, 5, 10, List.of(new NeighbourProbes.Layer("blocks.0.hook_resid_pre", probe, probe)));
        LifeLensPage.of("sample/0@4", config(), attention, probes).write(file);
        open(file);

        assertThat(at("h1").textContent()).contains("blocks.0.hook_resid_pre: 50% of the cells");
        assertThat(at(".life-attention .reads").textContent())
                .startsWith(
                        "Predicting row 2, column 2, head 0.0 has 0.75 of its attention on the board, most at row 2,"
                                + " column 2 (0.50)");
        at(".life-attention canvas").press("ArrowRight");
        assertThat(at(".life-attention .reads").textContent()).startsWith("Predicting row 2, column 3");
        at(".life-attention canvas").click(new Locator.ClickOptions().setPosition(5, 5));
        assertThat(at(".life-attention .reads").textContent())
                .startsWith(
                        "Predicting row 1, column 1, head 0.0 has 0.75 of its attention on the board, most at row 1,"
                                + " column 1 (0.75)");
    }
}
