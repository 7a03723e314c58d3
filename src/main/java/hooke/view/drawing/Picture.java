package hooke.view.drawing;

import hooke.InputException;
import hooke.Reason;
import hooke.view.PageNumbers;
import hooke.view.plot.BandPlot;
import hooke.view.plot.BarPlot;
import hooke.view.plot.CurvePlot;
import hooke.view.plot.HeatMap;
import hooke.view.plot.ParallelPlot;
import hooke.view.plot.Plot;
import hooke.view.plot.PointPlot;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Plots for print, below each other, in the light colours and with the scales that each shows at first.
 *
 * @param address of the run, which stands in the titles
 */
public record Picture(List<Plot> plots, String address) {
    /** Pixels of a PNG for each unit of the drawing, of which 96 make an inch. */
    private static final int SHARPNESS = 3;

    private static final String SVG = "http://www.w3.org/2000/svg";

    public Picture {
        plots = List.copyOf(plots);
    }

    public Picture(Plot plot, String address) {
        this(List.of(plot), address);
    }

    /** Writes a PNG of 288 dots an inch to that file, which it replaces. */
    public void writePng(Path file) {
        Dimension size = size();
        var image = new BufferedImage(size.width * SHARPNESS, size.height * SHARPNESS, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, image.getWidth(), image.getHeight());
        g.scale(SHARPNESS, SHARPNESS);
        draw(g);
        g.dispose();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(Files.newOutputStream(file))) {
            writer.setOutput(out);
            writer.write(new IIOImage(image, null, density(writer, image)));
        } catch (IOException e) {
            throw unwritable(file, e);
        } finally {
            writer.dispose();
        }
    }

    /** Writes an SVG, text as text, to that file, which it replaces. */
    public void writeSvg(Path file) {
        Dimension size = size();
        Document document = document();
        var g = new SVGGraphics2D(document);
        g.setSVGCanvasSize(size);
        draw(g);
        Element root = g.getRoot();
        root.setAttribute("viewBox", "0 0 " + size.width + " " + size.height);
        root.setAttribute("role", "img");
        Element title = document.createElementNS(SVG, "title");
        title.setTextContent(plots.stream().map(Plot::title).collect(Collectors.joining("; ")) + ", " + address);
        root.insertBefore(title, root.getFirstChild());
        keepWidths(root);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            TransformerFactory.newInstance().newTransformer().transform(new DOMSource(root), new StreamResult(out));
        } catch (IOException e) {
            throw unwritable(file, e);
        } catch (TransformerException e) {
            throw unwritable(file, new IOException(e));
        }
    }

    /** Says how wide each text was drawn, so that a reader's other sans-serif font does not shift what is aligned by its end. */
    private static void keepWidths(Element root) {
        var context = new FontRenderContext(null, true, true);
        NodeList texts = root.getElementsByTagNameNS(SVG, "text");
        for (int i = 0; i < texts.getLength(); i++) {
            Element text = (Element) texts.item(i);
            int size = Integer.parseInt(inherited(text, "font-size").replaceAll("[^0-9]", ""));
            int style = inherited(text, "font-weight").equals("bold") ? Font.BOLD : Font.PLAIN;
            double width = Drawings.font(style, size)
                    .getStringBounds(text.getTextContent(), context)
                    .getWidth();
            text.setAttribute("textLength", PageNumbers.decimals(width, 0.1));
        }
    }

    private static String inherited(Element element, String attribute) {
        return element.hasAttribute(attribute) || !(element.getParentNode() instanceof Element parent)
                ? element.getAttribute(attribute)
                : inherited(parent, attribute);
    }

    private Dimension size() {
        var whole = new Dimension();
        for (Plot plot : plots) {
            Dimension size = size(plot);
            whole.setSize(Math.max(whole.width, size.width), whole.height + size.height);
        }
        return whole;
    }

    private static Dimension size(Plot plot) {
        return switch (plot) {
            case CurvePlot _ -> CurveDrawing.SIZE;
            case BandPlot bands -> BandDrawing.size(bands);
            case ParallelPlot _ -> ParallelDrawing.SIZE;
            case HeatMap map -> HeatDrawing.size(map);
            case BarPlot _ -> BarDrawing.SIZE;
            case PointPlot _ -> PointDrawing.SIZE;
        };
    }

    private void draw(Graphics2D g) {
        checkFonts(g);
        AffineTransform place = g.getTransform();
        for (Plot plot : plots) {
            g.setTransform(place);
            draw(plot, g);
            place.translate(0, size(plot).height);
        }
    }

    private void draw(Plot plot, Graphics2D g) {
        switch (plot) {
            case CurvePlot curves -> new CurveDrawing(curves, address).draw(g);
            case BandPlot bands -> new BandDrawing(bands, address).draw(g);
            case ParallelPlot parallel -> new ParallelDrawing(parallel, address).draw(g);
            case HeatMap map -> new HeatDrawing(map, address).draw(g);
            case BarPlot bars -> new BarDrawing(bars, address).draw(g);
            case PointPlot points -> new PointDrawing(points, address).draw(g);
        }
    }

    /** Where a system has no font, or no library to read one, the JDK throws errors of several kinds at the first text. */
    private static void checkFonts(Graphics2D g) {
        try {
            g.getFontMetrics(Drawings.font(Font.PLAIN, 12)).stringWidth("0");
        } catch (OutOfMemoryError | StackOverflowError e) {
            throw e;
        } catch (Error e) {
            throw new InputException(
                    "drawing a picture needs system fonts: install fontconfig and a font such as DejaVu ("
                            + e.getMessage() + ")",
                    e);
        }
    }

    private static IIOMetadata density(ImageWriter writer, BufferedImage image) throws IOException {
        IIOMetadata metadata = writer.getDefaultImageMetadata(
                ImageTypeSpecifier.createFromRenderedImage(image), writer.getDefaultWriteParam());
        var dots = new IIOMetadataNode("pHYs");
        String aMetre = Long.toString(Math.round(96 * SHARPNESS / 0.0254));
        dots.setAttribute("pixelsPerUnitXAxis", aMetre);
        dots.setAttribute("pixelsPerUnitYAxis", aMetre);
        dots.setAttribute("unitSpecifier", "meter");
        var root = new IIOMetadataNode("javax_imageio_png_1.0");
        root.appendChild(dots);
        metadata.mergeTree("javax_imageio_png_1.0", root);
        return metadata;
    }

    private static Document document() {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(SVG, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e); // the JDK's own parser needs no configuration
        }
    }

    private static InputException unwritable(Path file, IOException e) {
        return new InputException(file + " cannot be written: " + Reason.of(e), e);
    }
}
