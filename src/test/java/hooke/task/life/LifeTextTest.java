package hooke.task.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The text of an example, and how an answer is graded. */
final class LifeTextTest {
    @Test
    void anExampleIsThe535BytesOfTheOriginal() {
        LifeText text = new LifeText(256);
        String example = text.text("1010", "1010");

        assertThat(example)
                .hasSize(535)
                .isEqualTo("@PredictNextState<1010" + "p".repeat(252) + "> [1010" + "p".repeat(252) + "]$");
        assertThat(text.length()).isEqualTo(535);
        assertThat(text.prompt("1010"))
                .isEqualTo(example.substring(0, text.answer()))
                .endsWith(">");
        assertThat(example.substring(text.next())).startsWith("1010p");
        assertThat(example.substring(text.question())).startsWith("1010p");
        assertThat(text.answerLength()).isEqualTo(535 - 275);
        assertThat(LifeText.of(LifeText.tokens(example))).isEqualTo(example);
        assertThat(LifeText.board(example)).isEqualTo("1010");
        assertThat(new LifeText(225).length()).isEqualTo(473);
        assertThatThrownBy(() -> new LifeText(9).prompt("1".repeat(16))).hasMessageContaining("has room for");
    }

    @Test
    void answersAreGradedAsTheOriginalDidAndAsWeDo() throws IOException {
        try (InputStream in = Objects.requireNonNull(LifeTextTest.class.getResourceAsStream("metric_cases.json"))) {
            for (JsonNode golden : new JsonMapper().readTree(in)) {
                String truth = golden.get("ground_truth").stringValue();
                Grade grade =
                        Grade.of(golden.get("generated").stringValue(), truth.replaceFirst("p+$", ""), truth.length());
                String what = golden.get("what").stringValue();

                assertThat(grade.original().isPresent())
                        .as(what)
                        .isEqualTo(!golden.get("published_metric").isNull());
                grade.original()
                        .ifPresent(metric -> assertThat(metric)
                                .as(what)
                                .isCloseTo(golden.get("published_metric").doubleValue(), within(1e-12)));
                assertThat(grade.cells()).as(what).isEqualTo(golden.get("cells").intValue());
                assertThat(grade.right())
                        .as(what)
                        .isEqualTo(
                                golden.get("cells_correct").isNull()
                                        ? 0
                                        : golden.get("cells_correct").intValue());
                assertThat(grade.whole())
                        .as(what)
                        .isEqualTo(golden.get("board_exact").booleanValue());
            }
        }
    }

    @Test
    void whatIsMissingIsWrongAndWhatIsMalformedIsSaid() {
        Grade right = Grade.of(" [0110pp]$", "0110", 6);
        Grade late = Grade.of(" [0100pp]$", "0110", 6);
        Grade brief = Grade.of(" [01]$", "0110", 6);
        Grade padded = Grade.of(" [01pppp]$", "0110", 6);
        Grade lost = Grade.of("0110", "0110", 6);

        assertThat(right.whole() && right.wellFormed() && right.firstWrong() == -1)
                .isTrue();
        assertThat(late.wellFormed()).isTrue();
        assertThat(late.firstWrong()).isEqualTo(2);
        assertThat(brief.wellFormed()).isFalse();
        assertThat(brief.right()).isEqualTo(2);
        assertThat(brief.firstWrong()).isEqualTo(2);
        assertThat(padded.wellFormed()).isFalse();
        assertThat(padded.right()).isEqualTo(2);
        assertThat(lost.right()).isZero();
        assertThat(lost.original()).isEmpty();
        assertThat(LifeText.cells(" [01]$", 4)).isEqualTo("0100");
        assertThat(LifeText.cells("nothing", 4)).isEqualTo("0000");
    }
}
