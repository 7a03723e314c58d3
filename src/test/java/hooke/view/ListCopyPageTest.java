package hooke.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ListCopyPageTest {
    @Test
    void the_headline_says_first_how_well_it_copies() {
        assertThat(ListCopyPage.headline(0.998, 0.99, true, 0.997))
                .isEqualTo("It copies 99.80% of the digits. Nothing leaks around SEP, and attention that never looks at"
                        + " the digits is enough");
        assertThat(ListCopyPage.headline(0.998, 0.99, false, 0.498))
                .isEqualTo("It copies 99.80% of the digits. Something leaks around SEP; attention that depends on the"
                        + " digits carries 50.00% of the accuracy");
    }

    @Test
    void of_a_model_that_has_not_learned_the_headline_concludes_nothing_from_what_it_can_do_without() {
        assertThat(ListCopyPage.headline(0.012, 0.99, true, 0.012))
                .isEqualTo("It copies 1.20% of the digits, less than the 99% that count as learned: this is a model"
                        + " that has not learned to copy. Nothing leaks around SEP");
    }
}
