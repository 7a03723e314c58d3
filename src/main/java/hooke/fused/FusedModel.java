package hooke.fused;

import hooke.config.ModelConfig;
import hooke.config.TrainConfig;
import hooke.fused.columns.ColumnPass;
import hooke.fused.kernels.ArraysModel;
import hooke.fused.kernels.FlatWeights;
import hooke.fused.kernels.Gemm;
import hooke.fused.kernels.Kernel;
import hooke.fused.kernels.Kernels;
import hooke.fused.kernels.Meter;
import hooke.fused.kernels.Products;
import hooke.fused.kernels.SmallProduct;
import hooke.fused.pass.Parts;
import hooke.fused.pass.Pass;
import hooke.fused.rows.Readers;
import hooke.fused.rows.RowPass;
import hooke.fused.updates.FlatUpdates;
import hooke.reach.Reach;
import hooke.reach.States;
import hooke.task.FiniteTask;
import hooke.tensor.RawTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A small transformer on a finite task, trained and evaluated by code that is written out for it: weights, gradients and moments in
 * plain arrays, each state of the residual stream computed once however many examples are in it, or of narrow models the examples side
 * by side. Belongs to one thread; a crew of its own helps where there is more than one.
 */
public final class FusedModel implements ArraysModel {
    private final int answersPerExample;
    private final FlatWeights weights;
    private final FlatUpdates updates;
    private final TrainConfig train;
    private final ModelThreads crew;
    private final Kernels kernels;
    private final List<Pass> trainers = new ArrayList<>();
    private final List<Pass> evaluators = new ArrayList<>();

    /**
     * How a set of examples was answered.
     *
     * @param loss mean cross-entropy in nats over all answers
     * @param accuracy share of answers that are right
     */
    public record Score(double loss, double accuracy) {}

    /**
     * @param initial weights by name, all of them, in TransformerLens' shapes
     * @param most examples of one update
     * @param meter to which the products are told, for a model of one thread; or null
     */
    public FusedModel(
            ModelConfig config,
            TrainConfig train,
            FiniteTask task,
            Map<String, RawTensor> initial,
            int most,
            Kernel kernel,
            @Nullable Meter meter) {
        this.answersPerExample = task.answerPositions().length;
        this.train = train;
        this.weights = new FlatWeights(config);
        weights.read(initial);
        this.kernels = kernel.kernels();
        int[][] tokens = IntStream.range(0, task.size()).mapToObj(task::tokens).toArray(int[][]::new);
        int[][] classes =
                IntStream.range(0, task.size()).mapToObj(task::answers).toArray(int[][]::new);
        int[] read = task.answerPositions();
        Reach reach = Reach.of(config, read, tokens[0].length);
        States states = States.of(reach, read, tokens);
        boolean columns = ColumnPass.suits(config, train.lossDtype(), kernel, states, most);
        Gemm library = Gemm.ofLibrary().orElse(null);
        int threads = Math.max(1, Math.min(train.threads(), most));
        this.crew = new ModelThreads(threads);
        this.updates = new FlatUpdates(FlatUpdates.Recipe.of(train), new TinyStorage(weights, crew), kernel);
        for (int i = 0; i < threads; i++) {
            float[] gradients = i == 0 ? weights.gradients() : new float[weights.trainable()];
            SmallProduct small = kernel.smallProduct();
            var parts = Parts.of(config, weights, gradients, kernels, new Products(small, library, meter));
            @Nullable Readers readers = columns ? null : Readers.of(parts);
            IntFunction<Pass> pass = size -> columns
                    ? new ColumnPass(parts, small, reach, tokens, classes, size)
                    : new RowPass(parts, readers, states, tokens, classes, train.lossDtype(), size);
            trainers.add(pass.apply(share(most, threads)));
            evaluators.add(pass.apply(share(task.size(), threads)));
        }
    }

    private static int share(int examples, int threads) {
        return (examples + threads - 1) / threads;
    }

    /** Measures these examples, and leaves the gradient of their mean loss. */
    public Score differentiate(int[] examples) {
        return differentiate(examples, 1, false);
    }

    /**
     * Measures these examples, and leaves the gradient of their mean loss, times a weight.
     *
     * @param onTop whether it is added to the gradient that is there, and does not take its place
     */
    public Score differentiate(int[] examples, double weight, boolean onTop) {
        if (!onTop) {
            Arrays.fill(weights.gradients(), 0);
        }
        return run(trainers, examples, weight / (examples.length * answersPerExample));
    }

    /** Measures these examples. */
    public Score evaluate(int[] examples) {
        return run(evaluators, examples, 0);
    }

    /** @param weight of each answer's gradient; 0 where none is wanted */
    private Score run(List<Pass> passes, int[] examples, double weight) {
        boolean backward = weight != 0;
        int answers = examples.length * answersPerExample;
        int share = share(examples.length, passes.size());
        crew.run(i -> {
            Pass pass = passes.get(i);
            pass.tally().clear();
            if (backward && i > 0) {
                Arrays.fill(pass.gradients(), 0); // Those of the first are the sum of all.
            }
            pass.run(
                    examples, Math.min(examples.length, i * share), Math.min(examples.length, (i + 1) * share), weight);
        });
        double loss = 0;
        long right = 0;
        for (Pass pass : passes) {
            loss += pass.tally().loss();
            right += pass.tally().right();
        }
        if (backward) {
            for (Pass pass : passes.subList(1, passes.size())) {
                kernels.add(weights.gradients(), 0, pass.gradients(), 0, weights.trainable());
            }
        }
        double mean = loss / answers;
        double rounded = switch (train.lossDtype()) {
            case FLOAT32 -> (float) mean;
            case FLOAT64 -> mean;
        };
        return new Score(rounded, (double) right / answers);
    }

    /** Changes the weights by the gradients, after so many updates. */
    public void update(long done) {
        updates.update(done, train.rateFactor(done));
    }

    /** What changes the weights, with what it remembers. */
    public FlatUpdates updates() {
        return updates;
    }

    @Override
    public void writeWeights(Map<String, RawTensor> named) {
        weights.write(named);
    }

    @Override
    public void writeGradients(Map<String, RawTensor> named) {
        weights.writeGradients(named);
    }

    @Override
    public void close() {
        crew.close();
    }
}
