package hooke.fused.context;

import hooke.config.Experiments;
import hooke.config.ModelConfig;
import hooke.config.Parameter;
import hooke.fused.kernels.Kernel;
import hooke.task.Batch;
import hooke.tensor.DType;
import hooke.tensor.RawTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small models, weights and batches of every kind that the engine for long contexts covers. */
final class Drawn {
    private Drawn() {}

    static ModelConfig model(String settings, int nCtx) {
        return model(settings, nCtx, 19);
    }

    static ModelConfig model(String settings, int nCtx, int vocabulary) {
        return Experiments.parse("""
                name: drawn
                task: {kind: own, name: sequences, d_vocab: %2$s, d_vocab_out: %2$s, n_ctx: %1$s, examples: 10}
                model: %3$s
                train: {steps: 10, batch: 4, threads: 1, engine: torch}
                """.formatted(nCtx, vocabulary, settings), "test", List.of())
                .model();
    }

    /** One of all settings, with so many positions. */
    static String settings(Random random, int nCtx) {
        List<String> sets = new ArrayList<>();
        int heads = 1 + random.nextInt(3);
        int layers = 1 + random.nextInt(3);
        sets.add("n_layers: " + layers);
        sets.add("n_heads: " + heads);
        sets.add("d_model: " + heads * (3 + random.nextInt(12)));
        int dHead = random.nextInt(3) == 0 ? 8 : 2 + random.nextInt(20); // 8 has kernels of its own.
        sets.add("d_head: " + dHead);
        if (random.nextBoolean()) {
            int dims = 2 * (1 + random.nextInt(dHead / 2));
            String pairs = random.nextBoolean() ? "interleaved" : "halves";
            sets.add("positions: {kind: rotary, dims: %s, base: 100, pairs: %s}".formatted(dims, pairs));
        }
        if (random.nextInt(4) == 0) {
            sets.add("attn_only: true");
        } else {
            sets.add("d_mlp: " + (5 + random.nextInt(60)));
            sets.add("gated_mlp: " + (random.nextInt(3) == 0));
            sets.add("act_fn: " + List.of("relu", "gelu", "gelu-new", "silu").get(random.nextInt(4)));
        }
        sets.add("norm: "
                + List.of(
                                "none",
                                "layer-norm",
                                "{kind: layer-norm, bias: false}",
                                "{kind: layer-norm, placement: post}",
                                "{kind: layer-norm, placement: post, bias: false}",
                                "rms-norm",
                                "{kind: rms-norm, placement: post}")
                        .get(random.nextInt(7)));
        sets.add("mask: "
                + List.of(
                                "causal",
                                "full",
                                "{kind: local, window: 5}",
                                "{kind: bottleneck, at: 3}",
                                "{kind: strided, stride: 4}",
                                heads == 1 ? "{kind: strided, stride: 5}" : "{kind: strided-half, stride: 5}",
                                "{kind: fixed, local_context: 4, verts: 2, num_verts: 1}",
                                mixed("heads", heads, "{kind: strided, stride: 3}", "{kind: local, window: 4}", "full"),
                                mixed(
                                        "layers",
                                        layers,
                                        "{kind: strided, stride: 7}",
                                        "causal",
                                        "{kind: strided, stride: 2}"),
                                table(random, nCtx))
                        .get(random.nextInt(10)));
        sets.add("biases: " + List.of("trained", "frozen").get(random.nextInt(2)));
        if (random.nextBoolean()) {
            sets.add("without_biases: "
                    + List.of("[attention]", "[mlp, unembed]", "[attention, mlp, unembed]")
                            .get(random.nextInt(3)));
        }
        sets.add("tied_embeddings: " + random.nextBoolean());
        if (random.nextInt(4) == 0) {
            sets.add("frozen: [W_K, blocks.0.attn.W_O]");
        }
        if (random.nextInt(3) == 0) {
            sets.add("attention: {kind: %s, k: %s}"
                    .formatted(random.nextBoolean() ? "top-k" : "sparsek", 1 + random.nextInt(9)));
        }
        return "{" + String.join(", ", sets) + "}";
    }

    private static String mixed(String kind, int most, String... masks) {
        return "{kind: " + kind + ", masks: [" + String.join(", ", Arrays.copyOf(masks, most)) + "]}";
    }

    private static String table(Random random, int nCtx) {
        List<String> rows = new ArrayList<>();
        for (int query = 0; query < nCtx; query++) {
            var row = new StringBuilder();
            for (int key = 0; key < nCtx; key++) {
                row.append(key == query || random.nextInt(3) == 0 ? 'x' : '.');
            }
            rows.add(row.toString());
        }
        return table(rows);
    }

    static String table(List<String> rows) {
        return "{kind: table, rows: [" + String.join(", ", rows) + "]}";
    }

    /** As large as trained ones; gains near one; biases that stay zero are. */
    static Map<String, RawTensor> weights(ModelConfig config, Random random) {
        Map<String, RawTensor> weights = new LinkedHashMap<>();
        for (Parameter parameter : Parameter.of(config)) {
            float[] values = new float[Math.toIntExact(parameter.size())];
            String name = parameter.shortName();
            boolean zero = name.startsWith("b_") && !parameter.trainable();
            for (int i = 0; i < values.length; i++) {
                double drawn = random.nextGaussian();
                values[i] = (float) (zero ? 0 : name.equals("w") ? 1 + 0.3 * drawn : 0.3 * drawn);
            }
            weights.put(
                    parameter.name(),
                    new RawTensor(
                            DType.F32,
                            parameter.shape().stream().map(Integer::longValue).toList(),
                            MemorySegment.ofArray(values)));
        }
        return weights;
    }

    /** Sequences of one length, most of whose positions ask for something. */
    static Batch.Sequences batch(ModelConfig config, Random random, int sequences, int length) {
        int[][] tokens = new int[sequences][length];
        int[][] targets = new int[sequences][length];
        for (int i = 0; i < sequences; i++) {
            for (int p = 0; p < length; p++) {
                tokens[i][p] = random.nextInt(config.dVocab());
                targets[i][p] = random.nextInt(4) == 0 ? Batch.Sequences.NONE : random.nextInt(config.dVocabOut());
            }
        }
        return new Batch.Sequences(tokens, targets);
    }

    static ContextModel.Options options(int threads) {
        return new ContextModel.Options(threads, null, false, false, Kernel.best());
    }

    /** Zeros of the weights' shapes, by name, for those that train. */
    static Map<String, RawTensor> gradients(ModelConfig config, ContextModel model) {
        Map<String, RawTensor> gradients = new LinkedHashMap<>();
        for (Parameter parameter : Parameter.of(config)) {
            if (parameter.trainable()) {
                gradients.put(
                        parameter.name(),
                        new RawTensor(
                                DType.F32,
                                parameter.shape().stream()
                                        .map(Integer::longValue)
                                        .toList(),
                                MemorySegment.ofArray(new float[Math.toIntExact(parameter.size())])));
            }
        }
        model.writeGradients(gradients);
        return gradients;
    }

    static float[] floats(RawTensor raw) {
        return raw.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    /** The distance of two lists of numbers, over the size of the second. */
    static double distance(float[] is, float[] expected) {
        double apart = 0;
        double size = 0;
        for (int i = 0; i < is.length; i++) {
            apart += ((double) is[i] - expected[i]) * ((double) is[i] - expected[i]);
            size += (double) expected[i] * expected[i];
        }
        return Math.sqrt(apart) / Math.max(1e-6, Math.sqrt(size));
    }

    static float[] flat(Map<String, RawTensor> named) {
        float[][] all = named.values().stream().map(Drawn::floats).toArray(float[][]::new);
        float[] flat = new float[Arrays.stream(all).mapToInt(a -> a.length).sum()];
        int at = 0;
        for (float[] one : all) {
            System.arraycopy(one, 0, flat, at, one.length);
            at += one.length;
        }
        return flat;
    }
}
