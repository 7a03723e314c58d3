package hooke.config;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.config.Estimates.Group;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class EstimatesTest {
    private static Experiment shipped(String name, String... sets) {
        return Experiments.named(name, Path.of("experiments"), List.of(sets));
    }

    @Test
    void modmulHasTheCardsParameters() {
        Estimates e = Estimates.of(shipped("modmul-113"));
        assertThat(e.parameters()).isEqualTo(227_313);
        assertThat(e.trainable()).isEqualTo(226_048);
        assertThat(e.groups())
                .containsExactly(
                        new Group("embed", 114 * 128, 114 * 128),
                        new Group("positions", 3 * 128, 3 * 128),
                        new Group("attention", 4 * 128 * 128 + 4 * 128, 4 * 128 * 128),
                        new Group("mlp", 2 * 128 * 512 + 512 + 128, 2 * 128 * 512),
                        new Group("unembed", 128 * 113 + 113, 128 * 113));
        assertThat(e.data()).isEqualTo(new Estimates.Data(12_769, 3_830, 8_939, 3_830, 1, 0, 40_000));
        assertThat(e.evaluations()).isEqualTo(40_001);
        assertThat(e.checkpoints()).isEqualTo(401);
        assertThat(e.memory().weights()).isEqualTo(4 * 227_313);
        assertThat(e.memory().gradients()).isEqualTo(4 * 226_048);
        assertThat(e.memory().moments()).isEqualTo(8 * 226_048);
        assertThat(e.memory().total()).isGreaterThan(e.memory().activations());
    }

    @Test
    void listCopyHasTheNotebooksParametersAndBatches() {
        Estimates e = Estimates.of(shipped("list-copy-d8"));
        assertThat(e.parameters()).isEqualTo(2_621);
        assertThat(e.trainable()).isEqualTo(2_040);
        assertThat(e.data().batchesAnEpoch()).isEqualTo(62);
        assertThat(e.data().leftOut()).isEqualTo(64);
        assertThat(e.data().test()).isEqualTo(2_000);
    }

    @Test
    void layerNormsCountAsAGroupThatTrains() {
        Estimates e = Estimates.of(shipped("list-copy-d8", "model.norm=layer-norm"));
        assertThat(e.groups()).contains(new Group("norm", 4 * 16, 4 * 16));
        assertThat(e.trainable()).isEqualTo(2_040 + 4 * 16);
    }

    /** The products one by one: rows x inner x columns, twice. */
    @Test
    void flopsAreTheMatrixProductsOfTheDenseModel() {
        double qkvo = 4 * 2.0 * 3 * 128 * 128;
        double scores = 4 * 2.0 * 3 * 32 * 3;
        double mixture = 4 * 2.0 * 3 * 3 * 32;
        double mlp = 2.0 * 3 * 128 * 512 + 2.0 * 3 * 512 * 128;
        double unembed = 2.0 * 3 * 128 * 113;
        Estimates e = Estimates.of(shipped("modmul-113"));
        assertThat(e.exampleFlops()).isEqualTo(qkvo + scores + mixture + mlp + unembed);
        assertThat(e.stepFlops()).isEqualTo(3 * 3_830 * e.exampleFlops());
        assertThat(e.evaluationFlops()).isEqualTo(12_769 * e.exampleFlops());
        Estimates twoLayers = Estimates.of(shipped("modmul-113", "model.n_layers=2"));
        assertThat(twoLayers.exampleFlops() - e.exampleFlops()).isEqualTo(qkvo + scores + mixture + mlp);
    }

    @Test
    void lastEvaluationAndCheckpointCountOnceOnly() {
        Estimates e = Estimates.of(
                shipped("list-copy", "train.steps=100", "train.evaluate_every=50", "train.checkpoint_every=0"));
        assertThat(e.evaluations()).isEqualTo(3); // 0, 50, 100
        assertThat(e.checkpoints()).isEqualTo(1);
        Estimates odd = Estimates.of(shipped("list-copy", "train.steps=101", "train.evaluate_every=50"));
        assertThat(odd.evaluations()).isEqualTo(4); // 0, 50, 100, 101
        assertThat(odd.checkpoints()).isEqualTo(2); // 0, 101
    }

    @Test
    void estimatesOfTheLargestAllowedModelAreFinite() {
        Estimates e = Estimates.of(shipped(
                "modmul-113",
                "model.n_layers=1000",
                "model.d_model=65536",
                "model.n_heads=1024",
                "model.d_mlp=1048576"));
        assertThat(e.stepFlops()).isFinite().isPositive();
        assertThat(e.parameters()).isPositive();
        assertThat(e.memory().total()).isPositive();
    }

    /** With recomputation only the stream is kept of all blocks but one. */
    @Test
    void activationsAreGivenWithAndWithoutRecomputation() {
        for (String engine : List.of("fused", "torch")) {
            Estimates.Memory kept = Estimates.of(shipped("life-multigrid", "train.engine=" + engine))
                    .memory();
            Estimates.Memory again = Estimates.of(
                            shipped("life-multigrid", "train.engine=" + engine, "train.recompute=blocks"))
                    .memory();
            assertThat(kept.activations()).isEqualTo(kept.kept());
            assertThat(again.activations())
                    .isEqualTo(again.recomputed())
                    .isEqualTo(kept.recomputed())
                    .isLessThan(0.6 * kept.kept());
            assertThat(kept.total() - again.total()).isEqualTo(kept.kept() - kept.recomputed());
        }
        Estimates.Memory tiny = Estimates.of(shipped("quick-grok")).memory();
        assertThat(tiny.recomputed()).isEqualTo(tiny.kept());
        assertThat(shipped("quick-grok", "train.recompute=blocks").isTiny()).isFalse();
    }

    @Test
    void autoIsSettledByTheWorkOfAStep() {
        Experiment modmul = shipped("modmul-113");
        assertThat(modmul.resolved(1).train().threads()).isEqualTo(1);
        assertThat(modmul.resolved(2).train().threads()).isEqualTo(2);
        assertThat(modmul.resolved(64).train().threads()).isEqualTo(7); // 14.6 GFLOP a step, 2 a thread
        assertThat(shipped("list-copy").resolved(64).train().threads()).isEqualTo(1);
        assertThat(shipped("modmul-113", "train.threads=5").resolved(2).train().threads())
                .isEqualTo(5);
        assertThat(shipped("modmul-113", "train.device=cuda")
                        .resolved(64)
                        .train()
                        .threads())
                .isEqualTo(1);
        assertThat(modmul.resolved(2).train().engine()).isEqualTo(TrainConfig.Engine.FUSED);
        assertThat(shipped("modmul-113", "train.precision=float64")
                        .resolved(2)
                        .train()
                        .engine())
                .isEqualTo(TrainConfig.Engine.TORCH);
    }

    @Test
    void settlingChangesTheHashOnceAndForAll() {
        Experiment modmul = shipped("modmul-113");
        assertThat(modmul.resolved(2).hash()).isNotEqualTo(modmul.hash());
        assertThat(modmul.resolved(2).resolved(64)).isEqualTo(modmul.resolved(2));
        assertThat(Experiments.parse(modmul.resolved(2).toYaml(), "x.yaml", List.of()))
                .isEqualTo(modmul.resolved(2));
    }
}
