package hooke.fused.kernels;

import static hooke.fused.kernels.Lanes.F;
import static hooke.fused.kernels.Lanes.L;

import hooke.tensor.Dropout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Takes numbers of a row away and scales the rest, as {@link Dropout} draws them. */
public interface DropRows {
    /**
     * {@code x_j *= factor_j} for n numbers from a place on.
     *
     * @param columns of the row's numbers; those of x begin at {@code from}
     * @param row see {@link Dropout.OfBatch}
     */
    void drop(float[] x, int at, int[] columns, int from, int n, long row);

    /** In what a kernel is written. */
    static DropRows of(Dropout dropout, Kernel kernel) {
        return switch (kernel) {
            case VECTOR -> new Vectors(dropout, dropout.limit(), dropout.scale());
            case PLAIN -> new Plain(dropout, dropout.limit(), dropout.scale());
        };
    }

    /** One number after the other. */
    record Plain(Dropout dropout, int limit, float scale) implements DropRows {
        @Override
        public void drop(float[] x, int at, int[] columns, int from, int n, long row) {
            rest(x, at, columns, from, 0, n, row, limit, scale);
        }

        static void rest(
                float[] x, int at, int[] columns, int from, int done, int n, long row, int limit, float scale) {
            for (int j = done; j < n; j++) {
                int drawn = Dropout.hash((int) row, (int) (row >>> 32), columns[from + j]);
                x[at + j] *= drawn >>> 1 < limit ? 0 : scale;
            }
        }
    }

    /** So many at once. */
    record Vectors(Dropout dropout, int limit, float scale) implements DropRows {
        private static final VectorSpecies<Integer> I = F.withLanes(int.class).check(int.class);

        @Override
        public void drop(float[] x, int at, int[] columns, int from, int n, long row) {
            int low = (int) row;
            IntVector high = IntVector.broadcast(I, (int) (row >>> 32));
            int j = 0;
            for (; j + L <= n; j += L) {
                IntVector h = hash(IntVector.fromArray(I, columns, from + j).lanewise(VectorOperators.XOR, low), high);
                var gone = h.lanewise(VectorOperators.LSHR, 1).compare(VectorOperators.LT, limit);
                FloatVector factor = FloatVector.broadcast(F, scale).blend(0f, gone.cast(F));
                FloatVector.fromArray(F, x, at + j).mul(factor).intoArray(x, at + j);
            }
            Plain.rest(x, at, columns, from, j, n, row, limit, scale);
        }

        /** {@link Dropout#hash}, given the columns with the lower halves of their rows' numbers already in them. */
        static IntVector hash(IntVector columns, IntVector high) {
            IntVector h = mixed(columns, 16).mul(Dropout.A);
            h = mixed(h, 15).lanewise(VectorOperators.XOR, high);
            return mixed(mixed(h, 16).mul(Dropout.B), 15);
        }

        private static IntVector mixed(IntVector h, int by) {
            return h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, by));
        }
    }
}
