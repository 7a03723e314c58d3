package hooke.sweep.file;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.config.Estimates;
import hooke.config.Experiments;
import hooke.sweep.Cell;
import hooke.sweep.Sweep;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The sweeps in experiments/ are what the studies ask for. */
class ShippedSweepsTest {
    private static final Path FOLDER = Path.of("experiments");

    private static Sweep read(String name) {
        return Sweeps.read(FOLDER.resolve(name + ".yaml"), FOLDER, Sweeps.Options.NONE);
    }

    @Test
    void theyAreSweepsAndNotExperiments() {
        List<String> names = Experiments.sweepNames(FOLDER);

        assertThat(names)
                .contains(
                        "capacity-small",
                        "grokking-baseline",
                        "grokking-capacity",
                        "list-copy-grid",
                        "list-copy-widths");
        assertThat(Experiments.names(FOLDER)).doesNotContainAnyElementsOf(names).contains("list-copy");
        names.forEach(name -> assertThat(read(name).cells()).as(name).isNotEmpty());
    }

    @Test
    void theListCopyGridHasTheOriginalsNamesInItsOrder() {
        Sweep grid = read("list-copy-grid");

        assertThat(grid.cells()).hasSize(32);
        assertThat(grid.cells().subList(0, 5))
                .extracting(Cell::label)
                .containsExactly(
                        "d128_2L_noLN_noBias_uWV_uWO",
                        "d128_2L_noLN_noBias_uWV_fWO",
                        "d128_2L_noLN_noBias_fWV_uWO",
                        "d128_2L_noLN_noBias_fWV_fWO",
                        "d128_2L_noLN_Bias_uWV_uWO");
        assertThat(grid.cells().getLast().label()).isEqualTo("d128_3L_LN_Bias_fWV_fWO");
    }

    @Test
    void theNarrowestOfTheDissectedHasItsParameters() {
        Cell d8 = read("list-copy-widths").cells().stream()
                .filter(cell -> cell.label().equals("d8"))
                .findFirst()
                .orElseThrow();
        Estimates needs = Estimates.of(d8.experiment());

        assertThat(needs.parameters()).isEqualTo(2_621);
        assertThat(needs.trainable()).isEqualTo(2_040);
    }

    /** Parameter counts of workloads/grokking-capacity.md, p = 97; heads do not change them. */
    @Test
    void theCapacityStudyHas540RunsOfTheStatedSizes() {
        Sweep study = read("grokking-capacity");
        Map<String, Long> counts = new TreeMap<>();
        for (Cell cell : study.cells()) {
            if (cell.choices().get("task").equals("x_plus_y")) {
                String size = cell.choices().get("model.n_layers") + "L d"
                        + cell.choices().get("model.d_model");
                counts.put(size, Estimates.of(cell.experiment()).parameters());
            }
        }

        assertThat(study.size()).isEqualTo(540);
        assertThat(counts)
                .isEqualTo(Map.of(
                        "1L d64", 63_073L,
                        "2L d64", 113_057L,
                        "4L d64", 213_025L,
                        "1L d128", 224_353L,
                        "2L d128", 422_625L,
                        "4L d128", 819_169L,
                        "1L d256", 841_825L,
                        "2L d256", 1_631_585L,
                        "4L d256", 3_211_105L));
    }
}
