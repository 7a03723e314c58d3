package hooke.view.page;

import hooke.view.plot.Axis;
import hooke.view.plot.BandPlot;
import hooke.view.plot.BarPlot;
import hooke.view.plot.Curve;
import hooke.view.plot.CurvePlot;
import hooke.view.plot.HeatMap;
import hooke.view.plot.ParallelPlot;
import hooke.view.plot.Pen;
import hooke.view.plot.Plot;
import hooke.view.plot.PointPlot;
import hooke.view.plot.TimeLapse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A plot in a page: a {@code figure} that carries its whole data, which the page's scripts decode and draw. PageNumbers are base64 of
 * little-endian arrays: float32 (seven digits, more than a reader sees), float64 where a value would leave float32's range; an x that
 * goes in equal strides is written as its strides.
 */
public final class Figure {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Figure() {}

    public static Html of(Plot plot) {
        ObjectNode data = switch (plot) {
            case CurvePlot curves -> json(curves);
            case HeatMap map -> json(map);
            case BandPlot bands -> json(bands);
            case ParallelPlot parallel -> json(parallel);
            case BarPlot bars -> json(bars);
            case PointPlot points -> json(points);
        };
        String kind = switch (plot) {
            case CurvePlot _, BandPlot _ -> "curves";
            case HeatMap _ -> "heat";
            case ParallelPlot _ -> "parallel";
            case BarPlot _ -> "bars";
            case PointPlot _ -> "points";
        };
        boolean large = plot instanceof HeatMap map
                && (map.columns().size() > 16 || map.columns().stream().anyMatch(name -> name.length() > 9));
        Html note = plot instanceof BandPlot bands && !bands.note().isEmpty()
                ? Html.tag("p", bands.note()).with("class", "small")
                : Html.group(List.of());
        return Html.tag("figure", Html.tag("figcaption", Html.tag("h3", plot.title())), note, new Html.Data(data))
                .with("class", "plot " + kind + (large ? " large" : ""))
                .with("data-plot", kind);
    }

    private static ObjectNode json(CurvePlot plot) {
        ObjectNode node = json(plot, plot.x(), plot.y(), plot.curves());
        for (int i = 0; i < plot.pens().size(); i++) {
            Pen pen = plot.pens().get(i);
            ((ObjectNode) node.path("curves").get(i))
                    .put("colour", pen.colour())
                    .put("dash", pen.dash());
        }
        ArrayNode markers = (ArrayNode) node.path("markers");
        for (CurvePlot.Marker marker : plot.markers()) {
            ObjectNode one = markers.addObject()
                    .put("x", marker.x())
                    .put("label", marker.label())
                    .put("tone", lower(marker.tone()));
            marker.pen().ifPresent(pen -> one.put("colour", pen.colour()));
        }
        return node;
    }

    /** Curves on their axes, each x that several share once; no markers yet. */
    private static ObjectNode json(Plot plot, Axis x, Axis y, List<Curve> all) {
        ObjectNode node = JSON.objectNode().put("title", plot.title());
        node.set("x", json(x));
        node.set("y", json(y));
        ArrayNode xs = node.putArray("xs");
        ArrayNode curves = node.putArray("curves");
        List<double[]> seen = new ArrayList<>();
        for (Curve curve : all) {
            int at = 0;
            while (at < seen.size() && !Arrays.equals(seen.get(at), curve.x())) {
                at++;
            }
            if (at == seen.size()) {
                seen.add(curve.x());
                xs.add(strides(curve.x()));
            }
            curves.addObject().put("name", curve.name()).put("x", at).set("y", floats(curve.y()));
        }
        node.putArray("markers");
        return node;
    }

    private static ObjectNode json(BandPlot plot) {
        ObjectNode node = json(plot, plot.x(), plot.y(), plot.curves());
        node.put("stepwise", plot.stepwise()).put("ink", plot.isRange() ? "lines" : "curve");
        plot.groups().forEach(node.putArray("groups")::add);
        for (int i = 0; i < plot.ribbons().size(); i++) {
            BandPlot.Ribbon ribbon = plot.ribbons().get(i);
            ObjectNode curve = (ObjectNode) node.path("curves").get(i);
            curve.put("group", ribbon.group());
            if (!ribbon.detail().isEmpty()) {
                curve.put("detail", ribbon.detail());
            }
            if (ribbon.low().length > 0) {
                curve.set("low", floats(ribbon.low()));
                curve.set("high", floats(ribbon.high()));
            }
            if (ribbon.until().length > 0) {
                curve.set("until", floats(ribbon.until()));
                curve.set("censored", floats(ribbon.censored()));
            }
        }
        return node;
    }

    private static ObjectNode json(ParallelPlot plot) {
        ObjectNode node = JSON.objectNode().put("title", plot.title()).put("colour", plot.colour());
        ArrayNode axes = node.putArray("axes");
        for (ParallelPlot.Dimension axis : plot.axes()) {
            ObjectNode one = axes.addObject()
                    .put("label", axis.label())
                    .put("format", lower(axis.format()))
                    .put("low", axis.low())
                    .put("high", axis.high())
                    .put("log", axis.log());
            axis.names().forEach(one.putArray("names")::add);
        }
        ArrayNode lines = node.putArray("lines");
        for (ParallelPlot.Line line : plot.lines()) {
            ArrayNode values = lines.addObject().put("label", line.label()).putArray("values");
            for (double value : line.values()) {
                if (Double.isNaN(value)) {
                    values.addNull();
                } else if (Double.isInfinite(value)) {
                    values.add("inf");
                } else {
                    values.add(value);
                }
            }
        }
        return node;
    }

    private static ObjectNode json(Axis axis) {
        ObjectNode node = JSON.objectNode().put("label", axis.label()).put("format", lower(axis.format()));
        ArrayNode scales = node.putArray("scales");
        axis.scales().forEach(scale -> scales.add(lower(scale)));
        ArrayNode range = node.putArray("range");
        axis.range().forEach(range::add);
        return node;
    }

    private static ObjectNode json(HeatMap map) {
        ObjectNode node = JSON.objectNode()
                .put("title", map.title())
                .put("rowAxis", map.rowAxis())
                .put("columnAxis", map.columnAxis())
                .put("low", map.low())
                .put("high", map.high())
                .put("missing", map.missing());
        map.rows().forEach(node.putArray("rows")::add);
        map.columns().forEach(node.putArray("columns")::add);
        node.set("values", floats(flat(map.values())));
        return node;
    }

    private static ObjectNode json(BarPlot plot) {
        ObjectNode node = JSON.objectNode()
                .put("title", plot.title())
                .put("xLabel", plot.xLabel())
                .put("high", plot.highest());
        node.set("y", json(plot.y()));
        plot.names().forEach(node.putArray("names")::add);
        plot.marked().forEach(node.putArray("marked")::add);
        ArrayNode groups = node.putArray("groups");
        for (BarPlot.Bars bars : plot.groups()) {
            groups.addObject().put("name", bars.name()).set("values", floats(bars.values()));
        }
        return node;
    }

    private static ObjectNode json(PointPlot plot) {
        ObjectNode node = JSON.objectNode()
                .put("title", plot.title())
                .put("xLabel", plot.xLabel())
                .put("yLabel", plot.yLabel())
                .put("reach", plot.reach());
        plot.labels().forEach(node.putArray("labels")::add);
        plot.path().forEach(node.putArray("path")::add);
        plot.kinds().forEach(node.putArray("kinds")::add);
        plot.kind().forEach(node.putArray("kind")::add);
        node.set("points", floats(flat(plot.points())));
        return node;
    }

    /** A film, which carries what changes from frame to frame in one array a part. */
    public static Html of(TimeLapse film) {
        ObjectNode data = JSON.objectNode().put("title", film.title());
        data.set("steps", strides(Arrays.stream(film.steps()).asDoubleStream().toArray()));
        ObjectNode spectrum = json(film.spectra().getLast());
        spectrum.put(
                "high",
                film.spectra().stream().mapToDouble(BarPlot::highest).max().orElse(1));
        for (int group = 0; group < film.spectra().getLast().groups().size(); group++) {
            int g = group;
            ((ObjectNode) spectrum.path("groups").path(group))
                    .set(
                            "values",
                            floats(film.spectra().stream()
                                    .flatMapToDouble(
                                            s -> Arrays.stream(s.groups().get(g).values()))
                                    .toArray()));
        }
        data.set("spectrum", spectrum);
        ArrayNode planes = data.putArray("planes");
        for (int place = 0; place < film.planes().getLast().size(); place++) {
            int p = place;
            List<PointPlot> shown =
                    film.planes().stream().map(all -> all.get(p)).toList();
            ObjectNode plane = json(shown.getLast());
            plane.put(
                    "reach", shown.stream().mapToDouble(PointPlot::reach).max().orElse(1));
            plane.set(
                    "points",
                    floats(shown.stream()
                            .flatMapToDouble(plot -> Arrays.stream(flat(plot.points())))
                            .toArray()));
            plane.set(
                    "inPlane",
                    floats(Arrays.stream(film.inPlane())
                            .mapToDouble(all -> all[p])
                            .toArray()));
            planes.add(plane);
        }
        ArrayNode heads = data.putArray("patterns");
        for (int head = 0; head < film.patterns().getLast().size(); head++) {
            int h = head;
            ObjectNode map = json(film.patterns().getLast().get(head));
            map.set(
                    "values",
                    floats(film.patterns().stream()
                            .flatMapToDouble(
                                    maps -> Arrays.stream(flat(maps.get(h).values())))
                            .toArray()));
            heads.add(map);
        }
        data.set("losses", json(film.losses()));
        return Html.tag("figure", Html.tag("figcaption", Html.tag("h3", film.title())), new Html.Data(data))
                .with("class", "plot timelapse")
                .with("data-plot", "timelapse");
    }

    private static double[] flat(double[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }

    /** {@code {"f4": base64}} or {@code {"f8": base64}}. */
    static ObjectNode floats(double[] values) {
        boolean fits = true;
        for (double v : values) {
            fits &= v == 0 || !Double.isFinite(v) || Math.abs(v) >= Float.MIN_NORMAL && Math.abs(v) <= Float.MAX_VALUE;
        }
        ByteBuffer bytes = ByteBuffer.allocate(values.length * (fits ? 4 : 8)).order(ByteOrder.LITTLE_ENDIAN);
        for (double v : values) {
            if (fits) {
                bytes.putFloat((float) v);
            } else {
                bytes.putDouble(v);
            }
        }
        return JSON.objectNode().put(fits ? "f4" : "f8", Base64.getEncoder().encodeToString(bytes.array()));
    }

    /** {@code {"strides": [start, stride, count, start, stride, count, ...]}}, or {@code f8} where that would be longer. */
    static ObjectNode strides(double[] x) {
        ArrayNode strides = JSON.arrayNode();
        int i = 0;
        while (i < x.length && strides.size() <= x.length) {
            double stride = i + 1 < x.length ? x[i + 1] - x[i] : 1;
            int count = 1;
            while (i + count < x.length && x[i] + count * stride == x[i + count]) {
                count++;
            }
            strides.add(x[i]).add(stride).add(count);
            i += count;
        }
        if (i < x.length) {
            ByteBuffer bytes = ByteBuffer.allocate(x.length * 8).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asDoubleBuffer().put(x);
            return JSON.objectNode().put("f8", Base64.getEncoder().encodeToString(bytes.array()));
        }
        ObjectNode node = JSON.objectNode();
        node.set("strides", strides);
        return node;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
