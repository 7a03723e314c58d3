package hooke.fused.updates;

import hooke.config.OptimizerConfig;
import hooke.fused.kernels.Kernels;
import java.util.List;

/** How an optimizer changes neighbouring weights, the same for every number; in PyTorch's order of operations. */
interface FlatRule {
    /** Names of what it remembers of each weight, as in libtorch's state: {@code adamw.mean}. */
    List<String> remembers();

    /** What each of these numbers is at first. */
    default float initially() {
        return 0;
    }

    /**
     * What update number {@code step}, counted from 1, does.
     *
     * @param factor of the learning rate
     * @param decays whether the weights are decayed
     */
    Change at(long step, double factor, boolean decays);

    /** Changes the weights w from one place to before another by their gradients g, which it may change, too. */
    interface Change {
        /** @param memory what is remembered, by {@link #remembers} */
        void apply(float[] w, float[] g, float[][] memory, int from, int to);
    }

    /** Of all but Muon's matrices, which are no neighbouring numbers to it: see {@link FlatMuon}. */
    static FlatRule of(OptimizerConfig optimizer, Kernels kernels) {
        return switch (optimizer) {
            case OptimizerConfig.AdamW adamW -> FlatAdamW.of(adamW, kernels);
            case OptimizerConfig.Adam adam -> FlatAdamW.of(adam, kernels);
            case OptimizerConfig.Sgd sgd -> new FlatSgd(sgd);
            case OptimizerConfig.Adagrad adagrad -> new FlatAdagrad(adagrad);
            case OptimizerConfig.Rmsprop rmsprop -> new FlatRmsprop(rmsprop);
            case OptimizerConfig.Lion lion -> new FlatLion(lion);
            case OptimizerConfig.Muon muon -> FlatAdamW.of(muon.rest(), kernels).named("muon.mean", "muon.square");
        };
    }

    /** Rounded to a multiple of 2^-100, so that nothing that is remembered or trained becomes subnormal. */
    static float flushed(float x) {
        return (x + 0x1p-77f) - 0x1p-77f;
    }

    /** A square, rounded to a multiple of 2^-122, so that it does not become subnormal. */
    static float flushedSquare(float x) {
        return (x + 0x1p-99f) - 0x1p-99f;
    }
}
