package hooke.lens;

import hooke.Amounts;
import hooke.Check;
import hooke.InputException;
import hooke.Reason;
import hooke.WholeFile;
import hooke.hook.HookPoint;
import hooke.tensor.DType;
import hooke.tensor.RawTensor;
import hooke.tensor.Safetensors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/**
 * Activations as a safetensors file: {@code tokens} [example, pos] (I64), {@code logits}, and a tensor in F32 for each hook point under
 * its TransformerLens name. Batches go to the disk as they come, so that memory stays bounded.
 */
public final class ActivationFile {
    private static final String LOGITS = "logits";

    private ActivationFile() {}

    /**
     * The points whose names fit a pattern, in which {@code *} stands for anything. Throws an {@link InputException} with the nearest
     * name where a pattern fits none.
     */
    public static List<HookPoint> points(OpenedModel opened, List<String> patterns) {
        List<HookPoint> all = Activations.points(opened.model().config());
        List<String> names = all.stream().map(HookPoint::toString).toList();
        List<HookPoint> chosen = new ArrayList<>();
        for (String pattern : patterns) {
            String regex = Arrays.stream(pattern.split("\\*", -1))
                    .map(Pattern::quote)
                    .reduce((a, b) -> a + ".*" + b)
                    .orElse("");
            List<HookPoint> fit =
                    all.stream().filter(p -> p.toString().matches(regex)).toList();
            Check.that(
                    !fit.isEmpty(),
                    "no hook point of this model fits '%s'%s",
                    pattern,
                    Check.didYouMean(pattern, names));
            fit.stream().filter(p -> !chosen.contains(p)).forEach(chosen::add);
        }
        return chosen;
    }

    /** Writes the file, over an old one; returns its size in bytes. */
    public static long write(Path file, OpenedModel opened, Examples examples, List<HookPoint> points) {
        Path scratch = WholeFile.beside(file);
        int length = examples.tokens()[0].length;
        try (Arena arena = Arena.ofConfined()) {
            SequencedMap<String, RawTensor> tensors = layout(opened, examples, points, arena, scratch);
            Activations.within(opened.model(), length, points::contains, Activations.BYTES)
                    .forEach(examples.tokens(), points::contains, part -> {
                        put(
                                tensors,
                                LOGITS,
                                part.logits().to(DType.F32).contiguous().segment(),
                                part.first());
                        part.cache()
                                .entries()
                                .forEach((point, tensor) -> put(
                                        tensors,
                                        point.toString(),
                                        tensor.to(DType.F32).contiguous().segment(),
                                        part.first()));
                    });
            Safetensors.write(file, tensors, new LinkedHashMap<>());
            return Files.size(file);
        } catch (IOException e) {
            throw new InputException(file + " cannot be written: " + Reason.of(e), e);
        } finally {
            delete(scratch);
        }
    }

    /** Room for every tensor, one after the other, in a file that is mapped. */
    private static SequencedMap<String, RawTensor> layout(
            OpenedModel opened, Examples examples, List<HookPoint> points, Arena arena, Path scratch)
            throws IOException {
        int length = examples.tokens()[0].length;
        var config = opened.model().config();
        SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(LOGITS, new long[] {examples.n(), length, config.dVocabOut()});
        points.forEach(p -> shapes.put(p.toString(), Activations.shape(config, p, examples.n(), length)));
        long bytes = shapes.values().stream()
                .mapToLong(shape -> 4 * Arrays.stream(shape).reduce(1, (a, b) -> a * b))
                .sum();
        long free =
                Files.getFileStore(scratch.toAbsolutePath().resolveSibling("")).getUsableSpace();
        Check.that(
                free >= 2 * bytes, // A mapped file that the disk has no room for is a fault of the process, and
                // no exception.
                "the activations of %s at %s have %s, and need twice as much on the disk while they are written, which has %s free: fewer --examples or --points need less",
                Amounts.of(examples.n(), "example", "examples"),
                Amounts.of(points.size(), "hook point", "hook points"),
                Amounts.bytes(bytes),
                Amounts.bytes(free));
        SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
        long[] tokens = Arrays.stream(examples.tokens())
                .flatMapToInt(Arrays::stream)
                .asLongStream()
                .toArray();
        tensors.put(
                "tokens",
                new RawTensor(
                        DType.I64,
                        List.of((long) examples.n(), (long) length),
                        arena.allocateFrom(ValueLayout.JAVA_LONG, tokens)));
        try (FileChannel channel = FileChannel.open(
                scratch,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            MemorySegment room = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
            long at = 0;
            for (var entry : shapes.entrySet()) {
                long size = 4 * Arrays.stream(entry.getValue()).reduce(1, (a, b) -> a * b);
                List<Long> shape = Arrays.stream(entry.getValue()).boxed().toList();
                tensors.put(entry.getKey(), new RawTensor(DType.F32, shape, room.asSlice(at, size)));
                at += size;
            }
        }
        return tensors;
    }

    private static void put(SequencedMap<String, RawTensor> tensors, String name, MemorySegment batch, int first) {
        RawTensor whole = Objects.requireNonNull(tensors.get(name), name);
        long example = whole.data().byteSize() / whole.shape().getFirst();
        MemorySegment.copy(batch, 0, whole.data(), first * example, batch.byteSize());
    }

    private static void delete(Path scratch) {
        try {
            Files.deleteIfExists(scratch);
        } catch (IOException e) {
            throw new InputException(scratch + " cannot be removed: " + Reason.of(e), e);
        }
    }
}
