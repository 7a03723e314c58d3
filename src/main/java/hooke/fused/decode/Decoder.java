package hooke.fused.decode;

import hooke.Headroom;
import hooke.InputException;
import hooke.config.Mask;
import hooke.config.ModelConfig;
import hooke.config.Parameter;
import hooke.config.Positions;
import hooke.config.Widths;
import hooke.fused.context.Visible;
import hooke.fused.kernels.Chosen;
import hooke.fused.kernels.Kernel;
import hooke.fused.kernels.Mat;
import hooke.fused.kernels.PairRotation;
import hooke.tensor.RawTensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
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
    private final SharedWork work;
    /** By thread and layer. */
    private final CachedAttention[][] attention;

    private final List<Optional<PairRotation>> rotations;
    private final ModelConfig[] blocks;
    private final RowNorms[] norms;
    private final RowNorms normFinal;
    private final DecoderMlp mlp;
    private final Mat x;
    private final Mat h;
    private final Mat qkv;
    private final Mat z;
    /** Of sequences that have ended: the system takes long to give so much memory. */
    private final Deque<KeyValues> rooms = new ArrayDeque<>();

    /** Of a model that is a U, what layers have left for the way up. */
    private final Map<Integer, Mat> left = new HashMap<>();

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
        this.work = new SharedWork(threads, kernel);
        int heads = model.nHeads() * model.dHead();
        this.x = rows(model.dModel());
        this.h = rows(model.dModel());
        this.qkv = rows(3 * heads);
        this.z = rows(heads);
        this.mlp = new DecoderMlp(model, work, threads, ROWS, kernel);
        int layers = model.nLayers();
        this.blocks = IntStream.range(0, layers).mapToObj(model::block).toArray(ModelConfig[]::new);
        this.norms =
                Arrays.stream(blocks).map(block -> new RowNorms(block, kernel)).toArray(RowNorms[]::new);
        this.normFinal = new RowNorms(model, kernel);
        IntStream.range(0, layers)
                .filter(model.levels()::isKept)
                .forEach(layer -> left.put(layer, rows(model.dModel())));
        this.rotations = Arrays.stream(blocks)
                .map(block -> Optional.ofNullable(rotation(block, kernel)))
                .toList();
        Visible[][] visible = visible(model);
        this.attention = IntStream.range(0, threads)
                .mapToObj(_ -> attention(visible, kernel))
                .toArray(CachedAttention[][]::new);
    }

    private static Mat rows(int width) {
        return Mat.zeros(ROWS, PackedMatrix.wide(width));
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
        KeyValues sequence = sequence();
        read(List.of(new Stretch(sequence, text, new float[][] {logits})));
        end(sequence);
        return logits;
    }

    /** A sequence that has not begun. */
    KeyValues sequence() {
        return rooms.isEmpty() ? new KeyValues(model) : rooms.pop();
    }

    /** Ends a sequence, whose room another will have. */
    void end(KeyValues sequence) {
        sequence.forget();
        rooms.push(sequence);
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

    /** Goes on with some sequences, {@value #ROWS} positions at a time, whosever they are: fewer multiply more slowly. */
    void read(List<Stretch> stretches) {
        List<KeyValues> sequence = new ArrayList<>();
        int[] tokens = new int[ROWS];
        List<Integer> read = new ArrayList<>();
        List<float[]> logits = new ArrayList<>();
        for (Stretch stretch : stretches) {
            int unread = stretch.tokens().length - stretch.logits().length;
            for (int i = 0; i < stretch.tokens().length; i++) {
                int row = sequence.size();
                tokens[row] = stretch.tokens()[i];
                sequence.add(stretch.sequence());
                if (i >= unread) {
                    read.add(row);
                    logits.add(stretch.logits()[i - unread]);
                }
                if (row == ROWS - 1) {
                    next(sequence, tokens, read, logits);
                }
            }
        }
        next(sequence, tokens, read, logits);
    }

    /** Computes rows that were collected, and empties the lists. */
    private void next(List<KeyValues> sequence, int[] tokens, List<Integer> read, List<float[]> logits) {
        if (!sequence.isEmpty()) {
            next(
                    sequence.toArray(KeyValues[]::new),
                    Arrays.copyOf(tokens, sequence.size()),
                    read.stream().mapToInt(row -> row).toArray(),
                    logits.toArray(float[][]::new));
        }
        List.of(sequence, read, logits).forEach(List::clear);
    }

    private void embed(int[] tokens, int[] positions) {
        int d = model.dModel();
        for (int row = 0; row < tokens.length; row++) {
            System.arraycopy(weights.W_E(), tokens[row] * d, x.array(), x.row(row), d);
            if (weights.W_pos() != null) {
                add(weights.W_pos(), positions[row] * d, d, row);
            }
        }
    }

    /** Before a layer of another width, the linear map and what is added behind it. */
    private void enter(int number, int rows) {
        PackedMatrix resize = weights.layers().get(number).W_resize();
        if (resize != null) {
            work.product(resize, x, rows, h, false);
            System.arraycopy(h.array(), 0, x.array(), 0, x.row(rows));
            int skipped = model.levels().skipTo(number);
            if (skipped != Widths.NONE) {
                Mat skip = Objects.requireNonNull(left.get(skipped));
                work.overRows(rows, row -> add(skip.array(), skip.row(row), blocks[number].dModel(), row));
            }
        }
    }

    private void leave(int number, int rows) {
        @Nullable Mat kept = left.get(number);
        if (kept != null) {
            System.arraycopy(x.array(), 0, kept.array(), 0, x.row(rows));
        }
    }

    /** @param wanted rows that are needed behind this layer; of the others keys and values are */
    private void layer(int number, KeyValues[] sequence, int[] positions, int[] wanted) {
        DecoderWeights.Layer layer = weights.layers().get(number);
        int rows = positions.length;
        Mat read = entered(layer.ln1(), number, rows);
        work.product(layer.W_QKV(), read, rows, qkv, false);
        work.overRows(rows, row -> turn(number, layer, sequence[row], positions[row], row, read));
        attend(number, sequence, positions, wanted);
        int count = gathered(wanted, rows);
        work.product(layer.W_O(), z, count, x, true);
        left(layer.ln1(), layer.b_O(), number, count);
        if (layer.mlp() != null) {
            mlp.add(layer.mlp(), entered(layer.mlp().ln2(), number, count), count, x);
            left(layer.mlp().ln2(), layer.mlp().b_out(), number, count);
        }
        leave(number, count);
    }

    /** What a part of a layer reads: the stream, or before it is normed, h. */
    private Mat entered(DecoderWeights.@Nullable Norm norm, int number, int rows) {
        if (norm == null || model.norm().isPost()) {
            return x;
        }
        work.overRows(rows, row -> norms[number].forward(norm, x, h, row));
        return h;
    }

    /** A bias, and the norm where it comes last, on what a part of a layer has added to. */
    private void left(DecoderWeights.@Nullable Norm norm, float[] bias, int number, int rows) {
        work.overRows(rows, row -> {
            add(bias, 0, blocks[number].dModel(), row);
            if (model.norm().isPost()) {
                norms[number].forward(norm, x, x, row);
            }
        });
    }

    /** Adds so many numbers to a row of the stream. */
    private void add(float[] numbers, int at, int count, int row) {
        for (int i = 0; i < count; i++) {
            x.array()[x.row(row) + i] += numbers[at + i];
        }
    }

    /**
     * Biases, rotation, and the keys' own scores.
     *
     * @param read what the products had read
     */
    private void turn(int number, DecoderWeights.Layer layer, KeyValues sequence, int position, int row, Mat read) {
        int at = qkv.row(row);
        for (int i = 0; i < layer.b_QKV().length; i++) {
            qkv.array()[at + i] += layer.b_QKV()[i];
        }
        ModelConfig block = blocks[number];
        rotations.get(number).ifPresent(rotation -> {
            for (int head = 0; head < 2 * block.nHeads(); head++) { // Queries, and keys behind them.
                rotation.turn(qkv.array(), at + head * block.dHead(), position);
            }
        });
        if (layer.W_score() != null) {
            for (int head = 0; head < block.nHeads(); head++) {
                float score = Chosen.score(
                        layer.W_score(), head * block.dModel(), read.array(), read.row(row), block.dModel());
                sequence.putScore(number, head, position, score);
            }
        }
    }

    private void attend(int number, KeyValues[] sequence, int[] positions, int[] wanted) {
        int[][] groups = CachedAttention.groups(sequence, wanted);
        int heads = model.nHeads();
        // The key of a sequence's only row is kept when its head is at work, which reads the same memory.
        boolean alone = groups.length == positions.length;
        if (!alone) {
            work.overRows(positions.length, row -> {
                for (int head = 0; head < heads; head++) {
                    keep(number, head, sequence[row], positions[row], row);
                }
            });
        }
        work.share(groups.length * heads, (thread, from, to) -> {
            for (int item = from; item < to; item++) {
                int[] group = groups[item / heads];
                int first = group[0];
                int head = item % heads;
                if (alone) {
                    keep(number, head, sequence[first], positions[first], first);
                }
                attention[thread][number].mix(number, head, sequence[first], group, positions, qkv, z);
            }
        });
    }

    private void keep(int number, int head, KeyValues sequence, int position, int row) {
        int dHead = blocks[number].dHead();
        int key = qkv.row(row) + (model.nHeads() + head) * dHead;
        sequence.put(number, head, position, qkv.array(), key, key + model.nHeads() * dHead);
    }

    /** Moves wanted rows of stream and mixtures to the front; how many there are. */
    private int gathered(int[] wanted, int rows) {
        if (wanted.length < rows) {
            for (int i = 0; i < wanted.length; i++) {
                System.arraycopy(x.array(), x.row(wanted[i]), x.array(), x.row(i), x.stride());
                System.arraycopy(z.array(), z.row(wanted[i]), z.array(), z.row(i), z.stride());
            }
        }
        return wanted.length;
    }

    private void unembed(int[] read, float[][] logits) {
        int rows = read.length;
        boolean normed = weights.lnFinal() != null;
        if (normed) {
            work.overRows(rows, row -> normFinal.forward(weights.lnFinal(), x, h, row));
        }
        Mat all = Mat.zeros(rows, PackedMatrix.wide(model.dVocabOut()));
        work.product(weights.W_U(), normed ? h : x, rows, all, false);
        for (int row = 0; row < rows; row++) {
            System.arraycopy(all.array(), all.row(row), logits[row], 0, model.dVocabOut());
            if (weights.b_U() != null) {
                for (int i = 0; i < model.dVocabOut(); i++) {
                    logits[row][i] += weights.b_U()[i];
                }
            }
        }
    }

    @Override
    public void close() {
        work.close();
    }
}
