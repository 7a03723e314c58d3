package hooke.lens.fourier;

import hooke.Check;
import hooke.config.ModelConfig;
import hooke.hook.Cache;
import hooke.hook.HookPoint;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.lens.group.TaskGroup;
import hooke.model.Plan;
import hooke.model.Transformer;
import hooke.task.FiniteTask;
import hooke.tensor.Device;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;

/**
 * What a model computes for every pair of a group, at the position where it answers.
 *
 * @param logits [x * order + y][class], flat
 * @param neurons activations of the last layer's MLP, [x * order + y][neuron], flat; empty where there is no MLP
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record PairOutputs(int classes, double[] logits, int width, double[] neurons) {
    /** All logits of S_6 would be 373 million numbers. */
    private static final long MOST = 60_000_000;

    /** In the precision of the model's weights. */
    static PairOutputs of(Transformer model, FiniteTask task, TaskGroup group) {
        ModelConfig config = model.config();
        long pairs = group.example().length;
        Check.that(
                pairs * Math.max(config.dVocabOut(), config.dMlp()) <= MOST,
                "what this model computes for all %s pairs is too much to hold: %s numbers for each pair, where at most %s in all are possible",
                pairs,
                Math.max(config.dVocabOut(), config.dMlp()),
                MOST);
        int[][] tokens = new int[group.example().length][];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = task.tokens(group.example()[i]);
        }
        HookPoint hidden = Point.MLP_POST.at(config.nLayers() - 1);
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            Plan plan = Plan.reading(config, Device.CPU, task.answerPositions(), tokens[0].length);
            Cache cache = config.attnOnly() ? new Cache() : new Cache(hidden);
            Tensor logits = model.forward(plan.input(tokens), Hooks.read(cache)); // [pair, 1, class]
            double[] neurons =
                    config.attnOnly() ? new double[0] : cache.get(hidden).toDoubles();
            return new PairOutputs(config.dVocabOut(), logits.toDoubles(), config.dMlp(), neurons);
        }
    }

    /** The logits of a pair for the classes that are elements of the group, by element. */
    void logitsOfGroup(TaskGroup task, int pair, boolean centred, double[] into) {
        int n = into.length;
        double mean = 0;
        for (int z = 0; z < n; z++) {
            into[z] = logits[pair * classes + task.result()[z]];
            mean += into[z] / n;
        }
        for (int z = 0; centred && z < n; z++) {
            into[z] -= mean;
        }
    }
}
