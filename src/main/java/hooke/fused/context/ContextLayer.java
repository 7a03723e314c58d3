package hooke.fused.context;

import hooke.config.ModelConfig;
import hooke.config.Norm;
import hooke.fused.kernels.Kernels;
import hooke.fused.kernels.Mat;
import hooke.tensor.Dropout.Place;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One layer, there and back. With norms before:
 *
 * <pre>
 *   m = x + attention(norm1(x))     y = m + mlp(norm2(m))
 * </pre>
 *
 * with norms behind, {@code m = norm1(x + attention(x))} and {@code y = norm2(m + mlp(m))}. Rows do not depend on each other but in
 * attention, whose heads and sequences do not either; so each part is a list of tasks in any order. The way back is a {@link LayerBack}'s.
 */
final class ContextLayer {
    final ContextParts parts;
    final boolean post;
    final ContextLinear project;
    /** What gives keys their own scores; null where they have none. */
    final @Nullable ContextLinear score;

    final ContextLinear output;
    final @Nullable ContextNorm norm1;
    final @Nullable ContextNorm norm2;
    final @Nullable ContextMlp mlp;
    private final int width;
    private final int heads;
    private final int layer;
    private final Kernels kernels;

    /**
     * Rows of a batch: sequences of one length, one behind the other.
     *
     * @param sights what each head of each layer sees in each of them, [layer][sequence][head]
     * @param drops what is taken away; null for nothing
     * @param alike before the first layer; null where they are not
     */
    record Rows(
            int length,
            Sight[][][] sights,
            @Nullable RowDrops drops,
            @Nullable TokenRows alike) {
        int sequences() {
            return sights[0].length;
        }

        int count() {
            return length * sequences();
        }

        int tiles() {
            return Desk.tiles(count());
        }

        /** Rows of a tile. */
        int of(int tile) {
            return Desk.rows(tile, count());
        }
    }

    ContextLayer(ContextParts parts, int layer, float[] zeros) {
        ModelConfig config = parts.config();
        ContextWeights weights = parts.weights();
        this.parts = parts;
        this.layer = layer;
        this.kernels = parts.kernels();
        String block = "blocks." + layer + ".";
        String attn = block + "attn.";
        int all = config.nHeads() * config.dHead();
        this.width = TileSums.wide(config.dModel());
        this.heads = config.nHeads();
        this.post = config.norm().isPost();
        boolean trains = weights.place(attn + "W_Q").trains()
                || weights.place(attn + "W_K").trains()
                || weights.place(attn + "W_V").trains();
        this.project = new ContextLinear(
                parts,
                3 * all,
                config.dModel(),
                weights.place(attn + "W_Q").offset(),
                weights.has(attn + "b_Q") ? weights.place(attn + "b_Q").offset() : -1,
                trains);
        this.score = config.attention().scoresKeys()
                ? ContextLinear.of(parts, heads, config.dModel(), attn + "W_score", "")
                : null;
        this.output = ContextLinear.of(parts, config.dModel(), all, attn + "W_O", attn + "b_O");
        this.norm1 = norm(parts, block + "ln1", zeros);
        this.norm2 = config.attnOnly() ? null : norm(parts, block + "ln2", zeros);
        this.mlp = config.attnOnly() ? null : new ContextMlp(parts, block, zeros);
    }

    static @Nullable ContextNorm norm(ContextParts parts, String name, float[] zeros) {
        return switch (parts.config().norm()) {
            case Norm.None() -> null;
            case Norm.LayerNorm(double eps, var _, var _) -> new ContextNorm(parts, eps, true, name, zeros);
            case Norm.RmsNorm(double eps, var _) -> new ContextNorm(parts, eps, false, name, zeros);
        };
    }

    int number() {
        return layer;
    }

    /** From row to row of the stream. */
    int width() {
        return width;
    }

    /** From the stream x into the stream y, both [row, d_model]. */
    void forward(Workers<Desk> workers, Rows rows, LayerState state, float[] x, float[] y) {
        TokenRows alike = alike(rows);
        if (alike == null) {
            project(workers, rows.count(), state, x);
        } else {
            project(workers, alike.count(), state, alike.take(x, width));
            alike.spread(state.qkv);
        }
        workers.run(
                rows.sequences() * heads,
                (desk, number) -> desk.attention.forward(place(rows, state, number, null), state.z, state.logSums));
        workers.run(rows.tiles(), (desk, tile) -> write(desk, rows, tile, state, x, y));
    }

    /** @param ownGradient of the keys' own scores; null on the way forward, or where they have none */
    HeadAttention.Place place(Rows rows, LayerState state, int number, @Nullable FactorRows ownGradient) {
        int sequence = number / heads;
        int head = number % heads;
        Sight sight = rows.sights()[layer][sequence][head];
        RowDrops.@Nullable OfHead drops =
                rows.drops() == null ? null : rows.drops().ofHead(layer, sequence, head);
        var kept = new KeyChoice.Kept(state.own, TileSums.wide(heads), state.bounds, ownGradient);
        return new HeadAttention.Place(state.qkv, sight, sequence * rows.length(), head, heads, drops, kept);
    }

    /** Which rows enter the layer alike; null for none. */
    @Nullable
    TokenRows alike(Rows rows) {
        return layer == 0 && score == null ? rows.alike() : null;
    }

    private void project(Workers<Desk> workers, int rows, LayerState state, float[] x) {
        workers.run(Desk.tiles(rows), (desk, tile) -> project(desk, tile * Desk.TILE, Desk.rows(tile, rows), state, x));
    }

    private void project(Desk desk, int row, int count, LayerState state, float[] x) {
        read(desk, post ? null : norm1, x, row * width, count);
        float[] qkv = state.qkv.open(desk.one);
        int at = state.qkv.place(row, 0);
        project.forward(desk.stream, 0, count, 0, qkv, at, state.qkv.stride());
        project.addBias(qkv, at, state.qkv.stride(), count);
        state.qkv.close(desk.one, row, count);
        if (score != null) {
            int apart = TileSums.wide(heads);
            score.forward(desk.stream, 0, count, 0, state.own, row * apart, apart);
        }
    }

    /** Puts rows of the stream, normalised where there is a norm before, on the desk. */
    private void read(Desk desk, @Nullable ContextNorm norm, float[] x, int xAt, int count) {
        FactorRows stream = desk.stream;
        if (norm == null) {
            for (int r = 0; r < count; r++) {
                stream.copyIn(x, xAt + r * width, r, 0, stream.width());
            }
            return;
        }
        float[] to = stream.open(desk.two);
        norm.forward(new Mat(x, xAt, width), Mat.of(to, stream.stride()), count, desk.hat);
        stream.close(desk.two, 0, count);
    }

    private void write(Desk desk, Rows rows, int tile, LayerState state, float[] x, float[] y) {
        int row = tile * Desk.TILE;
        int count = rows.of(tile);
        int at = row * width;
        int size = count * width;
        float[] middle = state.middle;
        System.arraycopy(x, at, middle, at, size);
        addTo(desk, rows, Place.ATTN_OUT, tile, middle, (to, toAt) -> {
            output.forward(state.z, row, count, 1, to, toAt, width);
            output.addBias(to, toAt, width, count);
        });
        if (mlp == null) {
            behind(norm1, desk, middle, at, y, count);
            return;
        }
        float[] sum = post ? state.end : y;
        behind(norm1, desk, middle, at, sum, count);
        read(desk, post ? null : norm2, sum, at, count);
        addTo(
                desk,
                rows,
                Place.MLP_OUT,
                tile,
                sum,
                (to, toAt) -> mlp.forward(desk, state.neurons, row, count, to, toAt, width));
        if (post) {
            behind(norm2, desk, sum, at, y, count);
        }
    }

    private interface Addition {
        void to(float[] y, int at);
    }

    /** Adds to a tile of the stream what attention or MLP make of it, less what dropout takes away. */
    private void addTo(Desk desk, Rows rows, Place place, int tile, float[] y, Addition addition) {
        int row = tile * Desk.TILE;
        int count = rows.of(tile);
        if (rows.drops() == null) {
            addition.to(y, row * width);
            return;
        }
        Arrays.fill(desk.four, 0, count * width, 0);
        addition.to(desk.four, 0);
        rows.drops().apply(place, layer, desk.four, 0, width, row, count, width);
        kernels.add(y, row * width, desk.four, 0, count * width);
    }

    /** Rows at a place of one array into another, normalised where there is a norm behind. */
    private void behind(@Nullable ContextNorm norm, Desk desk, float[] from, int at, float[] to, int count) {
        if (post && norm != null) {
            norm.forward(new Mat(from, at, width), new Mat(to, at, width), count, desk.hat);
        } else {
            System.arraycopy(from, at, to, at, count * width);
        }
    }
}
