package hooke.train;

import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.tensor.NativeMemory;
import java.util.List;

/** The program that {@link NativeMemoryTest} runs: prints the native bytes after 100 updates, and after each further
 * thousand. */
public final class FlatMemory {
    private FlatMemory() {}

    public static void main(String[] args) {
        Experiment experiment = Experiments.parse(args[0], "test", List.of());
        try (var training = Training.begin(experiment)) {
            train(training, 100);
            System.out.println(NativeMemory.now().allocated());
            for (int thousand = 0; thousand < 4; thousand++) {
                train(training, 1000);
                System.out.println(NativeMemory.now().allocated());
            }
        }
    }

    private static void train(Training training, int steps) {
        for (int step = 0; step < steps; step++) {
            training.advance();
            if (step % 50 == 0) {
                training.evaluate();
            }
        }
    }
}
