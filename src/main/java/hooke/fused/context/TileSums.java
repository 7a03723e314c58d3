package hooke.fused.context;

import hooke.fused.kernels.FlatWeights;
import hooke.fused.kernels.Kernels;
import java.util.Arrays;

/** Sums over rows, tile by tile: each tile has its own, and they are added in the order of the tiles, whichever thread made them. */
final class TileSums {
    private final int tiles;
    private final int width;
    private final float[] values;

    TileSums(int tiles, int width) {
        this.tiles = tiles;
        this.width = wide(width);
        this.values = new float[tiles * this.width];
    }

    static int wide(int width) {
        return FlatWeights.wide(width);
    }

    float[] values() {
        return values;
    }

    int at(int tile) {
        return tile * width;
    }

    /** Adds the rows of a tile to its sums. */
    void addRows(int tile, float[] y, int yAt, int stride, int rows, Kernels kernels) {
        kernels.addRows(values, at(tile), y, yAt, stride, rows, width);
    }

    /** Adds all tiles' sums to numbers elsewhere. */
    void addTo(float[] to, int toAt, int from, int count, Kernels kernels) {
        for (int tile = 0; tile < tiles; tile++) {
            kernels.add(to, toAt, values, at(tile) + from, count);
        }
    }

    /** Adds all tiles' sums to numbers elsewhere, and sets them to zero. */
    void moveTo(float[] to, int toAt, Kernels kernels) {
        addTo(to, toAt, 0, width, kernels);
        clear();
    }

    void clear() {
        Arrays.fill(values, 0);
    }
}
