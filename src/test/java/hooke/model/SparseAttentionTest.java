package hooke.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.config.Mask;
import hooke.config.Weighting;
import hooke.hook.Cache;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.reach.Reach;
import hooke.reach.Thresholds;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.Rng;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Attention by tiles, and by the keys that queries choose, computes what attention over all keys does. */
class SparseAttentionTest {
    private static final int D_HEAD = 3;

    private static Reach.Layer layer(int length, List<Mask.Plain> masks) {
        int[] all = IntStream.range(0, length).toArray();
        return new Reach.Layer(all, all, all, masks, length);
    }

    private static Tensor drawn(Rng rng, long... shape) {
        Tensor drawn = Tensor.zeros(DType.F64, shape);
        rng.normal(drawn, 0, 1);
        return drawn;
    }

    private static Site nowhere() {
        return Site.of(Hooks.NONE, new Site.Shown.Whole());
    }

    /** The mixtures and the gradients of queries, keys, values and scores. */
    private static List<double[]> mixed(Mixing mixing, List<Tensor> in, Site site) {
        List<Tensor> leaves =
                in.stream().map(t -> t.copy().detach().requireGrad()).toList();
        @Nullable Tensor scores = leaves.size() == 4 ? leaves.get(3) : null;
        Tensor z = mixing.mix(leaves.get(0), leaves.get(1), leaves.get(2), scores, site);
        try (var rng = Rng.seeded(9)) {
            z.times(drawn(rng, z.shape())).sum().backward();
        }
        List<double[]> all = new ArrayList<>(List.of(z.detach().toDoubles()));
        leaves.forEach(leaf -> all.add(leaf.grad().contiguous().toDoubles()));
        return all;
    }

    private static void same(List<double[]> actual, List<double[]> expected) {
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i)).containsExactly(expected.get(i), within(1e-12));
        }
    }

    private static Tensor hidden() {
        float closed = Float.NEGATIVE_INFINITY;
        float[] keys = new float[2 * 21];
        keys[5] = closed;
        keys[21 + 1] = closed;
        keys[21 + 20] = closed;
        return Tensor.of(keys, 2, 21);
    }

    @Test
    void tilesMixWhatAllKeysMix() {
        List<List<Mask.Plain>> heads = List.of(
                List.of(new Mask.Causal(), new Mask.Causal()),
                List.of(new Mask.Local(4), new Mask.Local(4)),
                List.of(new Mask.Strided(3), new Mask.Strided(3)),
                List.of(new Mask.Local(4), new Mask.Strided(4)),
                List.of(new Mask.Grouped(4, 3, 4), new Mask.Grouped(4, 2, 3)),
                List.of(new Mask.Grouped(10, 0, 2), new Mask.Full(), new Mask.Grouped(10, 0, 2)));
        try (var _ = new Scope();
                var rng = Rng.seeded(4)) {
            for (List<Mask.Plain> masks : heads) {
                long width = (long) masks.size() * D_HEAD;
                List<Tensor> in = List.of(drawn(rng, 2, 21, width), drawn(rng, 2, 21, width), drawn(rng, 2, 21, width));
                Reach.Layer layer = layer(21, masks);
                TiledKeys tiled = TiledKeys.of(layer, Device.CPU, 5, 2).orElseThrow();
                var all = new Mixing.ManyKeys(
                        Plan.Layer.of(layer, Device.CPU), Plan.Layer.closed(layer, Device.CPU), masks.size());
                same(mixed(tiled, in, nowhere()), mixed(all, in, nowhere()));
                if (masks.getFirst().seesFirst(21)) {
                    same(mixed(tiled.hiding(hidden()), in, nowhere()), mixed(all.hiding(hidden()), in, nowhere()));
                }
            }
        }
    }

    @Test
    void blocksOfQueriesChooseWhatAllQueriesChoose() {
        try (var _ = new Scope();
                var rng = Rng.seeded(4)) {
            for (Weighting by : List.of(new Weighting.TopK(3), new Weighting.SparseK(3), new Weighting.SparseK(40))) {
                for (Mask.Plain mask : List.of(new Mask.Causal(), new Mask.Local(6), new Mask.Full())) {
                    List<Tensor> in =
                            new ArrayList<>(List.of(drawn(rng, 2, 21, 6), drawn(rng, 2, 21, 6), drawn(rng, 2, 21, 6)));
                    if (by.scoresKeys()) {
                        in.add(drawn(rng, 2, 21, 2));
                    }
                    Reach.Layer layer = layer(21, List.of(mask, mask));
                    Plan.Layer plan = Plan.Layer.of(layer, Device.CPU);
                    var whole = new ChosenKeys(plan, plan.mask(), null, 2, by, 100);
                    var blocks = new ChosenKeys(plan, plan.mask(), null, 2, by, 4);
                    same(mixed(blocks, in, nowhere()), mixed(whole, in, nowhere()));
                    if (mask.seesFirst(21)) {
                        same(
                                mixed(blocks.hiding(hidden()), in, nowhere()),
                                mixed(whole.hiding(hidden()), in, nowhere()));
                    }
                }
            }
        }
    }

    @Test
    void sparseKIsTheRecordedOne() throws IOException {
        JsonNode golden =
                JsonMapper.shared().readTree(Files.readString(Path.of("golden/headlines/sparsek/sparsek.json")));
        for (JsonNode recorded : golden.path("cases")) {
            try (var _ = new Scope()) {
                double[] z = numbers(recorded.path("z"));
                Tensor u = Tensor.of(z, 1, 1, z.length).requireGrad();
                double tau = Thresholds.of(z, recorded.path("k").asInt());
                Tensor p = ChosenKeys.shares(u, Tensor.of(new double[] {tau}, 1, 1, 1), null);
                p.times(Tensor.of(numbers(recorded.path("upstream_gradient")), 1, 1, 1, z.length))
                        .sum()
                        .backward();
                double tolerance = Math.abs(z[0]) > 1e5 ? 1e-9 : 1e-12;
                String name = recorded.path("name").asString();
                assertThat(p.detach().toDoubles())
                        .as(name)
                        .containsExactly(numbers(recorded.path("p")), within(tolerance));
                assertThat(u.grad().toDoubles())
                        .as(name)
                        .containsExactly(numbers(recorded.path("vjp")), within(tolerance));
                Tensor chosen = ChosenKeys.largest(
                        u.detach().view(1, 1, 1, z.length), recorded.path("k").asInt());
                List<Integer> top = IntStream.range(0, z.length)
                        .filter(i -> chosen.toDoubles()[i] == 1)
                        .boxed()
                        .toList();
                List<Integer> expected = new ArrayList<>();
                recorded.path("top_k_mask").forEach(i -> expected.add(i.asInt()));
                assertThat(top).as(name).isEqualTo(expected);
            }
        }
    }

    private static double[] numbers(JsonNode list) {
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = list.get(i).asDouble();
        }
        return numbers;
    }

    @Test
    void hooksSeeWhatQueriesChoose() {
        try (var _ = new Scope()) {
            var topK = new Transformer(TinyModels.weights(
                    TinyModels.model("{n_layers: 1, d_model: 6, n_heads: 2, attention: {kind: top-k, k: 2}}"),
                    DType.F32));
            var seen = new Cache(Point.SELECTION.at(0), Point.PATTERN.at(0), Point.SCORES.at(0));
            topK.forward(TinyModels.EXAMPLES, Hooks.read(seen));
            float[] chosen = seen.get(Point.SELECTION.at(0)).contiguous().toFloats();
            float[] pattern = seen.get(Point.PATTERN.at(0)).contiguous().toFloats();
            for (int i = 0; i < chosen.length; i++) {
                assertThat(pattern[i] > 0).isEqualTo(chosen[i] == 1);
            }
            for (int row = 0; row < chosen.length / 5; row++) {
                int count = 0;
                for (int key = 0; key < 5; key++) {
                    count += chosen[row * 5 + key] == 1 ? 1 : 0;
                }
                assertThat(count).isEqualTo(Math.min(2, row % 5 + 1));
            }
            var sparseK = new Transformer(TinyModels.weights(
                    TinyModels.model("{n_layers: 1, d_model: 6, n_heads: 2, attention: {kind: sparsek, k: 2}}"),
                    DType.F32));
            var shares = new Cache(Point.SELECTION.at(0), Point.KEY_SCORES.at(0));
            sparseK.forward(TinyModels.EXAMPLES, Hooks.read(shares));
            assertThat(shares.get(Point.KEY_SCORES.at(0)).shape()).containsExactly(4, 5, 2);
            float[] p = shares.get(Point.SELECTION.at(0)).contiguous().toFloats();
            for (int row = 0; row < p.length / 5; row++) {
                double sum = 0;
                for (int key = 0; key < 5; key++) {
                    assertThat(p[row * 5 + key]).isBetween(0f, key <= row % 5 ? 1f : 0f);
                    sum += p[row * 5 + key];
                }
                assertThat(sum).isCloseTo(Math.min(2, row % 5 + 1), within(1e-5));
            }
        }
    }
}
