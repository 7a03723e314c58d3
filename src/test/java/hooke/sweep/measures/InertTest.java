package hooke.sweep.measures;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.sweep.Cell;
import hooke.sweep.Sweep;
import hooke.sweep.SweepResults;
import hooke.sweep.TinySweeps;
import hooke.sweep.file.Sweeps;
import hooke.sweep.work.PlantedWorker;
import hooke.train.StoredTraining;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Planted sweeps whose truth is known. */
class InertTest {
    @TempDir
    Path dir;

    private List<Inert> find(Sweep sweep) {
        try (Store store = Store.open(dir)) {
            for (Cell cell : sweep.cells()) {
                for (long seed : sweep.seeds()) {
                    try (RunWriter writer = store.claim(cell.experiment(seed), PlantedWorker.HERE)) {
                        new StoredTraining(store, writer).train(r -> r, _ -> {}, () -> false);
                    }
                }
            }
            return Inert.find(SweepResults.read(store, sweep));
        }
    }

    @Test
    void aSettingThatDoesNothingIsNamedWithItsPairs() {
        // With attention alone there are no neurons that an activation function could be applied to.
        List<Inert> found = find(TinySweeps.of("""
                set: {model.attn_only: true}
                grid:
                  model.act_fn: [relu, gelu]
                  model.d_model: [8, 16]
                seeds: 2
                """));

        assertThat(found).hasSize(1);
        assertThat(found.getFirst().setting()).isEqualTo("model.act_fn");
        assertThat(found.getFirst().agreeing()).hasSize(2);
        assertThat(found.getFirst().compared()).isEqualTo(2);
        assertThat(found.getFirst().sentence())
                .isEqualTo(
                        "model.act_fn changed no number: act_fn-relu+d_model-8 and act_fn-gelu+d_model-8 agree in every point of"
                                + " all 2 seeds that both have done, as in 2 of 2 such pairs");
    }

    @Test
    void aSettingThatDoesNothingInSomeCellsIsToldWithItsCount() {
        List<Inert> found = find(TinySweeps.of("""
                grid:
                  model.attn_only: [true, false]
                  model.act_fn: [relu, gelu]
                """));

        assertThat(found).hasSize(1);
        assertThat(found.getFirst().sentence()).contains("model.act_fn", "the one seed", "as in 1 of 2 such pairs");
    }

    /** The original's two "sparse" settings, both of which were causal attention: here groups as wide as the context leave nothing out. */
    @Test
    void sparseSettingsThatComeToCausalAttentionAreNamed(@TempDir Path folder) throws java.io.IOException {
        java.nio.file.Files.writeString(
                folder.resolve("titles.txt"), "One title\nAnother title\nA third one\n".repeat(20));
        Path file = java.nio.file.Files.writeString(folder.resolve("sparse.yaml"), """
                base:
                  task: {kind: text, file: titles.txt, tokenizer: bytes, context: 8}
                  model: {n_layers: 1, d_model: 8, n_heads: 2, mask: {kind: fixed, local_context: 8}}
                  train: {steps: 4, batch: 2, evaluate_every: 2}
                grid:
                  model.mask.local_context: [8, 4]
                  model.mask.verts: [1, 2]
                """);

        List<Inert> found = find(Sweeps.read(file, folder, Sweeps.Options.NONE));

        assertThat(found).hasSize(1);
        assertThat(found.getFirst().sentence())
                .isEqualTo(
                        "model.mask.verts changed no number: local_context-8+verts-1 and local_context-8+verts-2 agree in every"
                                + " point of the one seed that both have done, as in 1 of 2 such pairs");
    }

    @Test
    void settingsThatMatterAreNotNamed() {
        assertThat(find(TinySweeps.of("grid: {model.d_model: [8, 16], train.optimizer.lr: [0.001, 0.002]}\n")))
                .isEmpty();
    }

    @Test
    void ofNamedCellsTheOneSettingIsNamed() {
        List<Inert> found = find(TinySweeps.of("""
                set: {model.attn_only: true}
                cells: {a: {}, b: {model.act_fn: gelu}, c: {model.act_fn: gelu, model.d_model: 16}}
                """));

        assertThat(found).extracting(Inert::setting).containsExactly("model.act_fn");
    }
}
