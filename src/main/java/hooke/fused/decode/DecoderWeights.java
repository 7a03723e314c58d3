package hooke.fused.decode;

import hooke.config.ModelConfig;
import hooke.config.ModelConfig.BiasGroup;
import hooke.config.Widths;
import hooke.fused.kernels.Kernel;
import hooke.tensor.DType;
import hooke.tensor.RawTensor;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a model as a decoder reads them: matrices packed, heads side by side, rows of biases and gains filled up with zeros.
 *
 * @param W_E [d_vocab][d_model]
 * @param W_pos [n_ctx][d_model]; null where positions are no vectors
 */
record DecoderWeights(
        float[] W_E,
        float @Nullable [] W_pos,
        List<Layer> layers,
        @Nullable Norm lnFinal,
        PackedMatrix W_U,
        float @Nullable [] b_U) {

    /** Gain and bias, each of d_model numbers, filled up; ones and zeros where the model has none. */
    record Norm(float[] gain, float[] bias) {}

    /**
     * @param W_QKV queries, keys and values of all heads, [d_model, 3 head d_head]
     * @param b_QKV zeros where there are none
     * @param W_score [head][d_model], what scores keys; null where nothing does
     * @param W_resize from the width of the block before; null where the stream goes on as it is
     */
    record Layer(
            @Nullable Norm ln1,
            PackedMatrix W_QKV,
            float[] b_QKV,
            float @Nullable [] W_score,
            @Nullable PackedMatrix W_resize,
            PackedMatrix W_O,
            float[] b_O,
            @Nullable Mlp mlp) {}

    record Mlp(
            @Nullable Norm ln2,
            PackedMatrix W_in,
            float[] b_in,
            @Nullable PackedMatrix W_gate,
            PackedMatrix W_out,
            float[] b_out) {}

    static DecoderWeights of(ModelConfig model, Map<String, RawTensor> weights, Storage storage, Kernel kernel) {
        return new Reading(model, weights, storage, kernel).all();
    }

    private record Reading(ModelConfig model, Map<String, RawTensor> weights, Storage storage, Kernel kernel) {
        DecoderWeights all() {
            int d = model.dModel();
            List<Layer> layers = new ArrayList<>();
            for (int layer = 0; layer < model.nLayers(); layer++) {
                layers.add(new Reading(model.block(layer), weights, storage, kernel)
                        .layer("blocks." + layer + ".", model.levels(), layer));
            }
            float[] embedding = get("embed.W_E");
            float[] unembedding =
                    model.tiedEmbeddings() ? transposed(embedding, model.dVocab(), d) : get("unembed.W_U");
            return new DecoderWeights(
                    embedding,
                    weights.containsKey("pos_embed.W_pos") ? get("pos_embed.W_pos") : null,
                    layers,
                    norm("ln_final"),
                    packed(unembedding, d, model.dVocabOut()),
                    model.hasBiases(BiasGroup.UNEMBED) ? wide(get("unembed.b_U")) : null);
        }

        /** @param levels of the whole model; this reading is of the block */
        private Layer layer(String block, Widths levels, int number) {
            int d = model.dModel();
            int width = model.nHeads() * model.dHead();
            float[] qkv = new float[d * 3 * width];
            float[] biases = new float[PackedMatrix.wide(3 * width)];
            for (int part = 0; part < 3; part++) {
                char letter = "QKV".charAt(part);
                float[] matrix = get(block + "attn.W_" + letter); // [head, d_model, d_head]
                for (int head = 0; head < model.nHeads(); head++) {
                    for (int row = 0; row < d; row++) {
                        System.arraycopy(
                                matrix,
                                (head * d + row) * model.dHead(),
                                qkv,
                                row * 3 * width + part * width + head * model.dHead(),
                                model.dHead());
                    }
                }
                if (model.hasBiases(BiasGroup.ATTENTION)) {
                    System.arraycopy(get(block + "attn.b_" + letter), 0, biases, part * width, width);
                }
            }
            return new Layer(
                    norm(block + "ln1"),
                    packed(qkv, d, 3 * width),
                    biases,
                    model.attention().scoresKeys() ? get(block + "attn.W_score") : null,
                    levels.changeBefore(number) ? packed(get(block + "W_resize"), levels.of(number - 1), d) : null,
                    packed(get(block + "attn.W_O"), width, d),
                    bias(block + "attn.b_O", BiasGroup.ATTENTION, d),
                    model.attnOnly() ? null : mlp(block));
        }

        private Mlp mlp(String block) {
            int d = model.dModel();
            int neurons = model.dMlp();
            return new Mlp(
                    norm(block + "ln2"),
                    packed(get(block + "mlp.W_in"), d, neurons),
                    bias(block + "mlp.b_in", BiasGroup.MLP, neurons),
                    model.gatedMlp() ? packed(get(block + "mlp.W_gate"), d, neurons) : null,
                    packed(get(block + "mlp.W_out"), neurons, d),
                    bias(block + "mlp.b_out", BiasGroup.MLP, d));
        }

        private @Nullable Norm norm(String name) {
            if (!model.norm().normalises()) {
                return null;
            }
            float[] zeros = new float[PackedMatrix.wide(model.dModel())];
            return new Norm(wide(get(name + ".w")), model.norm().hasBias() ? wide(get(name + ".b")) : zeros);
        }

        private PackedMatrix packed(float[] values, int rows, int columns) {
            return PackedMatrix.of(values, rows, columns, storage, kernel);
        }

        private float[] bias(String name, BiasGroup group, int width) {
            return model.hasBiases(group) ? wide(get(name)) : new float[PackedMatrix.wide(width)];
        }

        private float[] get(String name) {
            RawTensor raw = Objects.requireNonNull(weights.get(name), name);
            if (raw.dtype() == DType.F64) {
                double[] exact = raw.data().toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED);
                float[] values = new float[exact.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) exact[i];
                }
                return values;
            }
            return raw.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        }

        private static float[] wide(float[] values) {
            return Arrays.copyOf(values, PackedMatrix.wide(values.length));
        }

        private static float[] transposed(float[] matrix, int rows, int columns) {
            float[] turned = new float[matrix.length];
            for (int i = 0; i < matrix.length; i++) {
                turned[i % columns * rows + i / columns] = matrix[i];
            }
            return turned;
        }
    }
}
