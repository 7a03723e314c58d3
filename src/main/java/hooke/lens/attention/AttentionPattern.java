package hooke.lens.attention;

import hooke.Headroom;
import hooke.hook.Cache;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.lens.OpenedModel;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * What one head attends to on one example.
 *
 * @param weights [query][key], each row summing to 1
 */
public record AttentionPattern(int layer, int head, double[][] weights) {

    /** The patterns of all heads of all layers on an example. */
    public static List<AttentionPattern> of(OpenedModel opened, int[] tokens) {
        var config = opened.model().config();
        double values = (double) config.nLayers() * config.nHeads() * tokens.length * tokens.length;
        Headroom.now()
                .check(
                        "showing the patterns of %s layers on %s positions".formatted(config.nLayers(), tokens.length),
                        Double.BYTES * values,
                        Float.BYTES * values,
                        "a shorter question needs less");
        List<AttentionPattern> patterns = new ArrayList<>();
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var seen = new Cache(point -> point.point() == Point.PATTERN);
            opened.model().forward(new int[][] {tokens}, Hooks.read(seen));
            int positions = tokens.length;
            for (int layer = 0; layer < config.nLayers(); layer++) {
                double[] flat = seen.get(Point.PATTERN.at(layer)).toDoubles(); // [1, head, query, key]
                for (int head = 0; head < config.nHeads(); head++) {
                    double[][] weights = new double[positions][positions];
                    for (int i = 0; i < positions * positions; i++) {
                        weights[i / positions][i % positions] = flat[head * positions * positions + i];
                    }
                    patterns.add(new AttentionPattern(layer, head, weights));
                }
            }
        }
        return patterns;
    }
}
