package hooke.fused.decode;

import hooke.fused.kernels.Bf16;
import hooke.fused.kernels.Int8;
import hooke.fused.kernels.Kernel;
import hooke.fused.kernels.Mat;
import hooke.fused.kernels.PanelProduct;

/**
 * A weight [rows, columns] in panels of {@link #PANEL} columns, each panel row after row, so that a product reads memory from front to
 * back. Columns are filled up with zeros.
 */
sealed interface PackedMatrix {
    /** Columns of a panel: those that a product takes at a time, so that a panel is read from front to back. */
    int PANEL = PanelProduct.PANEL;

    /** Rows of a panel that are multiplied at a time: with PANEL columns and some rows of the other factor they fit the first-level cache. */
    int CHUNK = 256;

    int SCRATCH = CHUNK * PANEL;

    int rows();

    int panels();

    /** Rows of a panel as floats, [count][PANEL]. */
    Floats panel(int panel, int row, int count, float[] scratch);

    /** Where floats lie. */
    record Floats(float[] values, int at) {}

    /**
     * {@code y = x W}, or {@code y += x W}, for m rows of x and panels [from, end).
     */
    default void times(SharedWork.Hand hand, Mat x, int m, Mat y, int from, int end, boolean add) {
        for (int panel = from; panel < end; panel++) {
            for (int row = 0; row < rows(); row += CHUNK) {
                int count = Math.min(CHUNK, rows() - row);
                Floats b = panel(panel, row, count, hand.scratch());
                int to = y.offset() + panel * PANEL;
                hand.product()
                        .rows(
                                m,
                                count,
                                x.array(),
                                x.offset() + row,
                                x.stride(),
                                b.values(),
                                b.at(),
                                y.array(),
                                to,
                                y.stride(),
                                add || row > 0);
            }
        }
    }

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
        public void times(SharedWork.Hand hand, Mat x, int m, Mat y, int from, int end, boolean add) {
            int panel = from;
            if (m == 1) { // All is waiting for memory.
                int apart = (end - from) / 4;
                for (; panel < from + apart; panel++) {
                    int at = panel * rows * PANEL;
                    int to = y.offset() + panel * PANEL;
                    hand.product()
                            .four(
                                    rows,
                                    x.array(),
                                    x.offset(),
                                    values,
                                    at,
                                    apart * rows * PANEL,
                                    y.array(),
                                    to,
                                    apart * PANEL,
                                    add);
                }
                panel = from + 4 * apart;
            }
            PackedMatrix.super.times(hand, x, m, y, panel, end, add);
        }

        @Override
        public Floats panel(int panel, int row, int count, float[] scratch) {
            return new Floats(values, (panel * rows + row) * PANEL);
        }
    }

    record OfBf16(int rows, int panels, short[] values, Bf16 bf16) implements PackedMatrix {
        @Override
        public Floats panel(int panel, int row, int count, float[] scratch) {
            bf16.widen(values, (panel * rows + row) * PANEL, scratch, 0, count * PANEL);
            return new Floats(scratch, 0);
        }
    }

    record OfBytes(int rows, int panels, byte[] values, float[] scales, Int8 int8) implements PackedMatrix {
        @Override
        public Floats panel(int panel, int row, int count, float[] scratch) {
            int8.widen(values, (panel * rows + row) * PANEL, scales, panel * PANEL, PANEL, scratch, 0, count);
            return new Floats(scratch, 0);
        }
    }
}
