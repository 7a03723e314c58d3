package hooke.model;

import hooke.config.ModelConfig;
import hooke.config.Positions;
import hooke.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns pairs of numbers of queries and keys by an angle that grows with their position, {@code position * base^(-2 i / dims)} for pair i,
 * so that scores depend on the distance (Su et al. 2021, arXiv 2104.09864).
 *
 * @param cos of each position and pair, [n_ctx, dims / 2]
 * @param sin of each position and pair, [n_ctx, dims / 2]
 */
record Rotary(Tensor cos, Tensor sin, Positions.Rotary config, int heads, int dHead) {
    /** Null where positions are told apart in another way. In the innermost scope, as the weights are. */
    static @Nullable Rotary of(ModelConfig model, Tensor like) {
        return switch (model.positions()) {
            case Positions.Learned() -> null;
            case Positions.Rotary rotary -> {
                int half = rotary.dims() / 2;
                double[] cos = new double[model.nCtx() * half];
                double[] sin = new double[cos.length];
                for (int i = 0; i < cos.length; i++) {
                    int position = i / half;
                    double angle = position * Math.pow(rotary.base(), -2.0 * (i % half) / rotary.dims());
                    cos[i] = Math.cos(angle);
                    sin[i] = Math.sin(angle);
                }
                yield new Rotary(table(cos, half, like), table(sin, half, like), rotary, model.nHeads(), model.dHead());
            }
        };
    }

    private static Tensor table(double[] values, int half, Tensor like) {
        return Tensor.of(values, values.length / half, half).to(like.dtype()).to(like.device());
    }

    /**
     * Queries or keys, turned.
     *
     * @param x the heads side by side, [.., pos, head * d_head]
     * @param positions I64, of each row, [pos]
     */
    Tensor turn(Tensor x, Tensor positions) {
        int dims = config.dims();
        Tensor byHead = LastAxis.split(x, heads, dHead); // [.., pos, head, d_head]
        Tensor cosines = cos.rows(positions).unsqueeze(1); // [pos, 1, pair]
        Tensor sines = sin.rows(positions).unsqueeze(1);
        Tensor part = byHead.narrow(-1, 0, dims);
        Tensor turned = switch (config.pairs()) {
            case INTERLEAVED -> {
                Tensor pairs = LastAxis.split(part, dims / 2, 2); // [.., pos, head, pair, 2]
                Tensor a = pairs.select(-1, 0);
                Tensor b = pairs.select(-1, 1);
                yield Tensor.stack(-1, turn(a, b, cosines, sines)).reshape(part.shape());
            }
            case HALVES -> {
                Tensor a = part.narrow(-1, 0, dims / 2);
                Tensor b = part.narrow(-1, dims / 2, dims / 2);
                yield Tensor.cat(-1, turn(a, b, cosines, sines));
            }
        };
        Tensor whole =
                dims == dHead ? turned : Tensor.cat(-1, List.of(turned, byHead.narrow(-1, dims, (long) dHead - dims)));
        return whole.reshape(x.shape());
    }

    private static List<Tensor> turn(Tensor a, Tensor b, Tensor cos, Tensor sin) {
        return List.of(a.times(cos).minus(b.times(sin)), b.times(cos).plus(a.times(sin)));
    }
}
