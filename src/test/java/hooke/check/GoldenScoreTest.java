package hooke.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.cli.Session;
import hooke.cli.terminal.Json;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.lens.OpenedModel;
import hooke.lens.text.TokenLosses;
import hooke.store.RunReader;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.sweep.work.PlantedWorker;
import hooke.task.Text;
import hooke.tensor.RawTensor;
import hooke.tensor.Safetensors;
import hooke.tensor.Scope;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code hooke score} on the recorded GPT, as a run in a store, beside what was recorded of it. */
final class GoldenScoreTest {
    private static final Path GOLDEN = Path.of("golden/headlines").toAbsolutePath();

    private static Experiment experiment() {
        return Experiments.parse("""
                name: golden
                task:
                  kind: text
                  file: %1$s/bpe/titles.txt
                  train_fraction: 0.976     # the last 120 of 5,000 titles are kept
                  tokenizer: {kind: file, path: %1$s/bpe/tokenizer_small.json}
                  context: 32
                model: {n_layers: 2, d_model: 64, n_heads: 4, d_head: 8, act_fn: gelu, norm: layer-norm, tied_embeddings: true, without_biases: [unembed]}
                train: {steps: 30, batch: 8, optimizer: {kind: adagrad, lr: 0.007}, schedule: cosine, clip_norm: 1.0}
                """.formatted(GOLDEN), "golden", List.of()).resolved(1);
    }

    @Test
    void ourScoreAndTheOriginalsAreTheRecordedOnes(@TempDir Path dir) throws IOException {
        Experiment experiment = experiment();
        var here = PlantedWorker.HERE;
        Map<Integer, String> recorded = Map.of(0, "init.safetensors", 30, "after_30.safetensors");
        try (Store store = Store.open(dir.resolve("runs"));
                RunWriter run = store.claim(experiment, here);
                Arena arena = Arena.ofConfined()) {
            run.begin();
            run.keepTokenizer(
                    new Text(taskOf(experiment), Optional.empty()).tokenizer().orElseThrow());
            for (int step : new int[] {0, 30}) {
                Map<String, RawTensor> theirs = Safetensors.open(
                                GOLDEN.resolve("gpt").resolve(recorded.get(step)), arena)
                        .tensors();
                run.checkpoint(step, new HeadlinesNames(experiment.model(), theirs).all(), new LinkedHashMap<>());
            }
        }
        JsonNode golden = Json.tree(java.nio.file.Files.readString(GOLDEN.resolve("gpt/run.json")));

        Map.of(0, "evaluate_init", 30, "evaluate_after").forEach((step, name) -> {
            JsonNode theirs = golden.path(name);
            JsonNode original = score(dir, "golden@" + step, "--as-original");
            assertThat(original.path("scored").asLong())
                    .isEqualTo(theirs.path("seed_way").path("scored_tokens").asLong());
            assertThat(original.path("nats_per_character").asDouble())
                    .isCloseTo(
                            theirs.path("seed_way").path("nats_per_character").asDouble(), within(1e-5));

            JsonNode ours = score(dir, "golden@" + step);
            assertThat(ours.path("tokens").asLong())
                    .isEqualTo(theirs.path("tokens_total").asLong());
            assertThat(ours.path("scored").asLong()).as("the first token, too").isEqualTo(2700);
            assertThat(ours.path("nats_per_token").asDouble())
                    .as("blocks begin one token earlier")
                    .isCloseTo(theirs.path("full").path("nats_per_token").asDouble(), within(0.02));
        });
        inTheRecordedBlocks(dir, golden.path("evaluate_after").path("full"));
    }

    private static hooke.config.task.TextConfig taskOf(Experiment experiment) {
        return (hooke.config.task.TextConfig) experiment.task();
    }

    private static JsonNode score(Path dir, String run, String... options) {
        String[] words = {"score", run, "--json", "--store", dir.resolve("runs").toString()};
        String[] all = Arrays.copyOf(words, words.length + options.length);
        System.arraycopy(options, 0, all, words.length, options.length);
        Session session = Session.of(all);
        assertThat(session.status()).as(session.err()).isZero();
        return Json.tree(session.out());
    }

    /** What was recorded leaves the first token unscored; the rest is the same sum. */
    private static void inTheRecordedBlocks(Path dir, JsonNode full) {
        try (Store store = Store.openReadOnly(dir.resolve("runs"));
                var _ = new Scope()) {
            RunReader reader = store.read(store.find("golden").run());
            var text = new Text(taskOf(reader.experiment()), reader.tokenizer());
            int[] tokens = text.texts().test();
            var model = OpenedModel.model(reader, reader.checkpoint(30));
            double[] losses = IntStream.iterate(0, first -> first < tokens.length - 1, first -> first + 32)
                    .mapToObj(first ->
                            new int[][] {Arrays.copyOfRange(tokens, first, Math.min(first + 33, tokens.length))})
                    .map(row -> RecordedSequences.next(row, new int[][] {{}}))
                    .flatMapToDouble(block -> Arrays.stream(TokenLosses.of(model, block)))
                    .toArray();
            assertThat(losses).hasSize(full.path("scored_tokens").asInt());
            assertThat(Arrays.stream(losses).average().orElseThrow())
                    .isCloseTo(full.path("nats_per_token").asDouble(), within(1e-5));
        }
    }
}
