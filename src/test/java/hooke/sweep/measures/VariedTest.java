package hooke.sweep.measures;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.sweep.file.Sweeps;
import java.util.List;
import org.junit.jupiter.api.Test;

class VariedTest {
    private static List<Varied> of(String axes) {
        return Varied.of(Sweeps.parse("""
                base:
                  task: {kind: modular-arithmetic, operation: add, modulus: 7}
                  model: {n_layers: 1, d_model: 8, n_heads: 2}
                  train: {steps: 1}
                """ + axes + "seeds: 1\n", "varied.yaml", Sweeps.Options.NONE)
                .cells());
    }

    @Test
    void numbersStandBySizeAndWordsAsTheFileHasThem() {
        List<Varied> varied =
                of("grid: {model.d_model: [16, 8, 128], model.act_fn: [relu, gelu], model.n_layers: [1]}\n");
        assertThat(varied)
                .as("what is the same everywhere tells nothing")
                .extracting(Varied::word)
                .containsExactly("d_model", "act_fn");
        assertThat(varied.get(0).groups()).containsExactly("8", "16", "128");
        assertThat(varied.get(1).groups()).containsExactly("relu", "gelu");
        assertThat(varied).allMatch(Varied::isInLabels);
    }

    @Test
    void drawsAreRoundedAsFarAsTheyStayApartAndManyStandInFifths() {
        Varied lr = of("""
                random:
                  samples: 40
                  train.optimizer.lr: {distribution: log-uniform, min: 1e-5, max: 1e-2}
                """).getFirst();
        assertThat(lr.isInLabels()).isFalse();
        assertThat(lr.shown().values())
                .doesNotHaveDuplicates()
                .allMatch(text -> text.matches("0\\.00\\d+|[0-9.]+e-[45]"));
        assertThat(lr.groups()).hasSize(5).allMatch(text -> text.contains(" to "));
    }

    @Test
    void roundingMakesNoWholeNumber() {
        assertThat(of("grid: {train.optimizer.weight_decay: [0.5, 0.99996]}\n")
                        .getFirst()
                        .groups())
                .containsExactly("0.5", "0.99996");
    }
}
