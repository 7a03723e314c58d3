package hooke.check;

import hooke.config.Experiment;
import hooke.hook.Cache;
import hooke.hook.HookPoint;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.task.FiniteTask;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A forward pass that keeps every hook point's activation at every position. It lives in the innermost scope.
 *
 * @param read the points whose mean squares the other programs give, too
 */
record BenchCaching(Transformer model, int[][] tokens, List<HookPoint> read) {

    /** All 12,769 products of the card, or the last 2,000 lists of the bench's order. */
    static BenchCaching of(Experiment experiment) {
        boolean lists = experiment.task().listCopy().isPresent();
        Map<String, RawTensor> weights = lists ? BenchWeights.listCopy(experiment, 0) : BenchWeights.modmul(experiment);
        int[] examples = lists
                ? Arrays.copyOfRange(BenchSpec.order(1, 10_000), 8000, 10_000)
                : IntStream.range(0, 113 * 113).toArray();
        FiniteTask task = FiniteTask.of(experiment.task());
        return new BenchCaching(
                new Transformer(Weights.of(experiment.model(), DType.F32, Device.CPU, weights)),
                Arrays.stream(examples).mapToObj(task::tokens).toArray(int[][]::new),
                lists
                        ? List.of(
                                Point.EMBED.at(),
                                Point.PATTERN.at(0),
                                Point.RESID_POST.at(0),
                                Point.Z.at(1),
                                Point.RESID_POST.at(1))
                        : List.of(
                                Point.EMBED.at(),
                                Point.PATTERN.at(0),
                                Point.Z.at(0),
                                Point.MLP_POST.at(0),
                                Point.RESID_POST.at(0)));
    }

    /** One repetition: everything is computed and kept, and can be read. */
    void run() {
        try (var _ = new Scope()) {
            model.forward(tokens, Hooks.read(Cache.all()));
        }
    }

    /** The shortest of some repetitions in which everything is also read, as a tensor of all examples at each point, in milliseconds. */
    double millisWhenAllIsRead() {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 10; i++) {
            long start = System.nanoTime();
            try (var _ = new Scope()) {
                var cache = Cache.all();
                model.forward(tokens, Hooks.read(cache));
                cache.entries();
            }
            best = Math.min(best, (System.nanoTime() - start) / 1e6);
        }
        return best;
    }

    /** Mean squares of the logits and of the points read. */
    List<Double> check() {
        try (var _ = new Scope()) {
            List<Double> check = new ArrayList<>();
            var cache = Cache.all();
            check.add(meanSquare(model.forward(tokens, Hooks.read(cache))));
            read.forEach(point -> check.add(meanSquare(cache.get(point))));
            return check;
        }
    }

    private static double meanSquare(Tensor tensor) {
        Tensor wide = tensor.to(DType.F64);
        return wide.times(wide).mean(false).item();
    }
}
