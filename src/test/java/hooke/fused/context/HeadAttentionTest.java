package hooke.fused.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.config.Mask;
import hooke.config.Weighting;
import hooke.fused.kernels.Gemm;
import hooke.fused.kernels.Kernel;
import hooke.fused.kernels.PairRotation;
import hooke.fused.kernels.QueriesAlongLanes;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One head, tile by tile or narrow, against the formula in double precision. */
final class HeadAttentionTest {
    private static final int LENGTH = 600;
    private static final int HEADS = 2;

    private enum Kind {
        CAUSAL,
        LOCAL,
        STRIDED,
        GROUPED,
        TABLE
    }

    /** Blocks of keys from few to more than there are; a local window that ends within a block, short and long classes and groups, a mask with holes. No blocks are the narrow kind's. */
    @ParameterizedTest
    @CsvSource({
        "12, 16, CAUSAL, 0, false",
        "12, 48, CAUSAL, 0, true",
        "12, 1024, CAUSAL, 0, true",
        "12, 16, LOCAL, 40, true",
        "12, 33, LOCAL, 7, false",
        "12, 16, STRIDED, 3, true",
        "12, 1024, STRIDED, 40, false",
        "12, 16, GROUPED, 40, true",
        "12, 1024, GROUPED, 9, false",
        "12, 1024, GROUPED, 200, false",
        "8, 0, CAUSAL, 0, false",
        "8, 0, CAUSAL, 0, false",
        "8, 0, LOCAL, 40, false",
        "8, 0, LOCAL, 7, false",
        "8, 0, STRIDED, 3, false",
        "8, 0, STRIDED, 40, false",
        "8, 0, GROUPED, 40, false",
        "8, 0, GROUPED, 9, false",
        "8, 0, TABLE, 0, false"
    })
    void tilesAndBlocksMakeTheWhole(int d, int keysAtOnce, Kind kind, int size, boolean turned) {
        var random = new Random(keysAtOnce + size);
        Mask.Plain mask = switch (kind) {
            case CAUSAL -> new Mask.Causal();
            case LOCAL -> new Mask.Local(size);
            case STRIDED -> new Mask.Strided(size);
            case GROUPED -> new Mask.Grouped(size, 3, 5);
            case TABLE -> new Mask.Table(everyThird());
        };
        int[] hidden = {3, 4, 17, 90, 149};
        Sight sight = Sight.of(mask, new Weighting.Softmax(), LENGTH, LENGTH, hidden);
        var rotation = turned ? new PairRotation(LENGTH, 8, 100, true, Kernel.PLAIN) : null;
        OneHead attention = keysAtOnce == 0 && QueriesAlongLanes.fit(Kernel.best())
                ? new NarrowAttention(LENGTH)
                : new HeadAttention(
                        new Weighting.Softmax(),
                        LENGTH,
                        d,
                        Math.max(1, keysAtOnce),
                        new ContextProducts(Gemm.ofFloats(), Float.BYTES),
                        rotation,
                        Kernel.best(),
                        null);
        FactorRows qkv = FactorRows.of(LENGTH, 3 * HEADS * d, null);
        FactorRows z = FactorRows.of(LENGTH, HEADS * d, null);
        FactorRows dz = FactorRows.of(LENGTH, HEADS * d, null);
        float[] row = new float[3 * HEADS * d];
        for (int i = 0; i < LENGTH; i++) {
            for (int j = 0; j < row.length; j++) {
                row[j] = (float) random.nextGaussian();
            }
            qkv.copyIn(row, 0, i, 0, row.length);
            for (int j = 0; j < HEADS * d; j++) {
                row[j] = (float) random.nextGaussian();
            }
            dz.copyIn(row, 0, i, 0, HEADS * d);
        }
        float[][][] parts = parts(qkv, rotation, d);
        float[] logSums = new float[LENGTH * HEADS];
        var place = new HeadAttention.Place(
                qkv, sight, 0, 1, HEADS, null, new KeyChoice.Kept(new float[0], 0, new float[0], null));
        attention.forward(place, z, logSums);
        double[][] shares = shares(parts, mask, hidden);
        double[][] mixed = product(shares, parts[2]);
        float[] is = new float[d];
        for (int i = 0; i < LENGTH; i++) {
            z.copyOut(i, d, d, is, 0);
            for (int j = 0; j < d; j++) {
                assertThat((double) is[j]).isCloseTo(mixed[i][j], within(3e-6));
            }
        }

        attention.backward(place, z, dz, logSums);
        double[][] values = new double[LENGTH][d];
        double[][] keys = new double[LENGTH][d];
        double[][] queries = new double[LENGTH][d];
        float[] g = new float[d];
        for (int i = 0; i < LENGTH; i++) {
            dz.copyOut(i, d, d, g, 0);
            double delta = 0;
            for (int j = 0; j < d; j++) {
                delta += g[j] * mixed[i][j];
            }
            for (int k = 0; k < LENGTH; k++) {
                double dp = 0;
                for (int j = 0; j < d; j++) {
                    dp += g[j] * parts[2][k][j];
                    values[k][j] += shares[i][k] * g[j];
                }
                double ds = shares[i][k] * (dp - delta) / Math.sqrt(d);
                for (int j = 0; j < d; j++) {
                    queries[i][j] += ds * parts[1][k][j];
                    keys[k][j] += ds * parts[0][i][j];
                }
            }
        }
        double[][][] expected = {queries, keys, values};
        for (int part = 0; part < 3; part++) {
            for (int i = 0; i < LENGTH; i++) {
                qkv.copyOut(i, place.column(part, d), d, is, 0);
                if (part < 2 && rotation != null) {
                    rotation.turn(is, 0, i); // The formula's are of what was turned.
                }
                for (int j = 0; j < d; j++) {
                    assertThat((double) is[j]).isCloseTo(expected[part][i][j], within(1e-5));
                }
            }
        }
    }

    private static List<String> everyThird() {
        return IntStream.range(0, LENGTH)
                .mapToObj(query -> IntStream.range(0, LENGTH)
                        .mapToObj(key -> (query + key) % 3 == 0 && key > query / 2 ? "x" : ".")
                        .collect(Collectors.joining()))
                .toList();
    }

    /** Queries and keys, turned, and values. */
    private static float[][][] parts(FactorRows qkv, PairRotation rotation, int d) {
        float[][][] parts = new float[3][LENGTH][d];
        for (int part = 0; part < 3; part++) {
            for (int i = 0; i < LENGTH; i++) {
                qkv.copyOut(i, (part * HEADS + 1) * d, d, parts[part][i], 0);
                if (part < 2 && rotation != null) {
                    rotation.turn(parts[part][i], 0, i);
                }
            }
        }
        return parts;
    }

    private static double[][] shares(float[][][] parts, Mask.Plain mask, int[] hidden) {
        int d = parts[0][0].length;
        double[][] shares = new double[LENGTH][LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            double sum = 0;
            for (int k = 0; k < LENGTH; k++) {
                boolean open = mask.open(i, k, LENGTH) && java.util.Arrays.binarySearch(hidden, k) < 0;
                double score = 0;
                for (int j = 0; j < d; j++) {
                    score += (double) parts[0][i][j] * parts[1][k][j];
                }
                shares[i][k] = open ? Math.exp(score / Math.sqrt(d)) : 0;
                sum += shares[i][k];
            }
            for (int k = 0; k < LENGTH && sum > 0; k++) {
                shares[i][k] /= sum;
            }
        }
        return shares;
    }

    private static double[][] product(double[][] shares, float[][] values) {
        int d = values[0].length;
        double[][] mixed = new double[LENGTH][d];
        for (int i = 0; i < LENGTH; i++) {
            for (int k = 0; k < LENGTH; k++) {
                for (int j = 0; j < d; j++) {
                    mixed[i][j] += shares[i][k] * values[k][j];
                }
            }
        }
        return mixed;
    }
}
