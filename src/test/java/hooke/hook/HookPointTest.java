package hooke.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import org.junit.jupiter.api.Test;

class HookPointTest {
    @Test
    void prints_as_transformerlens_names_it_and_reads_that_back() {
        assertThat(Point.PATTERN.at(0)).hasToString("blocks.0.attn.hook_pattern");
        assertThat(Point.EMBED.at()).hasToString("hook_embed");
        for (HookPoint point : HookPoint.all(3)) {
            assertThat(HookPoint.parse(point.toString(), 3)).isEqualTo(point);
        }
        assertThat(HookPoint.all(3)).hasSize(4 + 3 * 25).doesNotHaveDuplicates();
    }

    @Test
    void names_the_nearest_point_for_a_typo_and_the_layers_there_are() {
        assertThatThrownBy(() -> HookPoint.parse("blocks.0.attn.hook_patern", 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("did you mean 'blocks.0.attn.hook_pattern'?");
        assertThatThrownBy(() -> HookPoint.parse("blocks.7.attn.hook_pattern", 2))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a model of 2 layers");
        assertThatThrownBy(() -> Point.EMBED.at(1)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> Point.Q.at()).isInstanceOf(InputException.class);
    }
}
