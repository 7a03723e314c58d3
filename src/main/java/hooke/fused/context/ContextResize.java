package hooke.fused.context;

import hooke.config.Widths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands between two blocks of unequal width: a linear map of the stream, to which on the way up is added what a block of the same
 * level has left on the way down, {@code y = x W' + left}. There and back, since the widths of rows differ, each is two steps: the rows are
 * put aside, and then written anew.
 */
final class ContextResize {
    private final ContextParts parts;
    private final ContextLinear map;
    private final int layer;
    private final int skipTo;
    private final int from;
    private final int to;

    /** What one keeps of so many rows: what it read, and the gradient of what it wrote. */
    record State(FactorRows read, FactorRows gradient) {}

    /**
     * @param parts of the block behind it
     * @param layer the block's
     */
    ContextResize(ContextParts parts, Widths levels, int layer) {
        int before = levels.of(layer - 1);
        this.parts = parts;
        this.layer = layer;
        this.skipTo = levels.skipTo(layer);
        this.from = TileSums.wide(before);
        this.to = TileSums.wide(levels.of(layer));
        this.map = ContextLinear.of(parts, levels.of(layer), before, "blocks." + layer + ".W_resize", "");
    }

    /** @param trains whether there is a way back */
    State state(int rows, boolean trains) {
        return new State(
                FactorRows.of(rows, map.in(), parts.bf16()), FactorRows.of(trains ? rows : 0, map.out(), parts.bf16()));
    }

    /** @param left by block, what those on the way down have left */
    void forward(Workers<Desk> workers, ContextLayer.Rows rows, State state, float[] x, Map<Integer, float[]> left) {
        float @Nullable [] skipped = left.get(skipTo);
        workers.run(rows.tiles(), (_, tile) -> aside(state.read(), x, from, rows, tile));
        workers.run(rows.tiles(), (_, tile) -> {
            int row = tile * Desk.TILE;
            int count = rows.of(tile);
            Arrays.fill(x, row * to, (row + count) * to, 0); // What fills up rows is zero.
            map.forward(state.read(), row, count, 0, x, row * to, to);
            if (skipped != null) {
                parts.kernels().add(x, row * to, skipped, row * to, count * to);
            }
        });
    }

    /**
     * @param dx the gradient of what the block behind read, and then of what the one before left
     * @param left by block, what the gradients of those on the way down grow by
     */
    void backward(Workers<Desk> workers, ContextLayer.Rows rows, State state, float[] dx, Map<Integer, float[]> left) {
        if (skipTo != Widths.NONE) {
            System.arraycopy(dx, 0, left.get(skipTo), 0, rows.count() * to);
        }
        workers.run(rows.tiles(), (_, tile) -> aside(state.gradient(), dx, to, rows, tile));
        float @Nullable [] skipped = left.get(layer - 1);
        List<Runnable> gradients = new ArrayList<>();
        map.gradient(state.gradient(), state.read(), rows.count(), gradients);
        workers.run(rows.tiles() + gradients.size(), (_, number) -> {
            if (number >= rows.tiles()) {
                gradients.get(number - rows.tiles()).run();
                return;
            }
            int row = number * Desk.TILE;
            int count = rows.of(number);
            Arrays.fill(dx, row * from, (row + count) * from, 0);
            map.backward(state.gradient(), row, count, 0, dx, row * from, from);
            if (skipped != null) {
                parts.kernels().add(dx, row * from, skipped, row * from, count * from);
            }
        });
    }

    private static void aside(FactorRows to, float[] x, int width, ContextLayer.Rows rows, int tile) {
        int row = tile * Desk.TILE;
        for (int r = row; r < row + rows.of(tile); r++) {
            to.copyIn(x, r * width, r, 0, to.width());
        }
    }
}
