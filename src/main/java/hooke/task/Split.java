package hooke.task;

import hooke.InputException;
import hooke.config.Experiment;
import hooke.tensor.DType;
import hooke.tensor.RawTensor;
import hooke.tensor.Rng;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Which examples are trained on, and which are only tested: numbers of examples, in the order that the random stream gave. */
public record Split(int[] train, int[] test) {
    /** What a run keeps its split under where no seed draws it. */
    public static final String KEPT = "split";

    /** All examples shuffled; the first are for training. PyTorch's {@code randperm(size)}, cut at {@code trainSize}. */
    public static Split of(int size, int trainSize, Rng rng) {
        int[] order = rng.permutation(size);
        return new Split(Arrays.copyOf(order, trainSize), Arrays.copyOfRange(order, trainSize, size));
    }

    /** These examples for training, ascending; all others of so many are the test set. */
    static Split of(int size, int[] train) {
        int[] test = IntStream.range(0, size)
                .filter(i -> Arrays.binarySearch(train, i) < 0)
                .toArray();
        return new Split(train, test);
    }

    /** The split that an experiment trains with: the first draws of its stream {@code split}. */
    public static Split of(Experiment experiment) {
        return of(experiment, Task.of(experiment.task()));
    }

    /** The split that an experiment trains with, for its task, which is at hand. */
    public static Split of(Experiment experiment, Task task) {
        try (var streams = new Streams(experiment)) {
            return task.split(experiment, streams);
        }
    }

    /** As {@link #tensors} wrote it. */
    public static Split of(Map<String, RawTensor> tensors) {
        return new Split(numbers(tensors.get("train")), numbers(tensors.get("test")));
    }

    private static int[] numbers(@Nullable RawTensor tensor) {
        if (tensor == null) {
            throw new InputException("a stored split holds the tensors train and test");
        }
        long[] numbers = tensor.data().toArray(ValueLayout.JAVA_LONG_UNALIGNED);
        return Arrays.stream(numbers).mapToInt(Math::toIntExact).toArray();
    }

    /** For a run whose split no seed draws: 64-bit integers, {@code train} and {@code test}. */
    public SequencedMap<String, RawTensor> tensors() {
        SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
        tensors.put("train", tensor(train));
        tensors.put("test", tensor(test));
        return tensors;
    }

    private static RawTensor tensor(int[] numbers) {
        long[] longs = Arrays.stream(numbers).asLongStream().toArray();
        return new RawTensor(DType.I64, List.of((long) longs.length), MemorySegment.ofArray(longs));
    }
}
