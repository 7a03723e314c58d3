package hooke.sweep.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import hooke.InputException;
import hooke.sweep.TinySweeps;
import org.junit.jupiter.api.Test;

/** All that is wrong with the keys of a sweep file is said together, a line each. */
class SweepMistakesTest {
    @Test
    void keysOfTheFileAndOfItsBlocksAreToldTogether() {
        Throwable fault = catchThrowable(() -> TinySweeps.of("""
                set: {train.stps: 3}
                seds: 3
                cap: many
                grid:
                  model.d_modl: [8, 16]
                  model.n_layers: 2
                  model.norm: [none, layer-norm]
                cells:
                  one: {model.n_hads: 2, train.order: {}}
                constraints: [model.d_model >]
                """));

        assertThat(fault).isInstanceOf(InputException.class);
        assertThat(String.valueOf(fault.getMessage()).lines())
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains("seds is not a key (did you mean 'seeds'?)"),
                        line -> assertThat(line).contains("train.stps is not a key (did you mean 'train.steps'?)"),
                        line -> assertThat(line).contains("model.n_hads is not the path of a setting"),
                        line -> assertThat(line).contains("model.d_modl is not the path of a setting"),
                        line -> assertThat(line).contains("grid.model.n_layers (2) must be a list"),
                        line -> assertThat(line).contains("model.d_model >"),
                        line -> assertThat(line).contains("cap (many) must be a whole number"));
    }
}
