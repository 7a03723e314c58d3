package hooke.fused.pass;

import hooke.config.Norm;
import hooke.fused.kernels.FlatWeights;
import java.util.Arrays;

/** What a norm multiplies by and adds, as far as it has them: a gain that there is not is 1, a bias that there is not 0. */
public record Affine(float[] gains, int gain, boolean gainTrains, float[] biases, int bias, boolean biasTrains) {
    public static Affine of(Parts parts, String name) {
        Norm norm = parts.config().norm();
        float[] gains = parts.values();
        int gain = 0;
        boolean gainTrains = false;
        if (norm.hasGain()) {
            FlatWeights.Place w = parts.weights().place(name + ".w");
            gain = w.offset();
            gainTrains = w.trains();
        } else {
            gains = new float[parts.width()];
            Arrays.fill(gains, 0, parts.config().dModel(), 1); // What fills up the row is zero.
        }
        if (norm.hasBias()) {
            FlatWeights.Place b = parts.weights().place(name + ".b");
            return new Affine(gains, gain, gainTrains, parts.values(), b.offset(), b.trains());
        }
        return new Affine(gains, gain, gainTrains, parts.zeros(), 0, false);
    }
}
