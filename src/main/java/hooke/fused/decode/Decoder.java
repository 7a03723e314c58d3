package hooke.fused.decode;

import hooke.Headroom;
import hooke.InputException;
import hooke.config.Mask;
import hooke.config.ModelConfig;
import hooke.config.Parameter;
import hooke.config.Positions;
import hooke.config.Widths;
import hooke.fused.context.Activated;
import hooke.fused.context.Visible;
import hooke.fused.kernels.Chosen;
import hooke.fused.kernels.Kernel;
import hooke.fused.kernels.PairRotation;
import hooke.fused.kernels.PanelProduct;
import hooke.tensor.RawTensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass of a transformer for some positions of some sequences, given keys and values of the positions before: logits of what is
 * read. Confined to one thread, which others help.
 */
public final class Decoder implements AutoCloseable {
    /** Rows that are computed together: more leave the processor's caches. */
    static final int ROWS = 128;

    private final ModelConfig model;
    private final DecoderWeights weights;
    private final SpinningThreads threads;
    private final Workspace[] workspaces;
    private final List<Optional<PairRotation>> rotations;
    private final ModelConfig[] blocks;
    private final RowNorms[] norms;
    private final RowNorms normFinal;
    private final Activated activated;
    private final int qkvWidth;
    private final int dWidth;
    private final int zWidth;
    private final int mlpWidth;
    private final float[] x;
    private final float[] h;
    private final float[] qkv;
    private final float[] z;
    private final float[] neurons;
    private final float[] gates;
    private final float[] noBias;
    /** Of a model that is a U, what layers have left for the way up. */
    private final Map<Integer, float[]> left = new HashMap<>();

    /** What a thread has for itself. */
    private record Workspace(PanelProduct product, float[] scratch, float[] slope, CachedAttention[] attention) {}

    /**
     * @param weights by name, in TransformerLens' shapes
     * @throws hooke.InputException where a mask lets a position see what stands behind it, which is not there yet
     */
    public Decoder(ModelConfig model, Map<String, RawTensor> weights, Storage storage, int threads, Kernel kernel) {
        lack(model).ifPresent(sentence -> {
            throw new InputException(sentence);
        });
        double values = Parameter.count(Parameter.of(model), false);
        Headroom.now().check("holding the model's weights as it writes", storage.bytes() * values, 0, "");
        this.model = model;
        this.weights = DecoderWeights.of(model, weights, storage, kernel);
        this.threads = new SpinningThreads(threads);
        int heads = model.nHeads() * model.dHead();
        this.qkvWidth = PackedMatrix.wide(3 * heads);
        this.dWidth = PackedMatrix.wide(model.dModel());
        this.zWidth = PackedMatrix.wide(heads);
        this.mlpWidth = PackedMatrix.wide(model.dMlp());
        this.x = new float[ROWS * dWidth];
        this.h = new float[ROWS * dWidth];
        this.qkv = new float[ROWS * qkvWidth];
        this.z = new float[ROWS * zWidth];
        this.neurons = new float[ROWS * mlpWidth];
        this.gates = new float[model.gatedMlp() ? ROWS * mlpWidth : 0];
        this.noBias = new float[mlpWidth];
        int layers = model.nLayers();
        this.blocks = IntStream.range(0, layers).mapToObj(model::block).toArray(ModelConfig[]::new);
        this.norms =
                Arrays.stream(blocks).map(block -> new RowNorms(block, kernel)).toArray(RowNorms[]::new);
        this.normFinal = new RowNorms(model, kernel);
        IntStream.range(0, layers)
                .filter(model.levels()::isKept)
                .forEach(layer -> left.put(layer, new float[ROWS * dWidth]));
        this.activated = new Activated(model.actFn(), kernel);
        this.rotations = Arrays.stream(blocks)
                .map(block -> Optional.ofNullable(rotation(block, kernel)))
                .toList();
        Visible[][] visible = visible(model);
        this.workspaces = new Workspace[threads];
        for (int i = 0; i < threads; i++) {
            workspaces[i] = new Workspace(
                    PanelProduct.of(kernel),
                    new float[PackedMatrix.SCRATCH],
                    new float[mlpWidth],
                    attention(visible, kernel));
        }
    }

    private static @Nullable PairRotation rotation(ModelConfig block, Kernel kernel) {
        return switch (block.positions()) {
            case Positions.Learned() -> null;
            case Positions.Rotary(int dims, double base, Positions.Pairs pairs) ->
                new PairRotation(block.nCtx(), dims, base, pairs == Positions.Pairs.INTERLEAVED, kernel);
        };
    }

    /** Of each layer; those of one width are the same. */
    private CachedAttention[] attention(Visible[][] visible, Kernel kernel) {
        Map<Integer, CachedAttention> ofWidth = new HashMap<>();
        return Arrays.stream(blocks)
                .map(block -> ofWidth.computeIfAbsent(block.dHead(), _ -> new CachedAttention(block, visible, kernel)))
                .toArray(CachedAttention[]::new);
    }

    /** Why a model cannot be continued token by token, in a sentence; empty if it can. */
    public static Optional<String> lack(ModelConfig model) {
        if (!model.looksBack()) {
            return Optional.of(
                    "this model cannot be continued token by token: its model.mask lets a position see what stands behind it");
        }
        return model.dVocab() == model.dVocabOut()
                ? Optional.empty()
                : Optional.of(
                        "this model cannot be continued: it reads %s tokens and writes %s classes, which are something else"
                                .formatted(model.dVocab(), model.dVocabOut()));
    }

    /** What each head of each layer sees; the same for the same mask. */
    private static Visible[][] visible(ModelConfig model) {
        Map<Mask.Plain, Visible> known = new HashMap<>();
        Visible[][] visible = new Visible[model.nLayers()][model.nHeads()];
        for (int layer = 0; layer < model.nLayers(); layer++) {
            for (int head = 0; head < model.nHeads(); head++) {
                visible[layer][head] = known.computeIfAbsent(
                        model.mask(layer, head), mask -> Visible.of(mask, model.nCtx(), model.nCtx(), new int[0]));
            }
        }
        return visible;
    }

    public ModelConfig model() {
        return model;
    }

    /** Logits behind a text. */
    public float[] logits(int[] text) {
        float[] logits = new float[model.dVocabOut()];
        read(sequence(), text, new float[][] {logits});
        return logits;
    }

    /** A sequence that has not begun. */
    KeyValues sequence() {
        return new KeyValues(model);
    }

    /**
     * The next tokens of some sequences.
     *
     * @param sequence each row's, at most {@value #ROWS}; several rows of one stand beside each other, in order
     * @param tokens each row's, one behind those that its sequence has
     * @param read rows whose logits are wanted, ascending
     * @param logits where they go, [read][d_vocab]
     */
    void next(KeyValues[] sequence, int[] tokens, int[] read, float[][] logits) {
        int rows = tokens.length;
        int[] positions = new int[rows];
        for (int row = 0; row < rows; row++) {
            boolean follows = row > 0 && sequence[row] == sequence[row - 1];
            positions[row] = follows ? positions[row - 1] + 1 : sequence[row].length();
            sequence[row].reserve(positions[row] + 1);
        }
        embed(tokens, positions);
        int[] all = new int[rows];
        for (int row = 0; row < rows; row++) {
            all[row] = row;
        }
        for (int layer = 0; layer < model.nLayers(); layer++) {
            boolean last = layer == model.nLayers() - 1;
            enter(layer, rows);
            layer(layer, sequence, positions, last ? read : all);
        }
        for (int row = 0; row < rows; row++) {
            sequence[row].grownTo(positions[row] + 1);
        }
        unembed(read, logits);
    }

    /**
     * Reads tokens of one sequence, so many positions at a time.
     *
     * @param logits behind the last so many of them, [read][d_vocab]
     */
    void read(KeyValues known, int[] tokens, float[][] logits) {
        int wanted = tokens.length - logits.length;
        for (int from = 0; from < tokens.length; from += ROWS) {
            int to = Math.min(from + ROWS, tokens.length);
            int first = Math.min(to, Math.max(from, wanted));
            KeyValues[] same = new KeyValues[to - from];
            Arrays.fill(same, known);
            next(
                    same,
                    Arrays.copyOfRange(tokens, from, to),
                    IntStream.range(first - from, to - from).toArray(),
                    Arrays.copyOfRange(logits, Math.max(0, first - wanted), Math.max(0, to - wanted)));
        }
    }

    private void embed(int[] tokens, int[] positions) {
        int d = model.dModel();
        for (int row = 0; row < tokens.length; row++) {
            System.arraycopy(weights.W_E(), tokens[row] * d, x, row * dWidth, d);
            if (weights.W_pos() != null) {
                for (int i = 0; i < d; i++) {
                    x[row * dWidth + i] += weights.W_pos()[positions[row] * d + i];
                }
            }
        }
    }

    /** Before a layer of another width, the linear map and what is added behind it. */
    private void enter(int number, int rows) {
        PackedMatrix resize = weights.layers().get(number).W_resize();
        if (resize != null) {
            threads.run(i -> product(resize, i, x, dWidth, rows, h, dWidth, false));
            System.arraycopy(h, 0, x, 0, rows * dWidth);
            int skipped = model.levels().skipTo(number);
            if (skipped != Widths.NONE) {
                float[] skip = Objects.requireNonNull(left.get(skipped));
                overRows(rows, row -> {
                    for (int i = 0; i < blocks[number].dModel(); i++) {
                        x[row * dWidth + i] += skip[row * dWidth + i];
                    }
                });
            }
        }
    }

    private void leave(int number, int rows) {
        float @Nullable [] kept = left.get(number);
        if (kept != null) {
            System.arraycopy(x, 0, kept, 0, rows * dWidth);
        }
    }

    /** @param wanted rows that are needed behind this layer; of the others keys and values are */
    private void layer(int number, KeyValues[] sequence, int[] positions, int[] wanted) {
        DecoderWeights.Layer layer = weights.layers().get(number);
        boolean post = model.norm().isPost();
        int rows = positions.length;
        boolean pre = !post && layer.ln1() != null;
        float[] read = pre ? h : x;
        if (pre) {
            overRows(rows, row -> norms[number].forward(layer.ln1(), x, row * dWidth, h, row * dWidth));
        }
        threads.run(i -> product(layer.W_QKV(), i, read, dWidth, rows, qkv, qkvWidth, false));
        overRows(rows, row -> keep(number, layer, sequence[row], positions[row], row, read));
        attend(number, sequence, positions, wanted);
        int count = gathered(wanted, rows);
        threads.run(i -> product(layer.W_O(), i, z, zWidth, count, x, dWidth, true));
        overRows(count, row -> {
            add(layer.b_O(), number, row);
            if (post) {
                norms[number].forward(layer.ln1(), x, row * dWidth, x, row * dWidth);
            }
        });
        if (layer.mlp() != null) {
            mlp(layer.mlp(), number, count, post);
        }
        leave(number, count);
    }

    private void mlp(DecoderWeights.Mlp mlp, int number, int rows, boolean post) {
        boolean pre = !post && mlp.ln2() != null;
        float[] read = pre ? h : x;
        if (pre) {
            overRows(rows, row -> norms[number].forward(mlp.ln2(), x, row * dWidth, h, row * dWidth));
        }
        threads.run(i -> neurons(mlp, i, read, rows));
        threads.run(i -> product(mlp.W_out(), i, neurons, mlpWidth, rows, x, dWidth, true));
        overRows(rows, row -> {
            add(mlp.b_out(), number, row);
            if (post) {
                norms[number].forward(mlp.ln2(), x, row * dWidth, x, row * dWidth);
            }
        });
    }

    /** The neurons of a thread's panels: products and activation. */
    private void neurons(DecoderWeights.Mlp mlp, int thread, float[] read, int rows) {
        int panels = mlp.W_in().panels();
        int from = share(panels, thread);
        int to = share(panels, thread + 1);
        Workspace own = workspaces[thread];
        int column = from * PackedMatrix.PANEL;
        int width = to * PackedMatrix.PANEL - column;
        mlp.W_in().times(own.product(), read, dWidth, rows, neurons, mlpWidth, from, to, false, own.scratch());
        if (mlp.W_gate() == null) {
            activate(neurons, column, mlp.b_in(), column, width, own, rows);
            return;
        }
        mlp.W_gate().times(own.product(), read, dWidth, rows, gates, mlpWidth, from, to, false, own.scratch());
        activate(gates, column, noBias, column, width, own, rows);
        for (int row = 0; row < rows; row++) {
            int at = row * mlpWidth + column;
            for (int i = 0; i < width; i++) {
                neurons[at + i] = (neurons[at + i] + mlp.b_in()[column + i]) * gates[at + i];
            }
        }
    }

    private void activate(float[] values, int column, float[] bias, int biasAt, int width, Workspace own, int rows) {
        for (int row = 0; row < rows; row++) {
            activated.apply(values, row * mlpWidth + column, own.slope(), 0, mlpWidth, 1, bias, biasAt, width);
        }
    }

    private void add(float[] bias, int number, int row) {
        for (int i = 0; i < blocks[number].dModel(); i++) {
            x[row * dWidth + i] += bias[i];
        }
    }

    /**
     * Biases, rotation, and a place in the cache.
     *
     * @param read what the products had read
     */
    private void keep(int number, DecoderWeights.Layer layer, KeyValues sequence, int position, int row, float[] read) {
        int at = row * qkvWidth;
        for (int i = 0; i < layer.b_QKV().length; i++) {
            qkv[at + i] += layer.b_QKV()[i];
        }
        ModelConfig block = blocks[number];
        int heads = block.nHeads() * block.dHead();
        rotations.get(number).ifPresent(rotation -> {
            for (int head = 0; head < 2 * block.nHeads(); head++) { // Queries, and keys behind them.
                rotation.turn(qkv, at + head * block.dHead(), position);
            }
        });
        if (layer.W_score() != null) {
            for (int head = 0; head < block.nHeads(); head++) {
                float score = Chosen.score(layer.W_score(), head * block.dModel(), read, row * dWidth, block.dModel());
                sequence.putScore(number, head, position, score);
            }
        }
        sequence.put(number, position, qkv, at + heads, qkv, at + 2 * heads);
    }

    private void attend(int number, KeyValues[] sequence, int[] positions, int[] wanted) {
        int[][] groups = CachedAttention.groups(sequence, wanted);
        int items = groups.length * model.nHeads();
        threads.run(thread -> {
            for (int item = share(items, thread); item < share(items, thread + 1); item++) {
                int[] group = groups[item / model.nHeads()];
                workspaces[thread].attention()[number].mix(
                        number, item % model.nHeads(), sequence[group[0]], group, positions, qkv, qkvWidth, z, zWidth);
            }
        });
    }

    /** Moves wanted rows of stream and mixtures to the front; how many there are. */
    private int gathered(int[] wanted, int rows) {
        if (wanted.length < rows) {
            for (int i = 0; i < wanted.length; i++) {
                System.arraycopy(x, wanted[i] * dWidth, x, i * dWidth, dWidth);
                System.arraycopy(z, wanted[i] * zWidth, z, i * zWidth, zWidth);
            }
        }
        return wanted.length;
    }

    private void unembed(int[] read, float[][] logits) {
        int rows = read.length;
        boolean normed = weights.lnFinal() != null;
        float[] stream = normed ? h : x;
        if (normed) {
            overRows(rows, row -> normFinal.forward(weights.lnFinal(), x, row * dWidth, h, row * dWidth));
        }
        int wide = PackedMatrix.wide(model.dVocabOut());
        float[] all = new float[rows * wide];
        threads.run(i -> product(weights.W_U(), i, stream, dWidth, rows, all, wide, false));
        for (int row = 0; row < rows; row++) {
            System.arraycopy(all, row * wide, logits[row], 0, model.dVocabOut());
            if (weights.b_U() != null) {
                for (int i = 0; i < model.dVocabOut(); i++) {
                    logits[row][i] += weights.b_U()[i];
                }
            }
        }
    }

    private void product(
            PackedMatrix matrix,
            int thread,
            float[] from,
            int fromWidth,
            int rows,
            float[] to,
            int toWidth,
            boolean add) {
        int panels = matrix.panels();
        Workspace own = workspaces[thread];
        matrix.times(
                own.product(),
                from,
                fromWidth,
                rows,
                to,
                toWidth,
                share(panels, thread),
                share(panels, thread + 1),
                add,
                own.scratch());
    }

    private interface OfRow {
        void at(int row);
    }

    private void overRows(int rows, OfRow work) {
        if (rows < 2 * threads.size()) {
            for (int row = 0; row < rows; row++) {
                work.at(row);
            }
            return;
        }
        threads.run(thread -> {
            for (int row = share(rows, thread); row < share(rows, thread + 1); row++) {
                work.at(row);
            }
        });
    }

    private int share(int all, int thread) {
        return all * thread / threads.size();
    }

    @Override
    public void close() {
        threads.close();
    }
}
