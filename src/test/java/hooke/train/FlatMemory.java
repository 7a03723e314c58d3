package hooke.train;

import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.tensor.NativeMemory;
import java.util.List;

/** The program that {@link NativeMemoryTest} runs: prints the native bytes after 100 and after 2,000 further updates. */
public final class FlatMemory {
    private FlatMemory() {}

    public static void main(String[] args) {
        Experiment experiment = Experiments.parse(args[0], "test", List.of());
        try (var training = Training.begin(experiment)) {
            train(training, 100);
            long early = NativeMemory.now().allocated();
            train(training, 2000);
            System.out.println(early + " " + NativeMemory.now().allocated());
        }
    }

    private static void train(Training training, int steps) {
        for (int step = 0; step < steps; step++) {
            training.update();
            if (step % 50 == 0) {
                training.evaluateTrain();
                training.evaluateTest();
            }
        }
    }
}
