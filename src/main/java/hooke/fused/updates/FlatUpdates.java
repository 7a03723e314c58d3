package hooke.fused.updates;

import hooke.config.GradientFilter;
import hooke.config.OptimizerConfig;
import hooke.config.Parameter;
import hooke.config.TrainConfig;
import hooke.fused.kernels.Kernel;
import hooke.fused.kernels.SquareSum;
import hooke.tensor.RawTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;

/**
 * The updates of a model whose weights lie in one array: gradients are clipped by their norm, filtered, and the weights changed by them,
 * stretch by stretch. The bytes are the same for any number of threads.
 */
public final class FlatUpdates {
    /** Numbers of one task: few enough for all threads to have some. */
    private static final int MOST = 1 << 16;

    private final Recipe recipe;
    private final Storage storage;
    private final FlatRule rule;
    private final FlatGrokfast filter;
    private final SquareSum squares;
    private final List<Piece> all;
    private final List<Piece> neighbours;
    private final List<Matrix> matrices;
    private final float[][] memory;
    private final float[][] filtered;

    /** What is done to gradients, in this order. */
    public record Recipe(double clipNorm, GradientFilter filter, OptimizerConfig optimizer) {
        public static Recipe of(TrainConfig train) {
            return new Recipe(train.clipNorm(), train.gradientFilter(), train.optimizer());
        }
    }

    /** Where a model keeps its weights, and who helps with them. */
    public interface Storage {
        float[] values();

        float[] gradients();

        /** All that trains. */
        List<Stretch> trained();

        /** Something that every trained weight has one of, as one flat tensor in the order of the weights. */
        RawTensor flat(float[] ofEach);

        /** Reads what {@link #flat} has made. */
        void readFlat(RawTensor flat, float[] ofEach);

        /** Does tasks 0 to count - 1, and returns when all are done. */
        void run(int count, IntConsumer task);

        /** To be called when the values have changed. */
        void changed();
    }

    /**
     * Numbers of a weight that trains, from one place to before another; what lies between them is zero and stays so.
     *
     * @param places where each of its numbers lies, in TransformerLens' order
     */
    public record Stretch(Parameter parameter, int from, int to, IntUnaryOperator places) {}

    /** Numbers that one task changes. */
    private record Piece(int from, int to, boolean decays) {}

    private record Matrix(FlatMuon muon, boolean decays) {}

    public FlatUpdates(Recipe recipe, Storage storage, Kernel kernel) {
        this.recipe = recipe;
        this.storage = storage;
        this.rule = FlatRule.of(recipe.optimizer(), kernel.kernels());
        this.filter = FlatGrokfast.of(recipe.filter());
        this.squares = SquareSum.of(kernel);
        List<Stretch> trained = storage.trained().stream()
                .sorted(Comparator.comparingInt(Stretch::from))
                .toList();
        this.all = pieces(trained);
        List<Stretch> whole = new ArrayList<>();
        this.matrices = new ArrayList<>();
        switch (recipe.optimizer()) {
            case OptimizerConfig.Muon muon ->
                trained.stream().filter(s -> s.parameter().isHiddenMatrix()).forEach(stretch -> {
                    whole.add(stretch);
                    matrices.add(new Matrix(
                            new FlatMuon(muon, stretch.parameter(), stretch.places(), kernel), decays(stretch)));
                });
            case OptimizerConfig.AdamW _,
                    OptimizerConfig.Adam _,
                    OptimizerConfig.Sgd _,
                    OptimizerConfig.Adagrad _,
                    OptimizerConfig.Rmsprop _,
                    OptimizerConfig.Lion _ -> {}
        }
        this.neighbours =
                pieces(trained.stream().filter(s -> !whole.contains(s)).toList());
        this.memory = memory(rule.remembers(), rule.initially());
        this.filtered = memory(filter.remembers(), 0);
    }

    private boolean decays(Stretch stretch) {
        return recipe.optimizer().decay().includes(stretch.parameter());
    }

    /** Neighbours that are treated alike together, and none longer than a task should be. */
    private List<Piece> pieces(List<Stretch> stretches) {
        List<Piece> joined = new ArrayList<>();
        for (Stretch next : stretches) {
            boolean follows = !joined.isEmpty()
                    && joined.getLast().to() == next.from()
                    && joined.getLast().decays() == decays(next);
            int from = follows ? joined.removeLast().from() : next.from();
            joined.add(new Piece(from, next.to(), decays(next)));
        }
        List<Piece> cut = new ArrayList<>();
        for (Piece piece : joined) {
            for (int from = piece.from(); from < piece.to(); from += MOST) {
                cut.add(new Piece(from, Math.min(from + MOST, piece.to()), piece.decays()));
            }
        }
        return cut;
    }

    private float[][] memory(List<String> names, float initially) {
        float[][] arrays = new float[names.size()][storage.gradients().length];
        if (initially != 0) {
            Arrays.stream(arrays).forEach(array -> Arrays.fill(array, initially));
        }
        return arrays;
    }

    /** The norm of the gradient of all that trains. */
    public double norm() {
        double[] sums = new double[all.size()];
        storage.run(sums.length, number -> {
            Piece piece = all.get(number);
            sums[number] = squares.of(storage.gradients(), piece.from(), piece.to());
        });
        return Math.sqrt(Arrays.stream(sums).sum());
    }

    /** Multiplies the gradients so that their norm is at most c; the norm before. */
    public double clip(double c) {
        double norm = norm();
        float share = (float) SquareSum.factor(norm, c);
        if (share < 1) {
            float[] gradients = storage.gradients();
            storage.run(all.size(), number -> {
                Piece piece = all.get(number);
                for (int i = piece.from(); i < piece.to(); i++) {
                    gradients[i] *= share;
                }
            });
        }
        return norm;
    }

    /**
     * Changes the weights by the gradients, which are clipped and filtered in place.
     *
     * @param done updates before
     * @param factor of the learning rate
     */
    public void update(long done, double factor) {
        if (recipe.clipNorm() > 0) {
            clip(recipe.clipNorm());
        }
        float[] w = storage.values();
        float[] g = storage.gradients();
        if (filtered.length > 0) {
            storage.run(all.size(), number -> {
                Piece piece = all.get(number);
                filter.apply(done + 1, g, filtered, piece.from(), piece.to());
            });
        }
        FlatRule.Change decaying = rule.at(done + 1, factor, true);
        FlatRule.Change other = rule.at(done + 1, factor, false);
        // Matrices first: they are the longer tasks.
        storage.run(matrices.size() + neighbours.size(), number -> {
            if (number < matrices.size()) {
                Matrix matrix = matrices.get(number);
                matrix.muon().apply(factor, matrix.decays(), w, g, memory[0]);
            } else {
                Piece piece = neighbours.get(number - matrices.size());
                (piece.decays() ? decaying : other).apply(w, g, memory, piece.from(), piece.to());
            }
        });
        storage.changed();
    }

    /** What optimizer and filter remember, by name, flat, in the order of the weights that train. */
    public SequencedMap<String, RawTensor> state() {
        SequencedMap<String, RawTensor> state = new LinkedHashMap<>();
        arrays().forEach((name, array) -> state.put(name, storage.flat(array)));
        return state;
    }

    /** Takes such a state back. */
    public void restore(Map<String, RawTensor> state) {
        arrays().forEach((name, array) -> storage.readFlat(Objects.requireNonNull(state.get(name), name), array));
    }

    private SequencedMap<String, float[]> arrays() {
        SequencedMap<String, float[]> arrays = new LinkedHashMap<>();
        for (int i = 0; i < memory.length; i++) {
            arrays.put(rule.remembers().get(i), memory[i]);
        }
        for (int i = 0; i < filtered.length; i++) {
            arrays.put(filter.remembers().get(i), filtered[i]);
        }
        return arrays;
    }
}
