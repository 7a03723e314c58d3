package hooke.fused.context;

import hooke.config.ContextRows;
import hooke.config.Mask;
import hooke.config.ModelConfig;
import hooke.config.Positions;
import hooke.fused.kernels.ArraysModel;
import hooke.fused.kernels.Bf16;
import hooke.fused.kernels.DropRows;
import hooke.fused.kernels.Gemm;
import hooke.fused.kernels.Kernel;
import hooke.fused.kernels.PairRotation;
import hooke.fused.updates.FlatUpdates;
import hooke.task.Batch;
import hooke.tensor.Dropout;
import hooke.tensor.Dropout.Place;
import hooke.tensor.RawTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A transformer on sequences of any length, trained and evaluated by code that is written out for it: weights, gradients and moments in
 * plain arrays, matrix products by a library, attention tile by tile. Every sum has an order that no number of threads changes.
 * Belongs to one thread, which others help.
 */
public final class ContextModel implements ArraysModel {
    private final ModelConfig config;
    private final boolean recompute;
    private final boolean exactLoss;
    private final ContextParts parts;
    /** By layer; of one width the same. All share their threads. */
    private final List<Workers<Desk>> workers = new ArrayList<>();

    private final ContextEmbedding embedding;
    private final List<ContextLayer> layers = new ArrayList<>();
    /** By layer: what stands before it, where that is anything. */
    private final Map<Integer, ContextResize> resizes = new HashMap<>();

    private final float[] zeros;
    private @Nullable Room room;

    /**
     * How it computes.
     *
     * @param threads that share the work
     * @param bf16 products of bfloat16, if not null, where all else stays in float32; see {@link Gemm#ofBf16}
     * @param exactLoss whether the loss is taken in double precision from the logits
     * @param recompute whether only the stream before each layer is kept on the way forward, and the rest computed again on the way back
     */
    public record Options(int threads, @Nullable Gemm bf16, boolean exactLoss, boolean recompute, Kernel kernel) {}

    /**
     * How sequences were answered.
     *
     * @param loss sum of the cross-entropy of all targets, in nats
     * @param right targets whose class had the highest logit
     * @param whole sequences all of whose targets had
     */
    public record Score(double loss, long right, long targets, long whole, long sequences) {
        /** Of both together. */
        public Score plus(Score other) {
            return new Score(
                    loss + other.loss,
                    right + other.right,
                    targets + other.targets,
                    whole + other.whole,
                    sequences + other.sequences);
        }
    }

    /** Arrays for batches of so many rows. */
    final class Room {
        private final int rows;
        private final boolean trains;
        /** The stream before every layer and behind the last; of two layers in turns where there is no way back. */
        private final List<float[]> x = new ArrayList<>();
        /** By layer, of a model that is a U: what its map keeps, what it has left for the way up, and the gradient of that. */
        private final Map<Integer, ContextResize.State> resized = new HashMap<>();

        private final Map<Integer, float[]> left = new HashMap<>();
        private final Map<Integer, float[]> leftGradients = new HashMap<>();

        private final List<LayerState> states = new ArrayList<>();
        private final ContextLoss loss;
        private final float[] dx;
        /** By layer. */
        private final List<LayerBack> back = new ArrayList<>();

        Room(int rows, boolean trains) {
            int size = rows * TileSums.wide(config.dModel());
            this.rows = rows;
            this.trains = trains;
            for (int i = 0; i < (trains ? layers.size() + 1 : 2); i++) {
                x.add(new float[size]);
            }
            Map<Integer, LayerState> shared = new HashMap<>();
            Map<Integer, LayerBack> backs = new HashMap<>();
            for (int layer = 0; layer < layers.size(); layer++) {
                ContextLayer one = layers.get(layer);
                int width = one.parts.config().dModel();
                states.add(trains && !recompute ? state(one) : shared.computeIfAbsent(width, _ -> state(one)));
                if (trains) {
                    back.add(backs.computeIfAbsent(width, _ -> new LayerBack(one.parts, one, rows)));
                }
                if (config.levels().isKept(layer)) {
                    left.put(layer, new float[rows * TileSums.wide(width)]);
                    leftGradients.put(layer, new float[trains ? rows * TileSums.wide(width) : 0]);
                }
            }
            resizes.forEach((layer, resize) -> resized.put(layer, resize.state(rows, trains)));
            this.loss = new ContextLoss(parts, zeros, exactLoss, rows);
            this.dx = new float[trains ? size : 0];
        }

        private LayerState state(ContextLayer layer) {
            return new LayerState(layer.parts.config(), rows, parts.bf16());
        }

        float[] x(int layer) {
            return x.get(trains ? layer : layer % 2);
        }

        ContextResize.State resized(int layer) {
            return Objects.requireNonNull(resized.get(layer));
        }

        LayerState state(int layer) {
            return states.get(layer);
        }
    }

    /** @param initial weights by name, all of them, in TransformerLens' shapes */
    public ContextModel(ModelConfig config, Options options, Map<String, RawTensor> initial) {
        this.config = config;
        this.recompute = options.recompute();
        this.exactLoss = options.exactLoss();
        @Nullable Gemm bf16 = options.bf16();
        @Nullable Bf16 rounding = bf16 == null ? null : Bf16.of(options.kernel());
        var weights = new ContextWeights(config, rounding);
        weights.read(initial);
        var products = bf16 == null
                ? new ContextProducts(Gemm.ofFloats(), Float.BYTES)
                : new ContextProducts(bf16, Short.BYTES);
        this.parts = new ContextParts(
                config,
                weights,
                products,
                options.kernel(),
                options.kernel().kernels(),
                rounding,
                rotation(config, options.kernel()));
        int threads = Math.max(1, options.threads());
        Workers<Desk> all = new Workers<>(threads, _ -> new Desk(parts));
        Map<Integer, ContextParts> partsOf = new HashMap<>(Map.of(config.dModel(), parts));
        Map<Integer, Workers<Desk>> workersOf = new HashMap<>(Map.of(config.dModel(), all));
        this.zeros = new float[TileSums.wide(Math.max(config.dModel(), config.dMlp()))];
        for (int layer = 0; layer < config.nLayers(); layer++) {
            ModelConfig block = config.block(layer);
            ContextParts own =
                    partsOf.computeIfAbsent(block.dModel(), _ -> parts.of(block, rotation(block, options.kernel())));
            layers.add(new ContextLayer(own, layer, zeros));
            workers.add(workersOf.computeIfAbsent(block.dModel(), _ -> all.with(_ -> new Desk(own))));
            if (config.levels().changeBefore(layer)) {
                resizes.put(layer, new ContextResize(own, config.levels(), layer));
            }
        }
        this.embedding = new ContextEmbedding(parts);
    }

    private static @Nullable PairRotation rotation(ModelConfig config, Kernel kernel) {
        return switch (config.positions()) {
            case Positions.Learned() -> null;
            case Positions.Rotary(int dims, double base, Positions.Pairs pairs) ->
                new PairRotation(
                        config.nCtx(),
                        dims,
                        base,
                        switch (pairs) {
                            case INTERLEAVED -> true;
                            case HALVES -> false;
                        },
                        kernel);
        };
    }

    /** Gradients become zero. */
    public void clearGradients() {
        parts.weights().clearGradients();
    }

    /**
     * Measures a batch, and adds the gradient of its loss to the gradients, some sequences at a time.
     *
     * @param weight of its mean loss over all targets
     */
    public Score differentiate(Batch.Sequences batch, double weight) {
        return differentiate(batch, weight, null);
    }

    /**
     * Measures a batch while dropout takes numbers away, and adds the gradient of its loss to the gradients.
     *
     * @param dropout of the batch; null for nothing
     */
    public Score differentiate(Batch.Sequences batch, double weight, Dropout.@Nullable OfBatch dropout) {
        double ofEach = weight / Math.max(1, asked(batch).count());
        List<Score> scores = new ArrayList<>();
        int first = 0;
        for (Batch.Sequences piece : pieces(batch)) {
            scores.add(differentiate(piece, ofEach, dropout, first));
            first += piece.size();
        }
        return scores.stream().reduce(Score::plus).orElseThrow();
    }

    /** Some sequences of a batch after the other: as many as there is room for what is kept of them. */
    List<Batch.Sequences> pieces(Batch.Sequences batch) {
        int most = ContextRows.sequences(config, recompute, batch.tokens()[0].length);
        List<Batch.Sequences> pieces = new ArrayList<>();
        for (int first = 0; first < batch.size() && batch.size() > most; first += most) {
            pieces.add(batch.range(first, Math.min(first + most, batch.size())));
        }
        return pieces.isEmpty() ? List.of(batch) : pieces;
    }

    /** @param first number of the piece's first sequence in the batch */
    private Score differentiate(
            Batch.Sequences batch, double weightOfEach, Dropout.@Nullable OfBatch dropout, int first) {
        Room now = room(batch, true);
        var rows = rows(batch, drops(batch, dropout, first));
        ContextLoss.Asked asked = asked(batch);
        forward(now, rows, batch.tokens());
        Arrays.fill(now.dx, 0);
        var answers = now.loss.run(workers.getFirst(), now.x(layers.size()), asked, now.dx, weightOfEach);
        for (int layer = layers.size() - 1; layer >= 0; layer--) {
            if (recompute && layer < layers.size() - 1) { // What the last one left is still there.
                layers.get(layer).forward(workers.get(layer), rows, now.state(layer), now.x(layer), now.x(layer + 1));
            }
            now.back
                    .get(layer)
                    .run(workers.get(layer), layers.get(layer), rows, now.state(layer), now.x(layer), now.dx);
            ContextResize resize = resizes.get(layer);
            if (resize != null) {
                resize.backward(workers.get(layer), rows, now.resized(layer), now.dx, now.leftGradients);
            }
        }
        drop(rows, now.dx);
        embedding.backward(batch.tokens(), now.dx);
        return score(batch, asked, answers);
    }

    /** From what was embedded, or its gradient. */
    private void drop(ContextLayer.Rows rows, float[] x) {
        if (rows.drops() != null) {
            int width = TileSums.wide(config.dModel());
            rows.drops().apply(Place.EMBEDDING, 0, x, 0, width, 0, rows.count(), width);
        }
    }

    /** Measures a batch. */
    public Score evaluate(Batch.Sequences batch) {
        return pieces(batch).stream()
                .map(this::evaluatePiece)
                .reduce(Score::plus)
                .orElseThrow();
    }

    private Score evaluatePiece(Batch.Sequences batch) {
        ContextLoss.Asked asked = asked(batch);
        return score(batch, asked, answers(batch, asked));
    }

    /** Of each target, in nats, in the order of the batch. */
    public double[] losses(Batch.Sequences batch) {
        return answers(batch, asked(batch)).losses();
    }

    private ContextLoss.Answers answers(Batch.Sequences batch, ContextLoss.Asked asked) {
        Room now = room(batch, false);
        forward(now, rows(batch, null), batch.tokens());
        return now.loss.run(workers.getFirst(), now.x(layers.size()), asked, null, 0);
    }

    private void forward(Room now, ContextLayer.Rows rows, int[][] tokens) {
        embedding.forward(tokens, now.x(0));
        drop(rows, now.x(0));
        for (int layer = 0; layer < layers.size(); layer++) {
            ContextResize resize = resizes.get(layer);
            if (resize != null) {
                resize.forward(workers.get(layer), rows, now.resized(layer), now.x(layer), now.left);
            }
            layers.get(layer).forward(workers.get(layer), rows, now.state(layer), now.x(layer), now.x(layer + 1));
            float[] kept = now.left.get(layer);
            if (kept != null) {
                System.arraycopy(
                        now.x(layer + 1),
                        0,
                        kept,
                        0,
                        rows.count() * layers.get(layer).width());
            }
        }
    }

    /** Room for a batch, kept for others that need no more. */
    Room room(Batch.Sequences batch, boolean trains) {
        int rows = batch.size() * batch.tokens()[0].length;
        if (room == null || room.rows < rows || trains && !room.trains) {
            room = null; // Room for both at once there may not be.
            room = new Room(rows, trains);
        }
        return room;
    }

    private @Nullable RowDrops drops(Batch.Sequences batch, Dropout.@Nullable OfBatch dropout, int first) {
        if (dropout == null || dropout.dropout().share() == 0) {
            return null;
        }
        int[] columns = IntStream.range(0, TileSums.wide(config.dModel())).toArray();
        var kernel = DropRows.of(dropout.dropout(), parts.kernel());
        return new RowDrops(dropout, first, batch.tokens()[0].length, columns, kernel);
    }

    private ContextLayer.Rows rows(Batch.Sequences batch, @Nullable RowDrops drops) {
        int length = batch.tokens()[0].length;
        Map<Mask.Plain, Sight> known = new HashMap<>(); // Of sequences that hide nothing.
        var sights = new Sight[layers.size()][batch.size()][config.nHeads()];
        for (int sequence = 0; sequence < batch.size(); sequence++) {
            int[] hidden = batch.hidden()[sequence];
            Map<Mask.Plain, Sight> ofOne = hidden.length == 0 ? known : new HashMap<>();
            for (int layer = 0; layer < layers.size(); layer++) {
                for (int head = 0; head < config.nHeads(); head++) {
                    sights[layer][sequence][head] = ofOne.computeIfAbsent(
                            config.mask(layer, head),
                            mask -> Sight.of(mask, config.attention(), config.nCtx(), length, hidden));
                }
            }
        }
        boolean perhaps = drops == null
                && switch (config.positions()) {
                    case Positions.Learned() -> false;
                    case Positions.Rotary _ -> true;
                };
        return new ContextLayer.Rows(length, sights, drops, perhaps ? TokenRows.of(batch.tokens()) : null);
    }

    private static ContextLoss.Asked asked(Batch.Sequences batch) {
        int length = batch.tokens()[0].length;
        int[] numbers = IntStream.range(0, batch.size() * length)
                .filter(row -> batch.targets()[row / length][row % length] != Batch.Sequences.NONE)
                .toArray();
        int[] classes = Arrays.stream(numbers)
                .map(row -> batch.targets()[row / length][row % length])
                .toArray();
        return new ContextLoss.Asked(numbers, classes);
    }

    private static Score score(Batch.Sequences batch, ContextLoss.Asked asked, ContextLoss.Answers answers) {
        int length = batch.tokens()[0].length;
        double loss = 0;
        long right = 0;
        boolean[] wrong = new boolean[batch.size()];
        for (int i = 0; i < asked.count(); i++) {
            loss += answers.losses()[i];
            right += answers.right()[i] ? 1 : 0;
            wrong[asked.numbers()[i] / length] |= !answers.right()[i];
        }
        long whole = IntStream.range(0, wrong.length).filter(i -> !wrong[i]).count();
        return new Score(loss, right, asked.count(), whole, batch.size());
    }

    /** What changes the weights by the gradients: with nothing remembered yet. */
    public FlatUpdates updates(FlatUpdates.Recipe recipe) {
        return new FlatUpdates(recipe, new ContextStorage(parts.weights(), workers.getFirst()), parts.kernel());
    }

    @Override
    public void writeWeights(Map<String, RawTensor> named) {
        parts.weights().write(parts.weights().values(), named);
    }

    @Override
    public void writeGradients(Map<String, RawTensor> named) {
        parts.weights().write(parts.weights().gradients(), named);
    }

    @Override
    public void close() {
        workers.getFirst().close();
    }
}
