package hooke.fused.rows;

import hooke.config.ModelConfig;
import hooke.fused.kernels.FlatWeights;
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
    private final float[] composed;

    private final float[] dComposed;
    /** {@code W_out W_U}, [neuron, classes]. */
    private final float[] fromNeurons;

    private final float[] dFromNeurons;
    /** {@code b_U + b_out W_U}. */
    private final float[] bias;

    private final float[] dBias;
    private final List<Composed> composedOf = new ArrayList<>();
    private long version = -1;

    private Readers(Parts parts) {
        this.parts = parts;
        FlatWeights weights = parts.weights();
        String block = "blocks." + (parts.config().nLayers() - 1) + ".";
        boolean hasMlp = !parts.config().attnOnly();
        FlatLinear output = FlatLinear.of(weights, block + "attn.W_O", block + "attn.b_O");
        this.in = hasMlp ? FlatLinear.of(weights, block + "mlp.W_in", block + "mlp.b_in") : null;
        this.out = hasMlp ? FlatLinear.of(weights, block + "mlp.W_out", block + "mlp.b_out") : null;
        this.unembed = FlatLinear.of(weights, "unembed.W_U", "unembed.b_U");
        this.neurons = hasMlp ? parts.mlpWidth() : 0;
        this.classes = parts.vocabWidth();
        this.composed = new float[parts.headsWidth() * width()];
        this.dComposed = new float[composed.length];
        this.fromNeurons = new float[neurons * classes];
        this.dFromNeurons = new float[fromNeurons.length];
        this.bias = new float[classes];
        this.dBias = new float[classes];
        if (in != null && out != null) {
            composedOf.add(new Composed(parts, output, in, composed, dComposed, 0, width()));
            composedOf.add(new Composed(parts, out, unembed, fromNeurons, dFromNeurons, 0, classes));
        }
        composedOf.add(new Composed(parts, output, unembed, composed, dComposed, neurons, width()));
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

    float[] composed() {
        return composed;
    }

    float[] dComposed() {
        return dComposed;
    }

    float[] fromNeurons() {
        return fromNeurons;
    }

    float[] dFromNeurons() {
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
        float[] w = parts.values();
        Arrays.fill(bias, 0);
        if (unembed.hasBias()) {
            parts.kernels().add(bias, 0, w, unembed.bias(), classes);
        }
        if (out != null && out.hasBias()) {
            int inner = parts.config().dModel();
            parts.products()
                    .product(
                            1,
                            unembed.columns(),
                            inner,
                            w,
                            out.bias(),
                            inner,
                            w,
                            unembed.at(),
                            classes,
                            bias,
                            0,
                            classes,
                            true);
        }
    }

    void clearGradients() {
        Arrays.fill(dComposed, 0);
        Arrays.fill(dFromNeurons, 0);
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
        float[] w = parts.values();
        if (out.biasTrains()) {
            parts.products()
                    .productByTransposed(
                            1,
                            out.columns(),
                            unembed.columns(),
                            dBias,
                            0,
                            classes,
                            w,
                            unembed.at(),
                            classes,
                            parts.gradients(),
                            out.bias(),
                            out.stride(),
                            true);
        }
        if (out.hasBias() && unembed.trains()) {
            parts.products()
                    .addTransposedProduct(
                            out.columns(),
                            unembed.columns(),
                            1,
                            w,
                            out.bias(),
                            out.stride(),
                            dBias,
                            0,
                            classes,
                            parts.gradients(),
                            unembed.at(),
                            classes);
        }
    }
}
