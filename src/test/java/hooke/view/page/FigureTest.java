package hooke.view.page;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.view.plot.Axis;
import hooke.view.plot.Curve;
import hooke.view.plot.CurvePlot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FigureTest {
    /** What the page's script does with an array. */
    private static double[] decode(JsonNode data) {
        if (data.has("strides")) {
            JsonNode s = data.get("strides");
            return IntStream.range(0, s.size() / 3)
                    .boxed()
                    .flatMapToDouble(k -> IntStream.range(0, s.get(3 * k + 2).asInt())
                            .mapToDouble(i -> s.get(3 * k).asDouble()
                                    + i * s.get(3 * k + 1).asDouble()))
                    .toArray();
        }
        boolean single = data.has("f4");
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder()
                        .decode(data.get(single ? "f4" : "f8").asString()))
                .order(ByteOrder.LITTLE_ENDIAN);
        return IntStream.range(0, bytes.limit() / (single ? 4 : 8))
                .mapToDouble(i -> single ? bytes.getFloat(4 * i) : bytes.getDouble(8 * i))
                .toArray();
    }

    @Test
    void stepsInEqualStridesCostNearlyNothing() {
        double[] steps = IntStream.range(0, 40_001).mapToDouble(i -> i).toArray();

        JsonNode data = Figure.strides(steps);

        assertThat(data.toString()).isEqualTo("{\"strides\":[0.0,1.0,40001]}");
        assertThat(decode(data)).isEqualTo(steps);
    }

    @Test
    void stepsComeBackExactly() {
        double[] mixed = {0, 1, 2, 3, 10, 20, 30, 40, 50, 100, 200, 300, 333};
        double[] irregular = new Random(1).doubles(1000).sorted().toArray();
        double[] tenths = IntStream.range(0, 100).mapToDouble(i -> i * 0.1).toArray();
        for (double[] x : new double[][] {mixed, irregular, tenths, {5}, {}}) {
            assertThat(decode(Figure.strides(x))).isEqualTo(x);
        }
        assertThat(Figure.strides(mixed).has("strides")).isTrue();
        assertThat(Figure.strides(irregular).has("f8")).isTrue();
    }

    @Test
    void valuesKeepSevenDigits() {
        double[] y = new Random(2).doubles(1000, 1e-9, 10).toArray();

        JsonNode data = Figure.floats(y);

        assertThat(data.has("f4")).isTrue();
        double[] back = decode(data);
        for (int i = 0; i < y.length; i++) {
            assertThat(back[i]).isCloseTo(y[i], org.assertj.core.data.Offset.offset(y[i] * 6e-8));
        }
    }

    @Test
    void valuesBeyondFloatsRangeAreKeptAsDoubles() {
        for (double extreme : new double[] {1e-50, 1e300, 1e-42}) {
            double[] y = {1, extreme, 0};

            assertThat(decode(Figure.floats(y))).isEqualTo(y);
        }
    }

    @Test
    void whatIsNotFiniteStays() {
        double[] y = {1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0};

        assertThat(decode(Figure.floats(y))).isEqualTo(y);
    }

    @Test
    void curvesOverTheSameStepsShareThem() {
        double[] x = {0, 1, 2};
        CurvePlot plot = CurvePlot.of(
                "Loss",
                Axis.share("x"),
                Axis.share("y"),
                Arrays.asList(
                        new Curve("a", x, x), new Curve("b", x.clone(), x), new Curve("c", new double[] {0, 4, 5}, x)),
                Arrays.asList());
        var out = new StringBuilder();

        Figure.of(plot).write(out);

        assertThat(out).contains("\"xs\":[{\"strides\":[0.0,1.0,3]},{\"").contains("\"name\":\"c\",\"x\":1");
    }
}
