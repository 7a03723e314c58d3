package hooke.view.lens;

import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.lens.attention.AttentionExample;
import hooke.lens.attention.AttentionPattern;
import hooke.lens.fourier.Dissection;
import hooke.lens.fourier.Frame;
import hooke.lens.fourier.Phases;
import hooke.lens.fourier.Snapshot;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.store.series.Series;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.Rng;
import hooke.tensor.Scope;
import hooke.view.plot.Curve;
import hooke.view.run.RunReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Dissections of small models that nobody trained, shaped like those of a run. */
final class GrokSample {
    static final int FRAMES = 5;

    private GrokSample() {}

    static GrokPlots addition() {
        return of("{kind: modular-arithmetic, operation: add, modulus: 11, train_fraction: 0.4}", List.of(2, 4));
    }

    static GrokPlots permutations() {
        return of("{kind: permutation, elements: 4, train_fraction: 0.5}", List.of(1, 3));
    }

    private static GrokPlots of(String task, List<Integer> keys) {
        Experiment experiment = Experiments.parse("""
                name: sample
                task: %s
                model: {n_layers: 1, d_model: 8, n_heads: 2, d_mlp: 12}
                train: {steps: 400, batch: full}
                """.formatted(task), "sample", List.of());
        Dissection dissection = Dissection.of(experiment);
        int elements = dissection.group().token().length;
        var random = new Random(3);
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < FRAMES; i++) {
            double[][] places = new double[elements][2];
            for (double[] place : places) {
                place[0] = random.nextGaussian();
                place[1] = random.nextGaussian();
            }
            double first = (i + 1) / 10.0;
            double[][] weights = {{1, 0, 0}, {first, 1 - first, 0}, {first, 0.5 - first / 2, 0.5 - first / 2}};
            List<Frame.Pattern> patterns = List.of(new Frame.Pattern(0, 0, weights), new Frame.Pattern(0, 1, weights));
            double share = 0.1 * i;
            List<Frame.Places> planes = dissection.group().isCyclic()
                    ? keys.stream().map(k -> new Frame.Places(k, places, share)).toList()
                    : List.of(new Frame.Places(0, places, share));
            frames.add(new Frame(snapshot(dissection, i, keys), planes, patterns));
        }
        double[] steps = {0, 100, 200, 300, 400};
        var run = new RunReport(
                "sample/0",
                experiment,
                RunReport.State.FINISHED,
                "",
                400,
                Optional.empty(),
                List.of(
                        new Curve("train_loss", steps, new double[] {2.4, 1, 0.1, 0.01, 0.001}),
                        new Curve("test_loss", steps, new double[] {2.4, 5, 6, 2, 0.1})),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        long[] at = {0, 100, 200, 300, 400};
        Phases phases = Phases.of(
                new Series("train_accuracy", at, new double[] {0, 0.5, 1, 1, 1}),
                new Series("test_loss", at, new double[] {2.4, 5, 6, 2, 0.1}),
                new Series("test_accuracy", at, new double[] {0, 0, 0, 0.5, 1}),
                0.99);
        int[] tokens = dissection.task().tokens(5);
        var example = new AttentionExample(
                dissection.task().sentence(tokens, dissection.task().answers(5)),
                Arrays.stream(tokens).mapToObj(dissection.task()::tokenLabel).toList(),
                frames.getFirst().patterns().stream()
                        .map(p -> new AttentionPattern(p.layer(), p.head(), p.weights()))
                        .toList());
        return new GrokPlots(run, dissection, frames, phases, List.of(example));
    }

    private static Snapshot snapshot(Dissection dissection, int frame, List<Integer> keys) {
        try (var _ = new Scope();
                var rng = Rng.seeded(frame)) {
            var weights = Weights.draw(dissection.experiment().model(), DType.F64, Device.CPU, rng);
            return dissection.look(100L * frame, new Transformer(weights), new Dissection.Keys.Given(keys), true);
        }
    }
}
