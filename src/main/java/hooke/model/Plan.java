package hooke.model;

import hooke.config.Mask;
import hooke.config.ModelConfig;
import hooke.reach.Reach;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a forward pass computes: the positions of each layer that can matter to what is read ({@link Reach}), and how they are mixed.
 * Everything else is left out, exactly.
 *
 * <p>A plan lives in the scope that was innermost when it was made.
 */
public final class Plan {
    private final Device device;
    private final int[] read;
    private final Reach reach;
    private final List<Mixing.OfExamples> layers;

    /**
     * What one layer computes.
     *
     * @param mask what is open as 0, what is closed as minus infinity, [query, key], or [1, head, query, key] where the heads see different
     *     keys; null where all are open
     */
    record Layer(Reach.Layer reach, @Nullable Tensor mask, Tensor queryPositions, Tensor keyPositions) {
        static Layer of(Reach.Layer reach, Device device) {
            return new Layer(reach, closed(reach, device), at(reach.queries(), device), at(reach.keys(), device));
        }

        static Layer withoutMask(Reach.Layer reach, Device device) {
            return new Layer(reach, null, at(reach.queries(), device), at(reach.keys(), device));
        }

        /** The mask. */
        static @Nullable Tensor closed(Reach.Layer reach, Device device) {
            List<Mask.Plain> masks =
                    reach.different().size() == 1 ? reach.masks().subList(0, 1) : reach.masks();
            int queries = reach.queries().length;
            int keys = reach.keys().length;
            float[] closed = new float[masks.size() * queries * keys];
            boolean allOpen = true;
            for (int i = 0; i < closed.length; i++) {
                int query = reach.queries()[i / keys % queries];
                boolean isOpen = masks.get(i / keys / queries).open(query, reach.keys()[i % keys], reach.nCtx());
                closed[i] = isOpen ? 0 : Float.NEGATIVE_INFINITY;
                allOpen &= isOpen;
            }
            long[] shape = masks.size() == 1 ? new long[] {queries, keys} : new long[] {1, masks.size(), queries, keys};
            return allOpen ? null : Tensor.of(closed, shape).to(device);
        }

        private static Tensor at(int[] positions, Device device) {
            return index(device, Arrays.stream(positions).asLongStream().toArray());
        }

        int[] positions() {
            return reach.positions();
        }

        int[] queries() {
            return reach.queries();
        }

        int[] keys() {
            return reach.keys();
        }
    }

    private Plan(ModelConfig config, Device device, int[] read, Reach reach) {
        this.device = device;
        this.read = read;
        this.reach = reach;
        this.layers = reach.layers().stream()
                .map(layer -> Mixing.of(layer, config.attention(), device))
                .toList();
    }

    /** Every position of every layer of examples of this length: what hooks need, who may look anywhere. */
    public static Plan whole(ModelConfig config, Device device, int length) {
        return new Plan(config, device, IntStream.range(0, length).toArray(), Reach.whole(config, length));
    }

    /**
     * What reading these positions needs.
     *
     * @param read positions whose logits are read, ascending
     * @param length of the examples
     */
    public static Plan reading(ModelConfig config, Device device, int[] read, int length) {
        return new Plan(config, device, read, Reach.of(config, read, length));
    }

    /** The positions whose logits come out, ascending. */
    public int[] read() {
        return read.clone();
    }

    Reach reach() {
        return reach;
    }

    List<Mixing.OfExamples> layers() {
        return layers;
    }

    /** Examples, made ready for the forward pass; lives in the innermost scope. */
    public Input input(int[][] examples) {
        return input(examples, new int[examples.length][0]);
    }

    /**
     * Examples, made ready for the forward pass, with keys that none of an example's queries sees, in any layer.
     *
     * @param hidden positions of those keys, [batch][any number]
     */
    public Input input(int[][] examples, int[][] hidden) {
        int[] positions = reach.layers().getFirst().positions();
        long[] tokens = new long[examples.length * positions.length];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = examples[i / positions.length][positions[i % positions.length]];
        }
        Tensor at = Tensor.of(positions, positions.length).to(device);
        List<Mixing.OfExamples> mixings = Arrays.stream(hidden).allMatch(keys -> keys.length == 0)
                ? layers
                : layers.stream()
                        .map(layer -> layer.hiding(hidden(layer, hidden)))
                        .toList();
        return new Input(this, examples.length, index(device, tokens), at, mixings, null);
    }

    private Tensor hidden(Mixing.OfExamples layer, int[][] hidden) {
        int[] keys = layer.plan().keys();
        float[] closed = new float[hidden.length * keys.length];
        for (int i = 0; i < hidden.length; i++) {
            for (int position : hidden[i]) {
                int place = Arrays.binarySearch(keys, position);
                if (place >= 0) {
                    closed[i * keys.length + place] = Float.NEGATIVE_INFINITY;
                }
            }
        }
        return Tensor.of(closed, hidden.length, keys.length).to(device);
    }

    static Tensor index(Device device, long[] values) {
        return Tensor.of(DType.I64, MemorySegment.ofArray(values), values.length)
                .to(device);
    }
}
