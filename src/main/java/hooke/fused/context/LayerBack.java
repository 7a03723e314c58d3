package hooke.fused.context;

import hooke.config.ModelConfig;
import hooke.fused.kernels.Mat;
import hooke.tensor.Dropout.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way back through a layer, and what it needs of one layer after the other: the gradient of the stream behind it becomes that of the
 * stream before it, and the gradients of its weights grow.
 */
final class LayerBack {
    private final ContextParts parts;
    private final int width;
    private final int heads;
    /** What linear maps read on their way forward: the normalised stream, and what the neurons had applied. */
    private final FactorRows stream;

    private final FactorRows applied;
    /** Gradients: of the sum behind attention, of that behind the MLP, and of what the heads mixed. */
    private final FactorRows middle;

    private final FactorRows end;
    private final FactorRows z;
    /** Of the keys' own scores; null where they have none. */
    private final @Nullable FactorRows own;

    private final Sums sums;

    /** Of a layer's vectors. */
    private record Sums(
            TileSums project,
            TileSums output,
            TileSums into,
            TileSums out,
            @Nullable TileSums norm1,
            @Nullable TileSums norm2) {
        static Sums of(ContextLayer layer, int tiles) {
            return new Sums(
                    layer.project.sums(tiles),
                    layer.output.sums(tiles),
                    layer.mlp == null ? new TileSums(0, 0) : layer.mlp.into().sums(tiles),
                    layer.mlp == null ? new TileSums(0, 0) : layer.mlp.out().sums(tiles),
                    layer.norm1 == null ? null : layer.norm1.sums(tiles),
                    layer.norm2 == null ? null : layer.norm2.sums(tiles));
        }
    }

    /** @param any of the layers that it is for, which are of one shape */
    LayerBack(ContextParts parts, ContextLayer any, int rows) {
        ModelConfig config = parts.config();
        var bf16 = parts.bf16();
        this.parts = parts;
        this.width = TileSums.wide(config.dModel());
        this.heads = config.nHeads();
        this.stream = FactorRows.of(rows, config.dModel(), bf16);
        this.applied = FactorRows.of(config.attnOnly() ? 0 : rows, Math.max(1, config.dMlp()), bf16);
        this.middle = FactorRows.of(rows, config.dModel(), bf16);
        this.end = FactorRows.of(rows, config.dModel(), bf16);
        this.z = FactorRows.of(rows, config.nHeads() * config.dHead(), bf16);
        this.own = config.attention().scoresKeys() ? FactorRows.of(rows, heads, bf16) : null;
        this.sums = Sums.of(any, Desk.tiles(rows));
    }

    /**
     * @param x the stream that entered the layer
     * @param dx the gradient of what left it, and then of what entered
     */
    void run(
            Workers<Desk> workers,
            ContextLayer layer,
            ContextLayer.Rows rows,
            LayerState state,
            float[] x,
            float[] dx) {
        workers.run(rows.tiles(), (desk, tile) -> behindAttention(desk, layer, rows, tile, state, dx));
        int count = rows.count();
        List<Runnable> gradients = new ArrayList<>();
        layer.output.gradient(middle, state.z, count, gradients);
        if (layer.mlp != null) {
            layer.mlp.gradients(end, applied, state.neurons, stream, count, gradients);
        }
        int mixed = rows.sequences() * heads;
        int first = gradients.size(); // They are the longer tasks.
        workers.run(first + mixed, (desk, number) -> {
            if (number < first) {
                gradients.get(number).run();
            } else {
                desk.attention.backward(layer.place(rows, state, number - first, own), state.z, z, state.logSums);
            }
        });
        TokenRows tokens = layer.alike(rows);
        if (tokens == null) {
            beforeAttention(workers, layer, count, state, x, dx);
        } else {
            tokens.gather(state.qkv, parts.kernels());
            float[] some = new float[tokens.count() * width];
            beforeAttention(workers, layer, tokens.count(), state, tokens.take(x, width), some);
            tokens.give(some, dx, width, parts.kernels());
        }
        add(layer);
    }

    private void beforeAttention(
            Workers<Desk> workers, ContextLayer layer, int rows, LayerState state, float[] x, float[] dx) {
        workers.run(
                Desk.tiles(rows),
                (desk, tile) -> beforeAttention(desk, layer, tile, Desk.rows(tile, rows), state, x, dx));
        List<Runnable> gradients = new ArrayList<>();
        layer.project.gradient(state.qkv, stream, rows, gradients);
        if (layer.score != null && own != null) {
            layer.score.gradient(own, stream, rows, gradients);
        }
        workers.run(gradients.size(), (desk, number) -> gradients.get(number).run());
    }

    private void add(ContextLayer layer) {
        layer.project.add(sums.project());
        layer.output.add(sums.output());
        if (layer.mlp != null) {
            layer.mlp.into().add(sums.into());
            layer.mlp.out().add(sums.out());
        }
        if (layer.norm1 != null && sums.norm1() != null) {
            layer.norm1.add(sums.norm1());
        }
        if (layer.norm2 != null && sums.norm2() != null) {
            layer.norm2.add(sums.norm2());
        }
    }

    private void behindAttention(
            Desk desk, ContextLayer layer, ContextLayer.Rows rows, int tile, LayerState state, float[] dx) {
        int row = tile * Desk.TILE;
        int count = rows.of(tile);
        if (layer.mlp != null) {
            behind(desk, layer.post ? layer.norm2 : null, sums.norm2(), state.end, dx, tile, count, null);
            added(desk, layer, rows, Place.MLP_OUT, tile, dx);
            keep(end, desk.four, 0, row, count);
            layer.mlp.out().sum(sums.out(), tile, desk.four, 0, width, count);
            layer.mlp.backward(desk, state.neurons, applied, end, row, count, desk.four, width, sums.into(), tile);
            before(desk, layer.post ? null : layer.norm2, sums.norm2(), state.middle, dx, tile, count);
        }
        behind(desk, layer.post ? layer.norm1 : null, sums.norm1(), state.middle, dx, tile, count, stream);
        added(desk, layer, rows, Place.ATTN_OUT, tile, dx);
        keep(middle, desk.four, 0, row, count);
        layer.output.sum(sums.output(), tile, desk.four, 0, width, count);
        float[] dz = z.open(desk.one);
        layer.output.backward(middle, row, count, 0, dz, z.place(row, 0), z.stride());
        z.close(desk.one, row, count);
    }

    private void beforeAttention(
            Desk desk, ContextLayer layer, int tile, int count, LayerState state, float[] x, float[] dx) {
        int row = tile * Desk.TILE;
        float[] qkv = state.qkv.read(desk.one, row, count);
        layer.project.sum(sums.project(), tile, qkv, state.qkv.place(row, 0), state.qkv.stride(), count);
        layer.project.backward(state.qkv, row, count, 0, desk.four, 0, width);
        if (layer.score != null && own != null) {
            layer.score.backward(own, row, count, 1, desk.four, 0, width);
        }
        before(desk, layer.post ? null : layer.norm1, sums.norm1(), x, dx, tile, count);
    }

    /** Puts the gradient of what was added to a tile of the stream on the desk: the stream's own, less what dropout had taken away. */
    private void added(Desk desk, ContextLayer layer, ContextLayer.Rows rows, Place place, int tile, float[] dx) {
        int row = tile * Desk.TILE;
        int count = rows.of(tile);
        System.arraycopy(dx, row * width, desk.four, 0, count * width);
        if (rows.drops() != null) {
            rows.drops().apply(place, layer.number(), desk.four, 0, width, row, count, width);
        }
    }

    private void keep(FactorRows to, float[] from, int at, int row, int count) {
        for (int r = 0; r < count; r++) {
            to.copyIn(from, at + r * width, row + r, 0, to.width());
        }
    }

    /** Through a norm that stands behind a sum: dx, of what left it, becomes that of what entered; what left goes to where it is asked for. */
    private void behind(
            Desk desk,
            @Nullable ContextNorm norm,
            @Nullable TileSums normSums,
            float[] entered,
            float[] dx,
            int tile,
            int count,
            @Nullable FactorRows left) {
        if (norm == null || normSums == null) {
            return;
        }
        int row = tile * Desk.TILE;
        int at = row * width;
        System.arraycopy(dx, at, desk.three, 0, count * width);
        Arrays.fill(dx, at, at + count * width, 0);
        Mat y = left == null ? Mat.of(desk.two, width) : left.rows(desk.two, row);
        Mat dy = Mat.of(desk.three, width);
        norm.backward(rows(entered, at), y, dy, rows(dx, at), count, desk.hat, normSums, tile);
        if (left != null) {
            left.close(desk.two, row, count);
        }
    }

    /** Through what read the stream, whose gradient lies on the desk: dx grows by it, and what was read is kept. */
    private void before(
            Desk desk,
            @Nullable ContextNorm norm,
            @Nullable TileSums normSums,
            float[] entered,
            float[] dx,
            int tile,
            int count) {
        int row = tile * Desk.TILE;
        int at = row * width;
        if (norm == null || normSums == null) {
            parts.kernels().add(dx, at, desk.four, 0, count * width);
            keep(stream, entered, at, row, count);
            return;
        }
        Mat y = stream.rows(desk.two, row);
        Mat dy = Mat.of(desk.four, width);
        norm.backward(rows(entered, at), y, dy, rows(dx, at), count, desk.hat, normSums, tile);
        stream.close(desk.two, row, count);
    }

    private Mat rows(float[] stream, int at) {
        return new Mat(stream, at, width);
    }
}
