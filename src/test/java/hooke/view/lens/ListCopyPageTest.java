package hooke.view.lens;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.lens.Score;
import hooke.lens.intervene.Ablation;
import hooke.lens.intervene.Intervention;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListCopyPageTest {
    @Test
    void the_headline_says_first_how_well_it_copies() {
        assertThat(ListCopyPage.headline(0.998, 0.99, true, 0.997))
                .isEqualTo(
                        "It copies 99.80% of the digits. Nothing leaks around SEP, and attention that is the same for"
                                + " every list is enough");
        assertThat(ListCopyPage.headline(0.998, 0.99, false, 0.498))
                .isEqualTo(
                        "It copies 99.80% of the digits. Something leaks around SEP; attention that differs from list"
                                + " to list carries 50.00% of the accuracy");
    }

    @Test
    void a_cut_that_costs_little_once_its_row_is_scaled_up_is_told() {
        List<Ablation> edges = List.of(
                cut(1, false, 0.5058),
                cut(1, true, 0.9953),
                cut(2, false, 0.504),
                cut(2, true, 0.504),
                cut(0, false, 1));

        assertThat(ListCopyPage.spared(1, edges))
                .isEqualTo(
                        " Without layer 1, SEP to d1, 50.58% is left, but 99.53% if the rest of the row is renormalised to sum to 1: what it attends to instead serves nearly as well.");
    }

    private static Ablation cut(int layer, boolean scaled, double accuracy) {
        var edge = new Intervention.Edge(layer, 0, 2, 0, scaled);
        var score = new Score(2000, 1, new double[] {accuracy});
        return new Ablation("edges", "layer " + layer + ", SEP to d1", "cut", edge, score);
    }

    @Test
    void of_a_model_that_has_not_learned_the_headline_concludes_nothing_from_what_it_can_do_without() {
        assertThat(ListCopyPage.headline(0.012, 0.99, true, 0.012))
                .isEqualTo("It copies 1.20% of the digits, less than the 99% that count as learned: this is a model"
                        + " that has not learned to copy. Nothing leaks around SEP");
    }
}
