package hooke.sweep;

import hooke.sweep.file.Sweeps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Sweeps over an experiment that trains in a blink. */
public final class TinySweeps {
    public static final String BASE = """
            base:
              task: {kind: modular-arithmetic, operation: add, modulus: 5, train_fraction: 0.6}
              model: {n_layers: 1, d_model: 8, n_heads: 2}
              train: {steps: 6, evaluate_every: 2, checkpoint_every: 2}
            """;

    private TinySweeps() {}

    /** An experiment in a file, {@code small.yaml}, for sweeps whose base is one. */
    public static void writeSmall(Path folder) throws IOException {
        Files.writeString(folder.resolve("small.yaml"), """
                task: {kind: modular-arithmetic, operation: add, modulus: 5}
                model: {n_layers: 1, d_model: 8, n_heads: 2}
                train: {steps: 6}
                """);
    }

    /** What follows the base, each line of it at the margin. */
    public static Sweep of(String rest) {
        return Sweeps.parse(BASE + rest, "tiny.yaml", Sweeps.Options.NONE);
    }
}
