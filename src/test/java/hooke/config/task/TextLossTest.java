package hooke.config.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.InputException;
import org.junit.jupiter.api.Test;

class TextLossTest {
    /** evaluate_init of golden/headlines/gpt/run.json, which counts a separator as the five characters of {@code <eos>}. */
    private static final TextScore GOLDEN = new TextScore(17122.19123840332, 2699, 2700, 5921, 5933, "a");

    @Test
    void unitsAreTheGoldenOnes() {
        assertThat(GOLDEN.natsPerToken().value()).isCloseTo(6.343901903817458, within(1e-12));
        assertThat(GOLDEN.natsPerCharacter().value()).isCloseTo(2.8917735582508564, within(1e-12));
        assertThat(GOLDEN.bitsPerByte().value()).isCloseTo(4.1635092514405745, within(1e-12));
        assertThat(GOLDEN.coverage()).isCloseTo(2699 / 2700.0, within(1e-15));
    }

    @Test
    void theOriginalsNumberShrinksWithItsCoverage() {
        var original = new TextScore(16227.669921875, 2560, 2700, 5921, 5933, "a");

        assertThat(original.natsPerCharacter().value()).isCloseTo(2.7406975041167034, within(1e-12));
        assertThat(original.coverage()).isCloseTo(0.9481481481481482, within(1e-15));
    }

    @Test
    void unlikeUnitsAreNotCompared() {
        var other = new TextScore(17000, 2699, 2700, 5921, 5933, "b");

        assertThat(GOLDEN.bitsPerByte().minus(other.bitsPerByte())).isPositive();
        assertThatThrownBy(() -> GOLDEN.bitsPerByte().minus(other.natsPerCharacter()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("bits/byte")
                .hasMessageContaining("nats/character cannot be compared: their units differ");
        assertThatThrownBy(() -> GOLDEN.natsPerToken().minus(other.natsPerToken()))
                .hasMessage(ByToken.DIFFERS);
    }
}
