package hooke.config;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.Decimals;
import hooke.config.form.Canonical;
import hooke.config.form.Tree;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CanonicalTest {
    private static Experiment shipped(String name, String... sets) {
        return Experiments.named(name, Path.of("experiments"), List.of(sets));
    }

    @Test
    void everyExperimentReadsBackFromItsYamlAndItsJson() {
        var random = new Random(7);
        for (int i = 0; i < 500; i++) {
            Experiment experiment = AnyExperiment.of(random);
            assertThat(Experiments.parse(experiment.toYaml(), "other.yaml", List.of()))
                    .as(experiment.toYaml())
                    .isEqualTo(experiment);
            Experiment fromJson = Experiments.parse(experiment.toJson(), "other.yaml", List.of());
            assertThat(fromJson).isEqualTo(experiment);
            assertThat(fromJson.hash()).isEqualTo(experiment.hash());
            assertThat(fromJson.toJson()).isEqualTo(experiment.toJson());
        }
    }

    @Test
    void everySettingCanBeSetByItsPath() {
        var random = new Random(8);
        for (int i = 0; i < 100; i++) {
            Experiment experiment = AnyExperiment.of(random);
            List<String> sets = experiment.settings().entrySet().stream()
                    .map(e -> e.getKey() + "=" + e.getValue())
                    .toList();
            assertThat(Draft.of((Tree.Mapping) Tree.parse("{}", ""), "other.yaml")
                            .with(sets)
                            .experiment())
                    .isEqualTo(experiment);
        }
    }

    @Test
    void canonicalTextIsFixed() {
        // A change of this text changes every hash, and so every key of runs that people keep: only on purpose.
        assertThat(shipped("list-copy-d8").toJson())
                .isEqualTo("{\"name\":\"list-copy-d8\","
                        + "\"note\":\"List copy through a bottleneck, three layers of width 8, values and outputs frozen at the"
                        + " identity.\",\"tags\":[\"list-copy\"],\"seed\":0,\"seeds\":{},"
                        + "\"task\":{\"kind\":\"list-copy\",\"list_length\":2,\"n_digits\":100,\"train_fraction\":0.8},"
                        + "\"model\":{\"n_layers\":3,\"d_model\":8,\"widths\":[],\"n_heads\":1,\"d_head\":8,\"attn_only\":true,\"d_mlp\":0,"
                        + "\"act_fn\":\"relu\",\"gated_mlp\":false,\"n_ctx\":5,\"d_vocab\":101,\"d_vocab_out\":101,\"tied_embeddings\":false,\"positions\":\"learned\",\"norm\":\"none\","
                        + "\"mask\":{\"kind\":\"bottleneck\",\"at\":2},\"attention\":\"softmax\",\"biases\":\"frozen\",\"without_biases\":[],\"frozen\":[],"
                        + "\"identity\":[\"W_V\",\"W_O\"],\"init\":{\"kind\":\"gpt2\",\"order\":\"q-o-k-v\"}},"
                        + "\"train\":{\"steps\":300000,\"batch\":128,\"accumulate\":1,\"accumulate_by\":\"mean\",\"forgetful_mask\":\"none\",\"dropout\":\"none\",\"order\":\"reshuffle\","
                        + "\"optimizer\":{\"kind\":\"adamw\",\"lr\":0.001,\"weight_decay\":0.01,\"betas\":[0.9,0.999],"
                        + "\"eps\":1.0e-8,\"decay\":\"all\"},\"clip_norm\":\"none\",\"gradient_filter\":\"none\",\"schedule\":\"constant\",\"loss_dtype\":\"float32\",\"precision\":\"float32\",\"recompute\":\"none\",\"evaluate_every\":100,\"checkpoint_every\":1000,"
                        + "\"milestones\":{\"threshold\":0.99,\"patience\":0,\"named\":[]},"
                        + "\"stop\":{\"kind\":\"reached\",\"metric\":\"test-accuracy\",\"at_least\":0.999,\"patience\":0},"
                        + "\"engine\":\"auto\",\"threads\":\"auto\",\"device\":\"cpu\"}}");
        assertThat(shipped("list-copy-d8").hash())
                .isEqualTo("dd193698bf168fa4aa7730d7a3d0193910b7d82d3b4387da8db5c98af0b39321");
    }

    @Test
    void keysThatCameLaterHaveTheDefaultThatAllRunsHadBefore() {
        Map<String, String> before = Experiments.settingsBefore();
        assertThat(before).containsEntry("model.positions.kind", "learned").containsEntry("model.norm.bias", "true");
        // Of adam's keys weight_decay came later; adamw's has the same path.
        Map<String, String> settings =
                shipped("grokking-template", "train.optimizer.weight_decay=0").settings();
        before.forEach((key, value) -> {
            if (settings.containsKey(key)) {
                assertThat(settings).containsEntry(key, value);
            }
        });
        assertThat(shipped("grokking-template", "model.norm.bias=false").hash())
                .isNotEqualTo(shipped("grokking-template").hash());
    }

    @Test
    void hashIgnoresWhatNoNumberDependsOn() {
        Experiment a = shipped("modmul-113");
        assertThat(shipped("modmul-113", "name=other", "note=x", "tags=[y]").hash())
                .isEqualTo(a.hash());
        assertThat(a.withSeed(1).hash()).isNotEqualTo(a.hash());
        assertThat(a.withSeed(1).cellHash()).isEqualTo(a.cellHash());
        assertThat(shipped("modmul-113", "train.optimizer.lr=0.002").cellHash()).isNotEqualTo(a.cellHash());
    }

    @Test
    void seedThatNothingReadsIsKnown() {
        assertThat(shipped("modmul-113").readsSeed()).isFalse();
        assertThat(shipped("modmul-113", "seeds.split=null").readsSeed()).isTrue();
        assertThat(shipped("list-copy").readsSeed()).isTrue();
        assertThat(shipped("modmul-113").unread()).containsOnlyKeys("seed", "train.order");
        assertThat(shipped("list-copy").unread()).containsOnlyKeys("model.act_fn");
        assertThat(shipped("list-copy", "seeds={split: 1, weights: 2}").readsSeed())
                .isTrue();
        assertThat(shipped("list-copy", "seeds={split: 1, weights: 2, order: 3}")
                        .readsSeed())
                .isFalse();
        assertThat(shipped("list-copy", "seeds.notebook=1").readsSeed()).isFalse();
    }

    @Test
    void differencesNameKeysThatDiffer() {
        assertThat(Difference.between(shipped("list-copy"), shipped("list-copy")))
                .isEmpty();
        assertThat(Difference.between(
                        shipped("list-copy"),
                        shipped(
                                "list-copy",
                                "train.batch=full",
                                "model.mask=causal",
                                "train.optimizer.lr=3e-4",
                                "seed=4")))
                .containsExactly(
                        new Difference("seed", "0", "4"),
                        new Difference("model.mask.kind", "bottleneck", "causal"),
                        new Difference("model.mask.at", "2", null),
                        new Difference("train.batch", "128", "full"),
                        new Difference("train.optimizer.lr", "0.001", "0.0003"));
    }

    @Test
    void differencesFromDefaultsAreWhatAFileMustState() {
        assertThat(Difference.fromDefaults(
                        shipped("list-copy", "train.order=replay", "note=", "tags=null", "model.d_mlp=0")))
                .containsExactly(
                        new Difference("name", null, "list-copy"),
                        new Difference("task.kind", null, "list-copy"),
                        new Difference("task.list_length", null, "2"),
                        new Difference("task.n_digits", null, "100"),
                        new Difference("model.n_layers", null, "3"),
                        new Difference("model.d_model", null, "128"),
                        new Difference("model.n_heads", null, "1"),
                        new Difference("model.attn_only", "false", "true"),
                        new Difference("model.mask.kind", "causal", "bottleneck"),
                        new Difference("train.steps", null, "50000"),
                        new Difference("train.batch", "full", "128"),
                        new Difference("train.order", "reshuffle", "replay"),
                        new Difference("train.evaluate_every", "100", "10"),
                        new Difference("train.stop.kind", "never", "reached"),
                        new Difference("train.stop.metric", null, "test-accuracy"),
                        new Difference("train.stop.at_least", null, "0.999"),
                        new Difference("train.stop.patience", "0", "3"));
    }

    @Test
    void whatDiffersFromDefaultsIsEnoughToReadItBack() {
        var random = new Random(9);
        for (int i = 0; i < 100; i++) {
            Experiment experiment = AnyExperiment.of(random);
            List<String> sets = Difference.fromDefaults(experiment).stream()
                    .map(d -> d.key() + "=" + d.after())
                    .toList();
            assertThat(Draft.of((Tree.Mapping) Tree.parse("{}", ""), "other.yaml")
                            .with(sets)
                            .experiment())
                    .isEqualTo(experiment);
        }
    }

    @Test
    void numbersReadBackAndLookLikeNumbersToEveryYaml() {
        var random = new Random(10);
        for (double value :
                new double[] {0, 1, 0.001, 1e-8, 1e-5, 3e-4, 1e14, 1e15, 1e300, Double.MIN_VALUE, 0.1 + 0.2}) {
            check(value);
        }
        for (int i = 0; i < 10_000; i++) {
            check(Double.longBitsToDouble(random.nextLong() & 0x7FEF_FFFF_FFFF_FFFFL));
        }
        assertThat(Canonical.json(Map.of("a", 1e-4))).isEqualTo("{\"a\":0.0001}");
    }

    private static void check(double value) {
        String text = Decimals.shortest(value);
        assertThat(Double.parseDouble(text)).isEqualTo(value);
        assertThat(text).matches("-?[0-9]+\\.[0-9]+(e-?[0-9]+)?");
    }
}
