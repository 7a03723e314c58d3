package hooke.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.hook.Hooks;
import hooke.interop.names.NanoGptNames;
import hooke.interop.names.WeightsFile;
import hooke.interop.pickle.Pth;
import hooke.store.Provenance;
import hooke.store.RunReader;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.task.Batch;
import hooke.tensor.Scope;
import hooke.train.Hindsight;
import hooke.train.ResultJson;
import hooke.train.Training;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real PyTorch reads what Hooke writes. Runs where {@code BENCH_VENV} names a Python environment with torch and TransformerLens 2.18.
 */
@Tag("pytorch")
@EnabledIfEnvironmentVariable(named = "BENCH_VENV", matches = ".+")
class PyTorchTest {
    private static final int[] QUESTION = {7 * 113 + 16};

    @TempDir
    static Path folder = Path.of("");

    private static float[] logits = {};

    /** The card's model, trained on 7 x 16 alone until it knows that, in the card's layout and as a state dict. */
    @BeforeAll
    static void write() {
        Experiment experiment = Experiments.named(
                        ModmulCheckpoint.LIKE,
                        Path.of("experiments"),
                        List.of("train.steps=8", "train.checkpoint_every=4", "name=mod_mult_grokking"))
                .resolved(1);
        var here = new Provenance(
                "", "", "", "", "", 1, "", "", "", "", OffsetDateTime.parse("2026-03-01T12:00:00+01:00"));
        try (Store store = Store.open(folder.resolve("runs"));
                RunWriter run = store.claim(experiment, here);
                Training training = Training.begin(experiment)) {
            run.begin();
            var hindsight = new Hindsight(experiment.train());
            for (long step = 0; step <= 8; step++) {
                var evaluation = training.evaluate();
                hindsight.see(evaluation);
                run.log(step, "train_loss", evaluation.train().loss());
                run.log(step, "train_accuracy", evaluation.train().accuracy());
                run.log(step, "test_loss", evaluation.test().loss());
                run.log(step, "test_accuracy", evaluation.test().accuracy());
                if (step % 4 == 0) {
                    run.checkpoint(step, training.weights(), training.optimizerState());
                }
                if (step < 8) {
                    training.advance(new Batch.Examples(QUESTION));
                }
            }
            run.finish(ResultJson.write(hindsight.result(8)), here.at());
            RunReader reader = store.read(run.run());
            RunExport.modmul(reader, folder.resolve("mod_mult_grokking.pth"));
            RunExport.weights(
                    reader, reader.checkpoint(8), RunExport.Form.TRANSFORMER_LENS, folder.resolve("state_dict.pth"));
            try (var _ = new Scope()) {
                logits = training.model()
                        .forward(new int[][] {{7, 16, 113}, {112, 0, 113}}, Hooks.NONE)
                        .toFloats();
            }
        }
    }

    private static String python(String program) throws Exception {
        Path file = Files.writeString(folder.resolve("program.py"), program);
        String python = Path.of(System.getenv("BENCH_VENV"), "bin", "python").toString();
        Process process = new ProcessBuilder(python, file.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out.strip();
    }

    /** The program of the card, as the card prints it. */
    @Test
    void theCardsUsageCodePrints112() throws Exception {
        String usage = Files.readString(Path.of("src/test/resources/hooke/interop/modmul_card.py"));

        assertThat(python(usage).lines().toList().getLast()).isEqualTo("7 * 16 mod 113 = 112");
    }

    @Test
    void transformerLensComputesTheSameLogits() throws Exception {
        String out = python("""
                import torch
                from transformer_lens import HookedTransformer
                checkpoint = torch.load("mod_mult_grokking.pth", weights_only=True)
                model = HookedTransformer(checkpoint["config"])
                model.load_state_dict(torch.load("state_dict.pth", weights_only=True))
                with torch.no_grad():
                    logits = model(torch.tensor([[7, 16, 113], [112, 0, 113]]))
                print(" ".join(repr(x) for x in logits.flatten().tolist()))
                """);
        double[] theirs = Arrays.stream(out.lines().toList().getLast().split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();

        assertThat(theirs).hasSameSizeAs(logits);
        for (int i = 0; i < theirs.length; i++) {
            assertThat((double) logits[i]).isCloseTo(theirs[i], within(1e-5));
        }
    }

    @Test
    void whatTorchLoadsIsWhatWasWritten() throws Exception {
        String out = python("""
                import torch, zipfile
                assert zipfile.ZipFile("mod_mult_grokking.pth").testzip() is None
                c = torch.load("mod_mult_grokking.pth", weights_only=True)
                assert list(c) == ["model", "config", "checkpoints", "checkpoint_epochs", "train_losses", "test_losses",
                                   "train_accs", "test_accs", "train_indices", "test_indices"], list(c)
                assert c["checkpoint_epochs"] == [0, 4] and len(c["checkpoints"]) == 2 and len(c["test_accs"]) == 8
                g = torch.Generator().manual_seed(598)
                both = torch.randperm(113 * 113, generator=g)
                assert torch.equal(torch.cat([c["train_indices"], c["test_indices"]]), both)
                assert c["train_indices"].shape == (3830,) and type(c["model"]).__name__ == "OrderedDict"
                mapped = torch.load("mod_mult_grokking.pth", weights_only=True, mmap=True)
                assert all(torch.equal(v, mapped["model"][k]) for k, v in c["model"].items())
                print("as written")
                """);

        assertThat(out).isEqualTo("as written");
    }

    /** nanogpt.py loads what Hooke wrote from what nanogpt.py had saved, and asserts equal logits. */
    @Test
    void nanoGptLoadsItsWeightsBack() throws Exception {
        Path resources = Path.of("src/test/resources/hooke/interop/names").toAbsolutePath();
        try (Arena arena = Arena.ofConfined()) {
            var experiment = Experiments.parse("""
                    task: {kind: list-copy, list_length: 2, n_digits: 11}
                    model:
                      n_layers: 2
                      d_model: 8
                      n_heads: 2
                      act_fn: gelu
                      tied_embeddings: true
                      norm: {kind: layer-norm, eps: 1.0e-5}
                    train: {steps: 10, batch: full, optimizer: {kind: adamw, lr: 0.001}}
                    """, "nano", List.of("name=nano"));
            var weights = WeightsFile.read(resources.resolve("nanogpt.pth"), experiment.model(), arena);
            Pth.write(folder.resolve("back.pth"), new NanoGptNames().stateDict(experiment.model(), weights));
        }
        String program = Files.readString(resources.resolve("nanogpt.py"))
                .replace("sys.argv[2]", "'back.pth'")
                .replace("len(sys.argv) > 2", "True");

        assertThat(python(program)).isEqualTo("equal");
    }
}
