package hooke.fused.context;

import hooke.fused.context.ContextWeights.Stretch;
import hooke.fused.kernels.FlatAdamW;
import hooke.fused.kernels.FlatWeights;
import hooke.fused.kernels.Kernels;
import hooke.fused.kernels.SquareSum;
import java.util.ArrayList;
import java.util.List;

/** Clips gradients by their norm and changes weights by them, stretch by stretch of those that train. */
final class ContextUpdates {
    private static final int MOST = 1 << 16;

    private final ContextWeights weights;
    private final Kernels kernels;
    private final SquareSum squares;
    private final List<Stretch> stretches = new ArrayList<>();
    private final float[] mean;
    private final float[] square;

    ContextUpdates(ContextParts parts) {
        this.weights = parts.weights();
        this.kernels = parts.kernels();
        this.squares = SquareSum.of(parts.kernel());
        for (Stretch trained : weights.trained()) {
            for (int from = trained.from(); from < trained.to(); from += MOST) {
                stretches.add(new Stretch(from, Math.min(from + MOST, trained.to()), trained.matrix()));
            }
        }
        this.mean = new float[weights.values().length];
        this.square = new float[weights.values().length];
    }

    float[] mean() {
        return mean;
    }

    float[] square() {
        return square;
    }

    /** The norm of the gradient of all that trains. */
    double norm(Workers<Desk> workers) {
        double[] sums = new double[stretches.size()];
        workers.run(sums.length, (desk, number) -> {
            Stretch stretch = stretches.get(number);
            sums[number] = squares.of(weights.gradients(), stretch.from(), stretch.to());
        });
        double sum = 0;
        for (double one : sums) {
            sum += one;
        }
        return Math.sqrt(sum);
    }

    /** Multiplies the gradients of all that trains. */
    void scale(Workers<Desk> workers, double factor) {
        workers.run(stretches.size(), (desk, number) -> {
            Stretch stretch = stretches.get(number);
            float[] gradients = weights.gradients();
            for (int i = stretch.from(); i < stretch.to(); i++) {
                gradients[i] *= (float) factor;
            }
        });
    }

    /** One update of all that trains; of matrices one, of the rest another. */
    void update(Workers<Desk> workers, FlatAdamW.Update ofMatrices, FlatAdamW.Update ofVectors) {
        workers.run(stretches.size(), (desk, number) -> {
            Stretch stretch = stretches.get(number);
            FlatAdamW.Update update = stretch.matrix() ? ofMatrices : ofVectors;
            int whole = stretch.from() + (stretch.to() - stretch.from()) / FlatWeights.LANES * FlatWeights.LANES;
            kernels.adamW(update, weights.values(), weights.gradients(), mean, square, stretch.from(), whole);
            if (whole < stretch.to()) {
                rest(update, whole, stretch.to() - whole);
            }
        });
        weights.changed();
    }

    /** Of fewer numbers than fill a vector, which others lie behind. */
    private void rest(FlatAdamW.Update update, int from, int count) {
        float[][] all = {weights.values(), weights.gradients(), mean, square};
        float[][] few = new float[all.length][FlatWeights.LANES];
        for (int i = 0; i < all.length; i++) {
            System.arraycopy(all[i], from, few[i], 0, count);
        }
        kernels.adamW(update, few[0], few[1], few[2], few[3], 0, FlatWeights.LANES);
        for (int i = 0; i < all.length; i++) {
            System.arraycopy(few[i], 0, all[i], from, count);
        }
    }
}
