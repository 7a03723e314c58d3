package hooke.view.drawing;

import hooke.InputException;
import hooke.Reason;
import hooke.lens.life.RollOut;
import hooke.view.Palette;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/** A game of a model beside the true one as pictures: moving, as a GIF, or generation under generation, as a PNG. */
public record LifeFilm(RollOut.Played game, String address) {
    private static final int BOARD = 240;
    private static final int EDGE = 16;
    private static final int HEAD = 44;
    /** Of a PNG: generations at most, evenly spread. */
    private static final int ROWS = 12;

    private static final int SMALL = 120;
    /** Hundredths of a second a generation. */
    private static final int DELAY = 35;

    /** Writes a GIF that plays for ever to that file, which it replaces. */
    public void writeGif(Path file) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(Files.newOutputStream(file))) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            for (int step = 0; step <= game.steps(); step++) {
                BufferedImage frame = frame(step);
                writer.writeToSequence(new IIOImage(frame, null, timing(writer, frame)), null);
            }
            writer.endWriteSequence();
        } catch (IOException e) {
            throw unwritable(file, e);
        } finally {
            writer.dispose();
        }
    }

    /** Writes a PNG to that file, which it replaces. */
    public void writePng(Path file) {
        int rows = Math.min(ROWS, game.steps() + 1);
        var image =
                new BufferedImage(64 + 2 * (SMALL + EDGE), HEAD + rows * (SMALL + EDGE), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = begin(image);
        text(g, "model", 64, 32, Font.BOLD);
        text(g, "game", 64 + SMALL + EDGE, 32, Font.BOLD);
        for (int row = 0; row < rows; row++) {
            int step = rows == 1 ? 0 : (int) Math.round(row * game.steps() / (rows - 1.0));
            int top = HEAD + row * (SMALL + EDGE);
            text(g, Integer.toString(step), EDGE, top + SMALL / 2 + 5, Font.PLAIN);
            boards(g, step, 64, top, SMALL);
        }
        g.dispose();
        try (var out = Files.newOutputStream(file)) {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static InputException unwritable(Path file, IOException e) {
        return new InputException(file + " cannot be written: " + Reason.of(e), e);
    }

    private BufferedImage frame(int step) {
        var image = new BufferedImage(3 * EDGE + 2 * BOARD, HEAD + BOARD + EDGE, BufferedImage.TYPE_BYTE_INDEXED);
        Graphics2D g = begin(image);
        int wrong = game.errors()[step];
        text(g, "%s, %s: generation %s".formatted(address, game.name(), step), EDGE, 18, Font.BOLD);
        text(g, "model" + (wrong > 0 ? ", " + wrong + " wrong" : ""), EDGE, 37, Font.PLAIN);
        text(g, "game", 2 * EDGE + BOARD, 37, Font.PLAIN);
        boards(g, step, EDGE, HEAD, BOARD);
        g.dispose();
        return image;
    }

    private static Graphics2D begin(BufferedImage image) {
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, image.getWidth(), image.getHeight());
        return g;
    }

    private static void text(Graphics2D g, String text, int x, int y, int style) {
        g.setFont(Drawings.font(style, 12));
        g.setColor(new Color(Palette.rgb(Palette.LIGHT.ink())));
        g.drawString(text, x, y);
    }

    private void boards(Graphics2D g, int step, int left, int top, int size) {
        String truth = game.truth().get(step);
        board(g, game.model().get(step), truth, left, top, size);
        board(g, truth, truth, left + size + EDGE, top, size);
    }

    /** Orange as on the page: filled where a cell lives and should not, outlined where it should. */
    private void board(Graphics2D g, String cells, String truth, int left, int top, int size) {
        int width = game.width();
        g.setColor(new Color(Palette.rgb(Palette.LIGHT.line())));
        g.fillRect(left, top, size, size);
        for (int cell = 0; cell < cells.length(); cell++) {
            int x = left + cell % width * size / width;
            int y = top + cell / width * size / width;
            int right = left + (cell % width + 1) * size / width;
            int below = top + (cell / width + 1) * size / width;
            boolean alive = cells.charAt(cell) == '1';
            boolean wrong = cells.charAt(cell) != truth.charAt(cell);
            String colour = alive ? wrong ? orange() : Palette.LIGHT.ink() : Palette.LIGHT.paper();
            g.setColor(new Color(Palette.rgb(colour)));
            g.fillRect(x, y, right - x - 1, below - y - 1);
            if (wrong && !alive) {
                g.setColor(new Color(Palette.rgb(orange())));
                g.fillRect(x, y, right - x - 1, below - y - 1);
                g.setColor(new Color(Palette.rgb(Palette.LIGHT.paper())));
                int rim = Math.max(1, (right - x) / 7);
                g.fillRect(x + rim, y + rim, right - x - 1 - 2 * rim, below - y - 1 - 2 * rim);
            }
        }
    }

    private static String orange() {
        List<String> curves = Palette.LIGHT.curves();
        return curves.get(1);
    }

    private static IIOMetadata timing(ImageWriter writer, BufferedImage frame) throws IOException {
        IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(frame), null);
        String format = metadata.getNativeMetadataFormatName();
        var root = (IIOMetadataNode) metadata.getAsTree(format);
        IIOMetadataNode control = child(root, "GraphicControlExtension");
        control.setAttribute("disposalMethod", "none");
        control.setAttribute("userInputFlag", "FALSE");
        control.setAttribute("transparentColorFlag", "FALSE");
        control.setAttribute("delayTime", Integer.toString(DELAY));
        control.setAttribute("transparentColorIndex", "0");
        var loop = new IIOMetadataNode("ApplicationExtension");
        loop.setAttribute("applicationID", "NETSCAPE");
        loop.setAttribute("authenticationCode", "2.0");
        loop.setUserObject(new byte[] {1, 0, 0});
        child(root, "ApplicationExtensions").appendChild(loop);
        metadata.setFromTree(format, root);
        return metadata;
    }

    private static IIOMetadataNode child(IIOMetadataNode root, String name) {
        for (int i = 0; i < root.getLength(); i++) {
            if (root.item(i).getNodeName().equals(name)) {
                return (IIOMetadataNode) root.item(i);
            }
        }
        var made = new IIOMetadataNode(name);
        root.appendChild(made);
        return made;
    }
}
