package hooke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CheckTest {
    private static final List<String> KEYS = List.of("n_layers", "n_heads", "d_model", "W_V", "W_O", "list-copy");

    @Test
    void nearestIsWhatATypoMeant() {
        assertThat(Check.nearest("n_layer", KEYS)).contains("n_layers");
        assertThat(Check.nearest("n_haeds", KEYS)).contains("n_heads");
        assertThat(Check.nearest("dmodel", KEYS)).contains("d_model");
        assertThat(Check.nearest("list_copy", KEYS)).contains("list-copy");
        assertThat(Check.nearest("w_v", KEYS)).contains("W_V");
        assertThat(Check.nearest("LIST-COPY", KEYS)).contains("list-copy");
        assertThat(Check.nearest("learning_rate", KEYS)).isEmpty();
        assertThat(Check.nearest("x".repeat(1_000_000), KEYS)).isEmpty();
        assertThat(Check.didYouMean("n_layer", KEYS)).isEqualTo(" (did you mean 'n_layers'?)");
        assertThat(Check.didYouMean("zzz", List.of())).isEmpty();
    }

    @Test
    void brokenRuleIsOneSentence() {
        Check.that(true, "%s", "never said");
        assertThatThrownBy(() -> Check.that(false, "d_head (%s) must be at least %s", 0, 1))
                .isInstanceOf(InputException.class)
                .hasMessage("d_head (0) must be at least 1");
    }
}
