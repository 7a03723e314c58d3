package hooke.reach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ThresholdsTest {
    static double[] shares(double[] scores, double tau) {
        return DoubleStream.of(scores).map(u -> Math.clamp(u - tau, 0, 1)).toArray();
    }

    static double[] numbers(JsonNode list) {
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = list.get(i).asDouble();
        }
        return numbers;
    }

    @Test
    void recordedShares() throws IOException {
        JsonNode golden =
                JsonMapper.shared().readTree(Files.readString(Path.of("golden/headlines/sparsek/sparsek.json")));
        for (JsonNode recorded : golden.path("cases")) {
            double[] z = numbers(recorded.path("z"));
            double[] p = shares(z, Thresholds.of(z, recorded.path("k").asInt()));
            double tolerance = Math.abs(z[0]) > 1e5 ? 1e-9 : 1e-12;
            assertThat(p)
                    .as(recorded.path("name").asString())
                    .containsExactly(numbers(recorded.path("p")), within(tolerance));
        }
        JsonNode causal = golden.path("causal_prefixes");
        double[] z = numbers(causal.path("z"));
        var thresholds = new Thresholds(causal.path("k").asInt(), z.length);
        for (JsonNode row : causal.path("rows")) {
            int t = row.path("t").asInt();
            thresholds.add(z[t - 1]);
            double[] past = java.util.Arrays.copyOf(z, t);
            assertThat(shares(past, thresholds.now())).containsExactly(numbers(row.path("p")), within(1e-12));
        }
    }

    @Test
    void sharesSumToKWhateverTheScores() {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            int n = 1 + random.nextInt(40);
            int k = 1 + random.nextInt(10);
            double width = Math.pow(10, random.nextInt(7) - 4);
            double[] scores = random.doubles(n)
                    .map(x -> random.nextInt(4) == 0 ? width : x * width)
                    .toArray();
            double sum =
                    DoubleStream.of(shares(scores, Thresholds.of(scores, k))).sum();
            assertThat(sum).isCloseTo(Math.min(k, n), within(1e-9));
        }
    }
}
