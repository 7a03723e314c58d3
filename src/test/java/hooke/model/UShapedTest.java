package hooke.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.config.Estimates;
import hooke.config.ModelConfig;
import hooke.config.Parameter;
import hooke.hook.Cache;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.tensor.DType;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A residual stream that falls to narrower widths and rises again. */
class UShapedTest {
    private static final ModelConfig MODEL =
            TinyModels.model("{n_layers: 5, d_model: 8, widths: [8, 4, 2, 4, 8], n_heads: 2, d_mlp: 12}");

    /** Of one example, written out from the formula in plain numbers. */
    private record Plain(Map<String, double[]> weights, int positions) {
        double[][] logits(int[] tokens) {
            double[][] x = new double[positions][8];
            for (int p = 0; p < positions; p++) {
                for (int i = 0; i < 8; i++) {
                    x[p][i] = at("embed.W_E", tokens[p] * 8 + i) + at("pos_embed.W_pos", p * 8 + i);
                }
            }
            double[][] of8 = x = block(0, x, 2, 12);
            x = times(x, "blocks.1.W_resize", 4);
            double[][] of4 = x = block(1, x, 1, 6);
            x = times(x, "blocks.2.W_resize", 2);
            x = block(2, x, 0, 3);
            x = block(3, plus(times(x, "blocks.3.W_resize", 4), of4), 1, 6);
            x = block(4, plus(times(x, "blocks.4.W_resize", 8), of8), 2, 12);
            return plusBias(times(x, "unembed.W_U", 6), "unembed.b_U", 0);
        }

        /** @param half the logarithm of the width of a head */
        private double[][] block(int layer, double[][] x, int half, int neurons) {
            int dHead = 1 << half;
            String attn = "blocks." + layer + ".attn.";
            double[][] sum = plusBias(x, attn + "b_O", 0);
            for (int head = 0; head < 2; head++) {
                double[][] q = plusBias(times(x, attn + "W_Q", head, dHead), attn + "b_Q", head);
                double[][] k = plusBias(times(x, attn + "W_K", head, dHead), attn + "b_K", head);
                double[][] v = plusBias(times(x, attn + "W_V", head, dHead), attn + "b_V", head);
                double[][] z = new double[positions][dHead];
                for (int query = 0; query < positions; query++) {
                    double[] shares = new double[query + 1];
                    double all = 0;
                    for (int key = 0; key <= query; key++) {
                        for (int i = 0; i < dHead; i++) {
                            shares[key] += q[query][i] * k[key][i] / Math.sqrt(dHead);
                        }
                        shares[key] = Math.exp(shares[key]);
                        all += shares[key];
                    }
                    for (int key = 0; key <= query; key++) {
                        for (int i = 0; i < dHead; i++) {
                            z[query][i] += shares[key] / all * v[key][i];
                        }
                    }
                }
                sum = plus(sum, times(z, attn + "W_O", head, x[0].length));
            }
            String mlp = "blocks." + layer + ".mlp.";
            double[][] active = plusBias(times(sum, mlp + "W_in", neurons), mlp + "b_in", 0);
            for (double[] row : active) {
                for (int i = 0; i < neurons; i++) {
                    row[i] = Math.max(0, row[i]);
                }
            }
            return plus(sum, plusBias(times(active, mlp + "W_out", x[0].length), mlp + "b_out", 0));
        }

        private double at(String name, int i) {
            return weights.get(name)[i];
        }

        private double[][] times(double[][] x, String name, int columns) {
            return times(x, name, 0, columns);
        }

        /** Number {@code matrix} of several of [width of x, columns]. */
        private double[][] times(double[][] x, String name, int matrix, int columns) {
            int rows = x[0].length;
            double[][] y = new double[x.length][columns];
            for (int p = 0; p < x.length; p++) {
                for (int j = 0; j < columns; j++) {
                    for (int i = 0; i < rows; i++) {
                        y[p][j] += x[p][i] * at(name, (matrix * rows + i) * columns + j);
                    }
                }
            }
            return y;
        }

        private double[][] plusBias(double[][] x, String name, int number) {
            double[][] y = new double[x.length][x[0].length];
            for (int p = 0; p < x.length; p++) {
                for (int i = 0; i < y[p].length; i++) {
                    y[p][i] = x[p][i] + at(name, number * y[p].length + i);
                }
            }
            return y;
        }

        private static double[][] plus(double[][] x, double[][] y) {
            double[][] sum = new double[x.length][x[0].length];
            for (int p = 0; p < x.length; p++) {
                for (int i = 0; i < sum[p].length; i++) {
                    sum[p][i] = x[p][i] + y[p][i];
                }
            }
            return sum;
        }
    }

    @Test
    void computesItsFormula() {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            Weights weights = TinyModels.weights(MODEL, DType.F64);
            Map<String, double[]> plain = new HashMap<>();
            weights.all().forEach((name, weight) -> plain.put(name, weight.toDoubles()));
            int[] tokens = {1, 4, 5, 0, 2};
            double[] ours = new Transformer(weights)
                    .forward(new int[][] {tokens}, Hooks.NONE)
                    .toDoubles();
            List<Double> expected = new ArrayList<>();
            for (double[] row : new Plain(plain, 5).logits(tokens)) {
                for (double logit : row) {
                    expected.add(logit);
                }
            }
            for (int i = 0; i < ours.length; i++) {
                assertThat(ours[i]).isCloseTo(expected.get(i), within(1e-12));
            }
        }
    }

    @Test
    void isCountedByHand() {
        // A block of width w has heads of w / 2 and 3w / 2 neurons: 4 w^2 + 4 w of attention, 3 w^2 + 5w / 2 of its
        // MLP.
        long blocks = 0;
        for (int w : new int[] {8, 4, 2, 4, 8}) {
            blocks += 7 * w * w + 13 * w / 2;
        }
        long resizes = 2 * (8 * 4 + 4 * 2);
        long tables = 6 * 8 + 5 * 8;
        long unembedding = 8 * 6 + 6;
        assertThat(Parameter.count(Parameter.of(MODEL), false)).isEqualTo(blocks + resizes + tables + unembedding);
        assertThat(Parameter.of(MODEL))
                .filteredOn(p -> p.shortName().equals("W_resize"))
                .extracting(p -> p.name() + p.shape())
                .containsExactly(
                        "blocks.1.W_resize[8, 4]",
                        "blocks.2.W_resize[4, 2]",
                        "blocks.3.W_resize[2, 4]",
                        "blocks.4.W_resize[4, 8]");
        long products = 0;
        for (int w : new int[] {8, 4, 2, 4, 8}) {
            products += 2 * 5 * (4 * w * w + 3 * w * w) + 4 * 5 * 5 * w;
        }
        products += 2 * 5 * resizes + 2 * 5 * 8 * 6;
        assertThat(Estimates.of(TinyModels.listCopy(
                                "{n_layers: 5, d_model: 8, widths: [8, 4, 2, 4, 8], n_heads: 2, d_mlp: 12}"))
                        .exampleFlops())
                .isEqualTo(products);
    }

    @Test
    void showsItsMapsAndSkipsToHooks() {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var model = new Transformer(TinyModels.weights(MODEL, DType.F64));
            var all = new Cache(_ -> true);
            model.forward(TinyModels.EXAMPLES, Hooks.read(all));
            assertThat(all.get(Point.SKIP.at(3)).toDoubles())
                    .containsExactly(all.get(Point.RESID_POST.at(1)).toDoubles());
            assertThat(all.get(Point.RESID_PRE.at(4)).toDoubles())
                    .containsExactly(all.get(Point.RESIZED.at(4))
                            .plus(all.get(Point.RESID_POST.at(0)))
                            .toDoubles());
            assertThat(all.get(Point.RESID_PRE.at(2)).shape()).containsExactly(4, 5, 2);
            assertThat(all.entries().keySet()).doesNotContain(Point.SKIP.at(1), Point.RESIZED.at(0));
        }
    }

    @Test
    void refusesWhatIsNoU() {
        Map<String, String> refused = Map.of(
                "[8, 4, 8]", "model.widths has 3 widths for model.n_layers 5: give each block one",
                "[8, 4, 2, 8, 8]", "model.widths ([8, 4, 2, 8, 8]) must rise as it has fallen",
                "[4, 2, 2, 2, 4]", "must begin and end with model.d_model (8)",
                "[8, 2, 4, 2, 8]", "must fall, or stay, up to its middle",
                "[8, 8, 8, 8, 8]", "must fall below model.d_model somewhere",
                "[8, 4, 3, 4, 8]", "model.d_head (4) cannot be narrower by the same factor in a block of width 3",
                "[8, 4, 0, 4, 8]", "model.widths (0) must be at least 1");
        refused.forEach((widths, sentence) -> assertThatThrownBy(() ->
                        TinyModels.model("{n_layers: 5, d_model: 8, widths: " + widths + ", n_heads: 2, d_mlp: 12}"))
                .hasMessageContaining(sentence));
        assertThatThrownBy(() -> TinyModels.model(
                        "{n_layers: 3, d_model: 8, widths: [8, 4, 8], n_heads: 2, positions: {kind: rotary, dims: 2}}"))
                .hasMessageContaining("half of model.positions.dims (1) cannot be narrower");
    }
}
