package hooke.fused.columns;

import hooke.config.ModelConfig;
import hooke.config.Positions;
import hooke.config.TrainConfig.LossDtype;
import hooke.fused.kernels.ColumnKernels;
import hooke.fused.kernels.FlatWeights;
import hooke.fused.kernels.Kernel;
import hooke.fused.kernels.OuterProduct;
import hooke.fused.kernels.SmallProduct;
import hooke.fused.pass.Parts;
import hooke.fused.pass.Pass;
import hooke.fused.pass.PassTally;
import hooke.reach.Reach;
import hooke.reach.States;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pass of narrow models: examples lie side by side in the lanes of vectors, see {@link Columns}. A row of 8 numbers would fill half a
 * vector, and each of its calls costs more than its arithmetic; here every vector is full, and a call serves all examples. In exchange
 * every example is computed for itself, also where many are in one state.
 */
public final class ColumnPass implements Pass {
    /** Examples side by side: what a layer keeps of them stays in the first-level cache. */
    private static final int MOST = 128;
    /** The widest model of which columns are faster: by a third at 12, at 16 no more. */
    private static final int NARROW = 12;
    /** What a vector of columns costs, in rows. */
    private static final int ROWS = 3;

    private final Parts parts;
    private final PassTally tally = new PassTally();
    private final int[][] tokens;
    private final int[][] classes;
    private final int examples;
    private final int[] positions;
    private final Columns x;
    private final ColumnLayer[] layers;
    private final Columns last;
    private final Columns normed;
    private final @Nullable ColumnNorm norm;
    private final ColumnLinear unembedding;
    private final Columns logits;
    private final ColumnLoss loss;
    private final int[] targets;
    private final int[] batch;
    /** By column: where its token's row of the embedding begins. */
    private final int[] tokenAt;

    private final FlatWeights.Place embedding;
    private final FlatWeights.Place places;

    /** @param most examples that it is given at once */
    public ColumnPass(Parts parts, SmallProduct product, Reach reach, int[][] tokens, int[][] classes, int most) {
        this.parts = parts;
        this.tokens = tokens;
        this.classes = classes;
        this.examples = Math.min(MOST, FlatWeights.wide(most));
        this.batch = new int[examples];
        this.targets = new int[examples];
        this.embedding = parts.weights().place("embed.W_E");
        ModelConfig config = parts.config();
        this.places = switch (config.positions()) {
            case Positions.Learned() -> parts.weights().place("pos_embed.W_pos");
            case Positions.Rotary _ -> throw new IllegalStateException("the fused engine has no rotary positions");
        };
        var columnParts = new ColumnParts(parts, product, new OuterProduct());
        List<Reach.Layer> reached = reach.layers();
        this.positions = reached.getFirst().positions();
        this.x = Columns.of(config.dModel(), positions.length * examples);
        this.tokenAt = new int[x.stride()];
        this.layers = new ColumnLayer[config.nLayers()];
        Columns before = x;
        for (int layer = 0; layer < layers.length; layer++) {
            int[] queries = reached.get(layer).queries();
            Columns after = Columns.of(config.dModel(), queries.length * examples);
            layers[layer] = new ColumnLayer(columnParts, reached.get(layer), layer, examples, before, after);
            before = after;
        }
        this.last = before;
        this.norm = ColumnNorm.of(parts, "ln_final", last.stride());
        this.normed = norm == null ? last : Columns.of(config.dModel(), last.stride());
        ColumnLinear matrix = config.tiedEmbeddings()
                ? ColumnLinear.of(columnParts, "embed.W_E", 0).transposed()
                : ColumnLinear.of(columnParts, "unembed.W_U", 0);
        this.unembedding = matrix.with("unembed.b_U", 0);
        float[] ofLogits = new float[config.dVocabOut() * last.stride()];
        this.logits =
                new Columns(config.dVocabOut(), last.stride(), ofLogits, ofLogits); // The loss makes one of the other.
        this.loss = new ColumnLoss(logits, tally);
    }

    /**
     * Whether columns are faster than rows for a model: where it is narrow, and examples are seldom in the same state.
     *
     * @param most examples of one update
     */
    public static boolean suits(ModelConfig config, LossDtype dtype, Kernel kernel, States states, int most) {
        if (kernel != Kernel.VECTOR
                || dtype != LossDtype.FLOAT32
                || config.dModel() > NARROW
                || config.dHead() > NARROW) {
            return false;
        }
        long rows = 0;
        long columns = 0;
        for (int level = 0; level < states.levels(); level++) {
            for (int place = 0; place < states.positions(level).length; place++) {
                rows += Math.min(most, states.count(level, place));
                columns += most;
            }
        }
        return rows * FlatWeights.LANES >= ROWS * columns;
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
    public void run(int[] all, int from, int to, double weight) {
        for (int start = from; start < to; start += examples) {
            int count = Math.min(examples, to - start);
            for (int i = 0; i < examples; i++) {
                batch[i] = all[i < count ? start + i : start]; // What fills up the vectors weighs nothing.
            }
            embed();
            for (ColumnLayer layer : layers) {
                layer.forward();
            }
            if (norm != null) {
                norm.forward(last, normed);
            }
            unembedding.forward(normed, 0, 0, logits, 0, 0, logits.stride(), false);
            for (int answer = 0; answer < logits.stride() / examples; answer++) {
                for (int i = 0; i < count; i++) {
                    targets[i] = classes[batch[i]][answer];
                }
                loss.take(answer * examples, examples, targets, count, (float) weight);
            }
            if (weight != 0) {
                backward(count);
            }
        }
    }

    private void backward(int count) {
        normed.clearGradients();
        unembedding.backward(normed, 0, 0, logits, 0, 0, logits.stride());
        if (norm != null) {
            last.clearGradients();
            norm.backward(last, normed);
        }
        for (int layer = layers.length - 1; layer >= 0; layer--) {
            layers[layer].backward();
        }
        embedBackward(count);
    }

    private void embed() {
        float[] weights = parts.values();
        for (int place = 0; place < positions.length; place++) {
            int positionAt = places.at(0, positions[place]);
            for (int i = 0; i < examples; i++) {
                int column = place * examples + i;
                int at = embedding.at(0, tokens[batch[i]][positions[place]]);
                tokenAt[column] = at;
                for (int f = 0; f < x.features(); f++) {
                    x.values()[f * x.stride() + column] = weights[at + f] + weights[positionAt + f];
                }
            }
        }
    }

    private void embedBackward(int count) {
        for (int place = 0; place < positions.length; place++) {
            if (embedding.trains()) {
                tokensBackward(place, count);
            }
            if (places.trains()) {
                int at = places.at(0, positions[place]);
                ColumnKernels.addSums(
                        gradients(), at, x.gradients(), place * examples, x.stride(), x.features(), examples);
            }
        }
    }

    private void tokensBackward(int place, int count) {
        float[] to = gradients();
        float[] dx = x.gradients();
        for (int column = place * examples; column < place * examples + count; column++) {
            int at = tokenAt[column];
            for (int f = 0; f < x.features(); f++) {
                to[at + f] += dx[f * x.stride() + column];
            }
        }
    }
}
