package hooke.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.cli.Session;
import hooke.fused.kernels.Gemm;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ExplainTest {
    @Test
    void theCardsModelHasTheCardsParameters() {
        Session session = Session.of("explain", "modmul-113");

        assertThat(session.status()).isZero();
        assertThat(session.out())
                .startsWith("modmul-113/0\n")
                .containsPattern("together +227,313 +226,048\n")
                .containsPattern("data +12,769 examples: 3,830 train, 8,939 test, 0 in both\n")
                .containsPattern("train.optimizer.weight_decay +1.0 +0.01\n")
                .containsPattern("\nseed +0 \\(no effect\\)")
                .containsPattern("train.engine +fused \\(auto\\)\n");
    }

    @Test
    void parametersAreListedByNameShapeAndWhetherTheyTrain() {
        Session session = Session.of("explain", "list-copy-d8", "--params");

        assertThat(session.out())
                .containsPattern("embed.W_E +\\[101, 8\\] +808 +yes\n")
                .containsPattern("blocks.2.attn.W_V +\\[1, 8, 8\\] +64 +no\n");
    }

    @Test
    void jsonHasTheWholeExperimentWithSettingsLaidOver() {
        Session session = Session.of("explain", "quick-grok", "--json", "--set", "task.modulus=59", "--set", "seed=3");

        JsonNode json = JsonMapper.shared().readTree(session.out());
        assertThat(json.at("/experiment/task/modulus").asInt()).isEqualTo(59);
        assertThat(json.at("/experiment/seed").asInt()).isEqualTo(3);
        assertThat(json.at("/needs/data/examples").asInt()).isEqualTo(59 * 59);
        assertThat(json.has("parameter_list")).isFalse();
    }

    @Test
    void memoryIsToldWithAndWithoutRecomputation() {
        assertThat(Session.of("explain", "life-small").out())
                .containsPattern("activations about .*B \\(.*B with train.recompute=blocks\\)\n");
        assertThat(Session.of("explain", "life-small", "--set", "train.recompute=blocks")
                        .out())
                .containsPattern("activations about .*B \\(.*B without train.recompute\\)\n");
        assertThat(Session.of("explain", "quick-grok").out()).doesNotContain("train.recompute=blocks");
    }

    /** What run would refuse. */
    @Test
    void bf16IsSaidToBeLackingWhereItIs() {
        String sentence = "It cannot be trained on this machine: train.precision (bf16) needs a processor that";
        Session session = Session.of("explain", "life-small", "--set", "train.precision=bf16");
        assertThat(session.status()).isZero();
        assertThat(session.out().contains(sentence)).isEqualTo(Gemm.ofBf16().isEmpty());
        assertThat(Session.of("explain", "life-small").out()).doesNotContain(sentence);
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThat(Session.of("explain", "quik-grok"))
                .satisfies(s -> assertThat(s.status()).isEqualTo(2))
                .satisfies(s -> assertThat(s.err()).contains("did you mean 'quick-grok'?"));
        assertThat(Session.of("explain", "quick-grok", "--set", "train.stps=3").err())
                .isEqualTo("hooke: --set train.stps=3: train.stps is not a key (did you mean 'train.steps'?)\n");
        assertThat(Session.of("explain").err())
                .isEqualTo("hooke: explain needs EXPERIMENT; see ./hooke explain --help\n");
    }
}
