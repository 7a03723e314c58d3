package hooke.fused;

import hooke.config.ModelConfig;
import hooke.config.OptimizerConfig;
import hooke.config.TrainConfig;
import hooke.fused.columns.ColumnPass;
import hooke.fused.kernels.ArraysModel;
import hooke.fused.kernels.FlatAdamW;
import hooke.fused.kernels.FlatWeights;
import hooke.fused.kernels.Kernel;
import hooke.fused.kernels.Kernels;
import hooke.fused.kernels.Meter;
import hooke.fused.kernels.Products;
import hooke.fused.kernels.SmallProduct;
import hooke.fused.pass.Parts;
import hooke.fused.pass.Pass;
import hooke.fused.rows.Readers;
import hooke.fused.rows.RowPass;
import hooke.reach.Reach;
import hooke.reach.States;
import hooke.task.FiniteTask;
import hooke.tensor.OpenBlas;
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
    private final FlatAdamW optimizer;
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
        this.optimizer = switch (train.optimizer()) {
            case OptimizerConfig.AdamW adamW -> new FlatAdamW(adamW, kernels, weights.trainable());
            case OptimizerConfig.Adam adam -> new FlatAdamW(adam.withoutDecay(), kernels, weights.trainable());
            case OptimizerConfig.Sgd _,
                    OptimizerConfig.Adagrad _,
                    OptimizerConfig.Rmsprop _,
                    OptimizerConfig.Lion _,
                    OptimizerConfig.Muon _ -> throw new IllegalArgumentException("FusedCoverage lets nothing else in");
        };
        int[][] tokens = IntStream.range(0, task.size()).mapToObj(task::tokens).toArray(int[][]::new);
        int[][] classes =
                IntStream.range(0, task.size()).mapToObj(task::answers).toArray(int[][]::new);
        int[] read = task.answerPositions();
        Reach reach = Reach.of(config, read, tokens[0].length);
        States states = States.of(reach, read, tokens);
        boolean columns = ColumnPass.suits(config, train.lossDtype(), kernel, states, most);
        OpenBlas blas = OpenBlas.loaded().orElse(null);
        int threads = Math.max(1, Math.min(train.threads(), most));
        this.crew = new ModelThreads(threads);
        for (int i = 0; i < threads; i++) {
            float[] gradients = i == 0 ? weights.gradients() : new float[weights.trainable()];
            SmallProduct small = kernel.smallProduct();
            var parts = Parts.of(config, weights, gradients, kernels, new Products(small, blas, meter));
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
     * The same times a weight.
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
        clip();
        FlatAdamW.Update update = optimizer.at(done + 1, train.rateFactor(done));
        crew.run(i -> optimizer.update(update, weights, i, crew.size()));
        weights.changed();
    }

    /** As PyTorch's clip_grad_norm_ does, with its 1e-6; what fills up rows is 0. */
    private void clip() {
        if (train.clipNorm() > 0) {
            float[] gradients = weights.gradients();
            double squares = 0;
            for (float gradient : gradients) {
                squares += (double) gradient * gradient;
            }
            double share = train.clipNorm() / (Math.sqrt(squares) + 1e-6);
            if (share < 1) {
                for (int i = 0; i < gradients.length; i++) {
                    gradients[i] *= (float) share;
                }
            }
        }
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
    public RawTensor mean() {
        return weights.flat(optimizer.mean());
    }

    @Override
    public RawTensor square() {
        return weights.flat(optimizer.square());
    }

    @Override
    public void readMoments(RawTensor mean, RawTensor square) {
        weights.readFlat(mean, optimizer.mean());
        weights.readFlat(square, optimizer.square());
    }

    @Override
    public void close() {
        crew.close();
    }
}
