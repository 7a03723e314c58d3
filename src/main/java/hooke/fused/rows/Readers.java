package hooke.fused.rows;

import hooke.config.ModelConfig;
import hooke.fused.kernels.Mat;
import hooke.fused.pass.FlatLinear;
import hooke.fused.pass.Parts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The linear maps that read the last residual stream of a model without norms, composed with what comes before them: {@code W_O [W_in |
 * W_U]} and {@code W_out W_U}. They are made once for the weights as they stand, also where training and test set are measured with the
 * same ones; their gradients go back to the weights by the product rule, {@code C = A B} gives {@code dA = dC B'} and {@code dB = A' dC}.
 */
public final class Readers {
    private final Parts parts;
    private final FlatLinear unembed;
    private final @Nullable FlatLinear in;
    private final @Nullable FlatLinear out;
    /** Columns of a row: neurons, then classes. */
    private final int neurons;

    private final int classes;
    /** {@code W_O [W_in | W_U]}, [head * d_head, width]. */
    private final Mat composed;

    private final Mat dComposed;
    /** {@code W_out W_U}, [neuron, classes]. */
    private final Mat fromNeurons;

    private final Mat dFromNeurons;
    /** {@code b_U + b_out W_U}. */
    private final float[] bias;

    private final float[] dBias;
    private final List<Composed> composedOf = new ArrayList<>();
    private long version = -1;

    private Readers(Parts parts) {
        this.parts = parts;
        String block = "blocks." + (parts.config().nLayers() - 1) + ".";
        boolean hasMlp = !parts.config().attnOnly();
        FlatLinear output = FlatLinear.of(parts, block + "attn.W_O", block + "attn.b_O");
        this.in = hasMlp ? FlatLinear.of(parts, block + "mlp.W_in", block + "mlp.b_in") : null;
        this.out = hasMlp ? FlatLinear.of(parts, block + "mlp.W_out", block + "mlp.b_out") : null;
        this.unembed = FlatLinear.of(parts, "unembed.W_U", "unembed.b_U");
        this.neurons = hasMlp ? parts.mlpWidth() : 0;
        this.classes = parts.vocabWidth();
        this.composed = Mat.zeros(parts.headsWidth(), width());
        this.dComposed = Mat.zeros(parts.headsWidth(), width());
        this.fromNeurons = Mat.zeros(neurons, classes);
        this.dFromNeurons = Mat.zeros(neurons, classes);
        this.bias = new float[classes];
        this.dBias = new float[classes];
        if (in != null && out != null) {
            composedOf.add(new Composed(output, in, composed, dComposed));
            composedOf.add(new Composed(out, unembed, fromNeurons, dFromNeurons));
        }
        composedOf.add(new Composed(output, unembed, composed.from(0, neurons), dComposed.from(0, neurons)));
    }

    /** Null for a model that has none: a norm is not linear, and a tied unembedding would be two weights at once. */
    public static @Nullable Readers of(Parts parts) {
        return exist(parts.config()) ? new Readers(parts) : null;
    }

    static boolean exist(ModelConfig config) {
        return !config.norm().normalises() && !config.tiedEmbeddings();
    }

    FlatLinear unembed() {
        return unembed;
    }

    @Nullable
    FlatLinear in() {
        return in;
    }

    int neurons() {
        return neurons;
    }

    int classes() {
        return classes;
    }

    /** Of what is read from one row: neurons, then classes. */
    int width() {
        return neurons + classes;
    }

    Mat composed() {
        return composed;
    }

    Mat dComposed() {
        return dComposed;
    }

    Mat fromNeurons() {
        return fromNeurons;
    }

    Mat dFromNeurons() {
        return dFromNeurons;
    }

    /** Whether logits have a bias. */
    boolean hasBias() {
        return unembed.hasBias() || out != null && out.hasBias();
    }

    float[] bias() {
        return bias;
    }

    float[] dBias() {
        return dBias;
    }

    /** Makes them, unless they are made of these very weights. */
    void forward() {
        if (version == parts.weights().version()) {
            return;
        }
        version = parts.weights().version();
        composedOf.forEach(Composed::forward);
        Arrays.fill(bias, 0);
        if (unembed.hasBias()) {
            parts.kernels().add(bias, 0, parts.values(), unembed.bias(), classes);
        }
        if (out != null && out.hasBias()) {
            unembed.multiply(row(parts.values(), out), 1, Mat.of(bias, classes), true);
        }
    }

    void clearGradients() {
        Arrays.fill(dComposed.array(), 0);
        Arrays.fill(dFromNeurons.array(), 0);
        Arrays.fill(dBias, 0);
    }

    /** From their gradients to those of the weights, which they are added to. */
    void backward() {
        composedOf.forEach(Composed::backward);
        if (out != null) {
            biasBackward(out);
        }
        if (unembed.biasTrains()) {
            parts.kernels().add(parts.gradients(), unembed.bias(), dBias, 0, classes);
        }
    }

    private void biasBackward(FlatLinear out) {
        Mat dRow = Mat.of(dBias, classes);
        if (out.biasTrains()) {
            unembed.multiplyTransposed(dRow, 1, row(parts.gradients(), out), true);
        }
        if (out.hasBias()) {
            unembed.addGradient(row(parts.values(), out), 1, dRow);
        }
    }

    /** A map's bias as a matrix of one row. */
    private static Mat row(float[] array, FlatLinear map) {
        return new Mat(array, map.bias(), map.w().stride());
    }
}
