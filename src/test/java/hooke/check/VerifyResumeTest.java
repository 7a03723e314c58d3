package hooke.check;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.JavaProcess;
import hooke.config.Experiment;
import hooke.config.Experiments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, really killed, by each signal at least once. With {@code -Dhooke.kills=N} at least N times for each experiment. */
class VerifyResumeTest {
    private static final List<String> EXPERIMENTS = List.of("""
            name: full-batch
            task: {kind: modular-arithmetic, operation: multiply, modulus: 17, train_fraction: 0.6}
            model: {n_layers: 1, d_model: 32, n_heads: 4, biases: frozen}
            train: {steps: 400, batch: full, loss_dtype: float64, evaluate_every: 1, checkpoint_every: 20, threads: 1}
            """, """
            name: mini-batch
            task: {kind: list-copy, list_length: 2, n_digits: 10}
            model: {n_layers: 2, d_model: 16, n_heads: 1, attn_only: true, mask: bottleneck, identity: [W_V]}
            train: {steps: 600, batch: 16, evaluate_every: 7, checkpoint_every: 25, threads: 1}
            """, """
            name: early-stop
            task: {kind: modular-arithmetic, operation: add, modulus: 11, train_fraction: 0.9}
            model: {n_layers: 2, d_model: 32, n_heads: 2, act_fn: gelu, norm: layer-norm}
            train:
              steps: 5000
              batch: 32
              order: replay
              evaluate_every: 10
              checkpoint_every: 30
              threads: 1
              optimizer: {lr: 0.003}
              stop: {kind: reached, metric: train-accuracy, at_least: 1.0, patience: 3}
            """);

    @Test
    void anInterruptedTrainingEndsWithTheBytesOfOneThatWasLeftAlone(@TempDir Path folder) throws IOException {
        List<VerifyResume.Signal> heeded = VerifyResume.Signal.heeded();
        int kills = Math.max(heeded.size(), Integer.getInteger("hooke.kills", 0));
        int killed = 0;
        int inTraining = 0;
        for (int i = 0; i < EXPERIMENTS.size(); i++) {
            Path file = Files.writeString(folder.resolve(i + ".yaml"), EXPERIMENTS.get(i));
            Experiment experiment = Experiments.read(file, List.of()).resolved(2);
            VerifyResume.Report report = VerifyResume.run(
                    experiment,
                    store -> command(file, store),
                    Files.createDirectories(folder.resolve("stores-" + i)),
                    kills,
                    i,
                    line -> {});
            assertThat(report.differences()).isEmpty();
            assertThat(report.kills()).isGreaterThanOrEqualTo(kills);
            assertThat(report.signals().keySet()).containsExactlyElementsOf(heeded);
            killed += report.kills();
            inTraining += report.inTraining();
        }
        System.out.println(killed + " interruptions by " + heeded + " over " + EXPERIMENTS.size() + " experiments, "
                + inTraining + " of them while it trained: all equal at the end");
    }

    private static List<String> command(Path file, Path store) {
        return JavaProcess.command(
                List.of(), "hooke.cli.Main", "run", file.toString(), "--store", store.toString(), "--no-report");
    }
}
