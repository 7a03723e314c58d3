package hooke.fused.rows;

import hooke.config.ModelConfig;
import hooke.config.Positions;
import hooke.config.TrainConfig.LossDtype;
import hooke.fused.kernels.FlatWeights;
import hooke.fused.kernels.Mat;
import hooke.fused.pass.Parts;
import hooke.fused.pass.Pass;
import hooke.fused.pass.PassTally;
import hooke.reach.States;
import org.jspecify.annotations.Nullable;

/**
 * The pass of all but narrow models: a row for each state that examples are in, layer by layer what layers make of the embedding's rows,
 * then the {@link Tail} in tiles. Examples are taken in chunks, whose rows bound the memory.
 */
public final class RowPass implements Pass {
    private final Parts parts;
    private final StateRows rows;
    private final RowLayer[] layers;
    private final Tail tail;
    private final PassTally tally = new PassTally();
    private final RowLoss loss;
    private final Mat x;
    private final Mat dx;
    private final int chunk;
    private final int tile;
    private final FlatWeights.Place embedding;
    private final FlatWeights.Place positions;

    /**
     * @param readers null where the model has none; passes of one thread share them
     * @param most examples that it is given at once
     */
    public RowPass(
            Parts parts,
            @Nullable Readers readers,
            States states,
            int[][] tokens,
            int[][] classes,
            LossDtype dtype,
            int most) {
        this.parts = parts;
        ModelConfig config = parts.config();
        this.chunk = Math.min(most, Chunks.size(config, states));
        this.tile = Chunks.tile(config);
        this.rows = new StateRows(states, tokens, classes, chunk);
        this.loss = new RowLoss(parts.kernels(), dtype, config.dVocabOut(), tally);
        this.embedding = parts.weights().place("embed.W_E");
        this.positions = switch (parts.config().positions()) {
            case Positions.Learned() -> parts.weights().place("pos_embed.W_pos");
            case Positions.Rotary _ -> throw new IllegalStateException("the fused engine has no rotary positions");
        };
        int last = config.nLayers() - 1;
        this.layers = new RowLayer[last];
        Mat before = Mat.zeros(rows.capacity(0), parts.width());
        Mat dBefore = Mat.zeros(rows.capacity(0), parts.width());
        this.x = before;
        this.dx = dBefore;
        for (int layer = 0; layer < last; layer++) {
            Mat after = Mat.zeros(rows.capacity(layer + 1), parts.width());
            Mat dAfter = Mat.zeros(rows.capacity(layer + 1), parts.width());
            layers[layer] = new RowLayer(
                    parts,
                    rows,
                    states,
                    layer,
                    Chunks.route(config, rows, layer),
                    rows.capacity(layer + 1),
                    tile,
                    before,
                    dBefore,
                    after,
                    dAfter);
            before = after;
            dBefore = dAfter;
        }
        RowAttention.Route route = Chunks.route(config, rows, last);
        this.tail = readers != null && route == RowAttention.Route.READERS
                ? new ReadersTail(parts, readers, rows, states, tile, before, dBefore)
                : new LayerTail(parts, rows, states, route, tile, before, dBefore);
    }

    @Override
    public PassTally tally() {
        return tally;
    }

    @Override
    public float[] gradients() {
        return parts.gradients();
    }

    @Override
    public void run(int[] examples, int from, int to, double weight) {
        for (int start = from; start < to; start += chunk) {
            rows.set(examples, start, Math.min(to, start + chunk));
            forward();
            if (weight != 0) {
                clearGradients();
            }
            int count = rows.count(layers.length + 1);
            for (int row = 0; row < count; row += tile) {
                tail.tile(row, Math.min(count, row + tile), loss, (float) weight);
            }
            if (weight != 0) {
                backward();
            }
        }
    }

    private void forward() {
        embed();
        for (int layer = 0; layer < layers.length; layer++) {
            layers[layer].forwardBefore();
            int count = rows.count(layer + 1);
            for (int row = 0; row < count; row += tile) {
                layers[layer].forward(row, Math.min(count, row + tile), 0);
            }
        }
        tail.forwardBefore();
    }

    private void clearGradients() {
        for (RowLayer layer : layers) {
            layer.clearGradients();
        }
        tail.clearGradients();
    }

    private void backward() {
        tail.backwardBefore();
        for (int layer = layers.length - 1; layer >= 0; layer--) {
            int count = rows.count(layer + 1);
            for (int row = 0; row < count; row += tile) {
                layers[layer].backward(row, Math.min(count, row + tile), 0);
            }
            layers[layer].backwardBefore();
        }
        embedBackward();
    }

    private void embed() {
        int width = parts.width();
        float[] values = parts.values();
        for (int row = 0; row < rows.count(0); row++) {
            System.arraycopy(values, embedding.at(0, rows.token(row)), x.array(), x.row(row), width);
            parts.kernels().add(x.array(), x.row(row), values, positions.at(0, rows.position(row)), width);
        }
    }

    private void embedBackward() {
        int width = parts.width();
        for (int row = 0; row < rows.count(0); row++) {
            if (embedding.trains()) {
                parts.kernels().add(gradients(), embedding.at(0, rows.token(row)), dx.array(), dx.row(row), width);
            }
            if (positions.trains()) {
                parts.kernels().add(gradients(), positions.at(0, rows.position(row)), dx.array(), dx.row(row), width);
            }
        }
    }
}
