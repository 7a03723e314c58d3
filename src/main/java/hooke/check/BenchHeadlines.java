package hooke.check;

import hooke.config.Experiment;
import hooke.config.ModelConfig;
import hooke.config.Parameter;
import hooke.fused.context.ContextModel;
import hooke.fused.kernels.Gemm;
import hooke.fused.kernels.Kernel;
import hooke.fused.updates.FlatUpdates;
import hooke.task.Batch;
import hooke.tensor.Dropout;
import hooke.tensor.RawTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Training at the size of the headlines study: an update by every batch of eight sequences of 256 tokens. */
final class BenchHeadlines implements AutoCloseable {
    static final String YAML = """
            name: headlines-step
            task: {kind: own, name: headlines, d_vocab: 16000, d_vocab_out: 16000, n_ctx: 256, examples: 64}
            model:
              n_layers: 6
              d_model: 256
              n_heads: 8
              d_head: 8
              d_mlp: 1024
              act_fn: gelu
              norm: layer-norm
              tied_embeddings: true
              without_biases: [unembed]
            train:
              steps: 1000000
              batch: 8
              clip_norm: 1.0
              optimizer: {kind: adagrad, lr: 0.007}
              engine: torch
            """;
    /** Of a batch. */
    static final int SEQUENCES = 8;

    static final int LENGTH = 256;

    private final ContextModel model;
    private final FlatUpdates updates;
    private final List<Batch.Sequences> batches;
    private final Dropout dropout;
    private int step;

    /**
     * @param bf16 products of bfloat16; null for float32
     * @param dropped share of dropout
     */
    BenchHeadlines(Experiment experiment, int threads, @Nullable Gemm bf16, double dropped) {
        ModelConfig config = experiment.model();
        this.batches = IntStream.range(0, SEQUENCES)
                .mapToObj(number -> batch(number, config.dVocab()))
                .toList();
        this.dropout = new Dropout(1, dropped, config.nHeads(), config.nCtx());
        this.model = new ContextModel(
                config, new ContextModel.Options(threads, bf16, false, false, Kernel.best()), weights(config));
        this.updates = model.updates(FlatUpdates.Recipe.of(experiment.train()));
    }

    /** Losses of the first three steps, nothing taken away. */
    List<Double> check() {
        Dropout none = new Dropout(1, 0, dropout.heads(), dropout.nCtx());
        return IntStream.range(0, 3).mapToObj(_ -> advance(none)).toList();
    }

    void repetition() {
        advance(dropout);
    }

    private double advance(Dropout drawn) {
        model.clearGradients();
        var score = model.differentiate(batches.get(step % batches.size()), 1, drawn.batch(step));
        updates.update(step++, 1);
        return score.loss() / score.targets();
    }

    private static Batch.Sequences batch(int number, int vocabulary) {
        int[][] tokens = new int[SEQUENCES][LENGTH];
        int[][] targets = new int[SEQUENCES][LENGTH];
        for (int i = 0; i < SEQUENCES * LENGTH; i++) {
            long at = (long) number * SEQUENCES * LENGTH + i;
            tokens[i / LENGTH][i % LENGTH] = BenchSpec.number(7, at, vocabulary);
            targets[i / LENGTH][i % LENGTH] = BenchSpec.number(7, at + 1, vocabulary);
        }
        return new Batch.Sequences(tokens, targets);
    }

    /** Theirs are PyTorch's linear maps, [out, in], queries, keys and values of all heads below each other. */
    private static Map<String, RawTensor> weights(ModelConfig model) {
        int d = model.dModel();
        int head = model.dHead();
        int all = model.nHeads() * head;
        int mlp = model.dMlp();
        Map<String, RawTensor> weights = new LinkedHashMap<>();
        for (Parameter parameter : Parameter.of(model)) {
            String name = parameter.shortName();
            int first = 2 + 4 * BenchWeights.layer(parameter);
            weights.put(
                    parameter.name(),
                    switch (name) {
                        case "W_E" -> BenchSpec.fill(0, parameter, 0x1p-5);
                        case "W_pos" -> BenchSpec.fill(1, parameter, 0x1p-5);
                        case "W_Q", "W_K", "W_V" -> {
                            int part = "QKV".indexOf(name.charAt(2)) * all * d;
                            yield BenchSpec.fill(
                                    first,
                                    parameter,
                                    0x1p-4,
                                    i -> part + (i / (d * head) * head + i % head) * d + i / head % d);
                        }
                        case "W_O" -> BenchSpec.fill(first + 1, parameter, 0x1p-3, i -> i % d * all + i / d);
                        case "W_in" -> BenchSpec.fill(first + 2, parameter, 0x1p-4, i -> i % mlp * d + i / mlp);
                        case "W_out" -> BenchSpec.fill(first + 3, parameter, 0x1p-5, i -> i % d * mlp + i / d);
                        default -> BenchSpec.constant(parameter, name.equals("w") ? 1 : 0);
                    });
        }
        return weights;
    }

    @Override
    public void close() {
        model.close();
    }
}
