package hooke.check;

import hooke.config.Experiment;
import hooke.config.ModelConfig;
import hooke.config.Parameter;
import hooke.fused.context.ContextModel;
import hooke.fused.kernels.Gemm;
import hooke.fused.kernels.Kernel;
import hooke.fused.updates.FlatUpdates;
import hooke.task.Batch;
import hooke.tensor.RawTensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Training at the size of the Life study: five sequences of 535 bytes, each with 80 hidden keys, there and back, and at every fifth
 * batch an update.
 */
final class BenchLife implements AutoCloseable {
    static final String YAML = """
            name: lifegpt-train
            task: {kind: own, name: life, d_vocab: 256, d_vocab_out: 256, n_ctx: 534, examples: 25}
            model:
              n_layers: 12
              d_model: 256
              n_heads: 8
              d_head: 64
              act_fn: gelu
              positions: {kind: rotary, dims: 32}
              norm: {kind: layer-norm, bias: false}
              without_biases: [attention, unembed]
            train:
              steps: 1000000
              batch: 5
              clip_norm: 0.5
              optimizer: {kind: adam, lr: 1e-4}
              engine: torch
            """;
    /** Of a batch. */
    static final int SEQUENCES = 5;

    static final int LENGTH = 534;
    private static final int HIDDEN = 80;
    private static final int SIDE = 16;

    private final ContextModel model;
    private final FlatUpdates updates;
    private final Batch.Sequences[] batches = new Batch.Sequences[5];
    private final Random random = new Random(1);
    private int repetitions;
    private int done;

    /** @param bf16 products of bfloat16; null for float32 */
    BenchLife(Experiment experiment, int threads, @Nullable Gemm bf16) {
        for (int i = 0; i < batches.length; i++) {
            batches[i] = batch(i);
        }
        this.model = new ContextModel(
                experiment.model(),
                new ContextModel.Options(threads, bf16, false, false, Kernel.best()),
                weights(experiment.model()));
        this.updates = model.updates(FlatUpdates.Recipe.of(experiment.train()));
    }

    /** The loss of the first batch with nothing hidden, before and after an update on it. */
    List<Double> check() {
        model.clearGradients();
        double before = mean(model.differentiate(batches[0], 1));
        update();
        return List.of(before, mean(model.evaluate(batches[0])));
    }

    private static double mean(ContextModel.Score score) {
        return score.loss() / score.targets();
    }

    private void update() {
        updates.update(done++, 1);
        model.clearGradients();
    }

    /** One batch there and back; the fifth updates. */
    void repetition() {
        Batch.Sequences batch = batches[repetitions % 5];
        int[][] hidden =
                IntStream.range(0, batch.size()).mapToObj(_ -> hidden()).toArray(int[][]::new);
        model.differentiate(new Batch.Sequences(batch.tokens(), batch.targets(), hidden), 1);
        if (repetitions % 5 == 4) {
            update();
        }
        repetitions++;
    }

    private int[] hidden() {
        int[] keys = IntStream.range(1, LENGTH).toArray();
        for (int i = 0; i < HIDDEN; i++) {
            int other = i + random.nextInt(keys.length - i);
            int key = keys[i];
            keys[i] = keys[other];
            keys[other] = key;
        }
        return Arrays.stream(keys, 0, HIDDEN).sorted().toArray();
    }

    private static Batch.Sequences batch(int number) {
        int[][] tokens = new int[5][];
        int[][] targets = new int[5][];
        for (int i = 0; i < 5; i++) {
            int[] text = text(5 * number + i);
            tokens[i] = Arrays.copyOf(text, LENGTH);
            targets[i] = Arrays.copyOfRange(text, 1, LENGTH + 1);
        }
        return new Batch.Sequences(tokens, targets);
    }

    /** A board and its successor on the torus, as the study writes them. */
    static int[] text(int row) {
        int[] board = new int[SIDE * SIDE];
        for (int i = 0; i < board.length; i++) {
            board[i] = BenchSpec.bit(11, (long) row * board.length + i);
        }
        var text = new StringBuilder("@PredictNextState<");
        Arrays.stream(board).forEach(text::append);
        text.append("> [");
        for (int i = 0; i < board.length; i++) {
            int near = neighbours(board, i / SIDE, i % SIDE);
            text.append(near == 3 || near == 2 && board[i] == 1 ? 1 : 0);
        }
        return text.append("]$").chars().toArray();
    }

    private static int neighbours(int[] board, int y, int x) {
        int near = 0;
        for (int dy = SIDE - 1; dy <= SIDE + 1; dy++) {
            for (int dx = SIDE - 1; dx <= SIDE + 1; dx++) {
                near += board[(y + dy) % SIDE * SIDE + (x + dx) % SIDE];
            }
        }
        return near - board[y * SIDE + x];
    }

    /** Theirs are PyTorch's linear maps, [out, in], heads side by side. */
    static Map<String, RawTensor> weights(ModelConfig model) {
        int d = model.dModel();
        int head = model.dHead();
        int all = model.nHeads() * head;
        int mlp = model.dMlp();
        Map<String, RawTensor> weights = new LinkedHashMap<>();
        for (Parameter parameter : Parameter.of(model)) {
            String name = parameter.shortName();
            int first = 1 + 6 * BenchWeights.layer(parameter);
            weights.put(
                    parameter.name(),
                    switch (name) {
                        case "W_E" -> BenchSpec.fill(0, parameter, 0x1p-3);
                        case "W_Q", "W_K", "W_V" ->
                            BenchSpec.fill(
                                    first + "QKV".indexOf(name.charAt(2)),
                                    parameter,
                                    0x1p-4,
                                    i -> (i / (d * head) * head + i % head) * d + i / head % d);
                        case "W_O" -> BenchSpec.fill(first + 3, parameter, 0x1p-5, i -> i % d * all + i / d);
                        case "W_in" -> BenchSpec.fill(first + 4, parameter, 0x1p-4, i -> i % mlp * d + i / mlp);
                        case "W_out" -> BenchSpec.fill(first + 5, parameter, 0x1p-5, i -> i % d * mlp + i / d);
                        case "W_U" ->
                            BenchSpec.fill(
                                    1 + 6L * model.nLayers(),
                                    parameter,
                                    0x1p-3,
                                    i -> i % model.dVocabOut() * d + i / model.dVocabOut());
                        default -> BenchSpec.constant(parameter, name.equals("w") ? 1 : 0);
                    });
        }
        return weights;
    }

    /**
     * At which rate a product of this workload's own size runs by itself, in GFLOP/s, and which share of it a repetition reaches: of its CPU time, so
     * that other work on the machine matters little: products of linear maps there and back, and of the half of all pairs of positions that the mask leaves.
     */
    static Map<String, Double> shareOfProducts(
            ModelConfig model, int sequences, int length, @Nullable Gemm bf16, double millis) {
        double weights = Parameter.of(model).stream()
                .filter(Parameter::isMatrix)
                .filter(p -> !p.shortName().equals("W_pos"))
                .filter(p -> model.tiedEmbeddings() || !p.shortName().equals("W_E"))
                .mapToDouble(Parameter::size)
                .sum();
        double pairs = sequences * (double) length * length / 2 * model.nHeads() * model.dHead() * model.nLayers();
        double gigaflop = (6 * weights * sequences * length + (4 + 10) * pairs) / 1e9;
        double rate = rate(bf16 == null ? Gemm.ofFloats() : bf16, bf16 == null);
        return Map.of(
                "product_gflops", rate,
                "repetition_gflop", gigaflop,
                "share_of_products", gigaflop / (millis / 1e3) / rate);
    }

    /** Of one thread: the best of some calls, 512 x 1024 by 256 x 1024. */
    private static double rate(Gemm gemm, boolean floats) {
        int m = 512;
        int n = 256;
        int k = 1024;
        MemorySegment a = floats ? MemorySegment.ofArray(new float[m * k]) : MemorySegment.ofArray(new short[m * k]);
        MemorySegment b = floats ? MemorySegment.ofArray(new float[n * k]) : MemorySegment.ofArray(new short[n * k]);
        MemorySegment c = MemorySegment.ofArray(new float[m * n]);
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            long start = System.nanoTime();
            gemm.multiply(false, true, m, n, k, a, k, b, k, 0, c, n);
            times.add(System.nanoTime() - start);
        }
        return 2.0 * m * n * k / times.stream().mapToLong(Long::longValue).min().orElseThrow();
    }

    @Override
    public void close() {
        model.close();
    }
}
