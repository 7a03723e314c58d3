package hooke.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    @TempDir
    Path dir;

    @Test
    void everyGoldenFileIsReadAndWrittenBackByteForByte() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(Path.of("golden"))) {
            files = all.filter(f -> f.toString().endsWith(".safetensors")).toList();
        }
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            Path copy = dir.resolve("copy.safetensors");
            try (Arena arena = Arena.ofConfined()) {
                Safetensors original = Safetensors.open(file, arena);
                // The original's order, which the Python library chose: by dtype, then by name.
                Safetensors.write(copy, original.tensors(), original.metadata());
            }
            assertThat(Files.mismatch(file, copy)).as("%s", file).isEqualTo(-1);
        }
    }

    @Test
    void everyDtypeComesBackWithItsBytesShapeAndAlignment() {
        SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
        for (DType dtype : DType.values()) {
            byte[] bytes = new byte[6 * dtype.bytes()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (i * 31 + dtype.bytes());
            }
            tensors.put("t." + dtype, new RawTensor(dtype, List.of(2L, 3L), MemorySegment.ofArray(bytes)));
        }
        tensors.put("scalar", new RawTensor(DType.F64, List.of(), MemorySegment.ofArray(new double[] {Math.PI})));
        tensors.put("none", new RawTensor(DType.F32, List.of(0L, 7L), MemorySegment.ofArray(new float[0])));
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        metadata.put("note", "said \"so\"\n\u00e4 \ud83d\ude00");
        Path file = dir.resolve("all.safetensors");

        Safetensors.write(file, tensors, metadata);

        try (Arena arena = Arena.ofConfined()) {
            Safetensors read = Safetensors.open(file, arena);
            assertThat(read.metadata()).isEqualTo(metadata);
            assertThat(read.names()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
            tensors.forEach((name, expected) -> {
                RawTensor tensor = read.get(name);
                assertThat(tensor.dtype()).isEqualTo(expected.dtype());
                assertThat(tensor.shape()).isEqualTo(expected.shape());
                assertThat(tensor.data().mismatch(expected.data())).as(name).isEqualTo(-1);
                assertThat(tensor.data().address() % tensor.dtype().bytes())
                        .as(name)
                        .isZero();
            });
            assertThat(read.get("scalar").data().get(ValueLayout.JAVA_DOUBLE, 0))
                    .isEqualTo(Math.PI);
        }
    }

    @Test
    void tensorsOfOneWidthKeepTheOrderGiven() {
        SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
        for (String name : List.of("z", "a", "m")) {
            tensors.put(name, floats(1));
        }
        Path file = dir.resolve("order.safetensors");
        Safetensors.write(file, tensors, new LinkedHashMap<>());
        try (Arena arena = Arena.ofConfined()) {
            assertThat(Safetensors.open(file, arena).names()).containsExactly("z", "a", "m");
        }
    }

    @Test
    void whatIsReadCannotBeWrittenTo() {
        Path file = dir.resolve("one.safetensors");
        Safetensors.write(file, one("w", floats(1)), new LinkedHashMap<>());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = Safetensors.open(file, arena).get("w").data();
            assertThatThrownBy(() -> data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 0, 2f))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aMissingTensorIsAnsweredWithTheNearestName() {
        Path file = dir.resolve("one.safetensors");
        Safetensors.write(file, one("embed.W_E", floats(1)), new LinkedHashMap<>());
        try (Arena arena = Arena.ofConfined()) {
            Safetensors read = Safetensors.open(file, arena);
            assertThatThrownBy(() -> read.get("embed.W_e"))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("one.safetensors has no tensor 'embed.W_e' (did you mean 'embed.W_E'?)");
        }
    }

    @Test
    void filesThatAreNoneAreNamed() throws IOException {
        Files.write(dir.resolve("short"), new byte[5]);
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> Safetensors.open(dir, arena)).hasMessageContaining("is a folder");
            assertThatThrownBy(() -> Safetensors.open(dir.resolve("no"), arena)).hasMessageContaining("does not exist");
            assertThatThrownBy(() -> Safetensors.open(dir.resolve("short"), arena))
                    .hasMessageContaining("it has 5 bytes");
        }
    }

    @Test
    void aTensorHoldsAsManyBytesAsItsShapeSays() {
        assertThatThrownBy(() -> new RawTensor(DType.F32, List.of(2L), MemorySegment.ofArray(new float[3])))
                .hasMessage("a tensor of F32 [2] takes 8 bytes, not 12");
        assertThatThrownBy(() ->
                        Safetensors.write(dir.resolve("x"), one("__metadata__", floats(1)), new LinkedHashMap<>()))
                .isInstanceOf(InputException.class);
    }

    static RawTensor floats(float... values) {
        return new RawTensor(DType.F32, List.of((long) values.length), MemorySegment.ofArray(values));
    }

    static SequencedMap<String, RawTensor> one(String name, RawTensor tensor) {
        SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
        tensors.put(name, tensor);
        return tensors;
    }
}
