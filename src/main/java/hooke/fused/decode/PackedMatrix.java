package hooke.fused.decode;

import hooke.fused.kernels.Bf16;
import hooke.fused.kernels.Int8;
import hooke.fused.kernels.Kernel;
import hooke.fused.kernels.Lanes;
import hooke.fused.kernels.SmallProduct;

/**
 * A weight [rows, columns] in panels of {@link #PANEL} columns, each panel row after row, so that a product reads memory from front to
 * back. Columns are filled up with zeros.
 */
sealed interface PackedMatrix {
    /** Columns of a panel: the four vectors that a product takes at a time, so that a panel is read from front to back. */
    int PANEL = Kernel.hasVectors() ? 4 * Lanes.L : 64;

    /** Rows of a panel that are widened at a time: 32 KiB of floats. */
    int CHUNK = 128;

    int SCRATCH = CHUNK * PANEL;

    int rows();

    int panels();

    /** Rows of a panel as floats, [count][PANEL]. */
    Floats panel(int panel, int row, int count, float[] scratch);

    /** Where floats lie. */
    record Floats(float[] values, int at) {}

    /**
     * {@code y = x W}, or {@code y += x W}, for m rows of x and the panels from one to before another, by a thread with a scratch of its own,
     * of {@link #SCRATCH} numbers.
     */
    default void times(
            SmallProduct product,
            float[] x,
            int xStride,
            int m,
            float[] y,
            int yStride,
            int from,
            int to,
            boolean add,
            float[] scratch) {
        for (int panel = from; panel < to; panel++) {
            int chunk = chunk();
            for (int row = 0; row < rows(); row += chunk) {
                int count = Math.min(chunk, rows() - row);
                Floats b = panel(panel, row, count, scratch);
                product.product(
                        m,
                        PANEL,
                        count,
                        x,
                        row,
                        xStride,
                        1,
                        b.values(),
                        b.at(),
                        PANEL,
                        y,
                        panel * PANEL,
                        yStride,
                        add || row > 0);
            }
        }
    }

    /** Rows that are multiplied at a time. */
    int chunk();

    /** Numbers of a row of results, filled up to whole panels. */
    static int wide(int columns) {
        return (columns + PANEL - 1) / PANEL * PANEL;
    }

    /** @param values [rows][columns] */
    static PackedMatrix of(float[] values, int rows, int columns, Storage storage, Kernel kernel) {
        float[] packed = packed(values, rows, columns);
        int panels = wide(columns) / PANEL;
        return switch (storage) {
            case FLOAT32 -> new OfFloats(rows, panels, packed);
            case BF16 -> {
                short[] halves = new short[packed.length];
                Bf16 bf16 = Bf16.of(kernel);
                bf16.round(packed, 0, halves, 0, packed.length);
                yield new OfBf16(rows, panels, halves, bf16);
            }
            case INT8 -> {
                float[] scales = new float[panels * PANEL];
                byte[] bytes = new byte[packed.length];
                for (int column = 0; column < scales.length; column++) {
                    int first = column / PANEL * rows * PANEL + column % PANEL;
                    float most = 0;
                    for (int row = 0; row < rows; row++) {
                        most = Math.max(most, Math.abs(packed[first + row * PANEL]));
                    }
                    scales[column] = most / Byte.MAX_VALUE;
                    for (int row = 0; row < rows; row++) {
                        int at = first + row * PANEL;
                        bytes[at] = most == 0 ? 0 : (byte) Math.round(packed[at] / scales[column]);
                    }
                }
                yield new OfBytes(rows, panels, bytes, scales, Int8.of(kernel));
            }
        };
    }

    private static float[] packed(float[] values, int rows, int columns) {
        float[] packed = new float[rows * wide(columns)];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column += PANEL) {
                System.arraycopy(
                        values,
                        row * columns + column,
                        packed,
                        column * rows + row * PANEL,
                        Math.min(PANEL, columns - column));
            }
        }
        return packed;
    }

    record OfFloats(int rows, int panels, float[] values) implements PackedMatrix {
        @Override
        public int chunk() {
            return Math.max(1, rows);
        }

        @Override
        public Floats panel(int panel, int row, int count, float[] scratch) {
            return new Floats(values, (panel * rows + row) * PANEL);
        }
    }

    record OfBf16(int rows, int panels, short[] values, Bf16 bf16) implements PackedMatrix {
        @Override
        public int chunk() {
            return CHUNK;
        }

        @Override
        public Floats panel(int panel, int row, int count, float[] scratch) {
            bf16.widen(values, (panel * rows + row) * PANEL, scratch, 0, count * PANEL);
            return new Floats(scratch, 0);
        }
    }

    record OfBytes(int rows, int panels, byte[] values, float[] scales, Int8 int8) implements PackedMatrix {
        @Override
        public int chunk() {
            return CHUNK;
        }

        @Override
        public Floats panel(int panel, int row, int count, float[] scratch) {
            int8.widen(values, (panel * rows + row) * PANEL, scales, panel * PANEL, PANEL, scratch, 0, count);
            return new Floats(scratch, 0);
        }
    }
}
