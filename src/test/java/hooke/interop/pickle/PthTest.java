package hooke.interop.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.JavaProcess;
import hooke.interop.names.Located;
import hooke.tensor.DType;
import hooke.tensor.RawTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code verify} compares of the golden set is tested with it; here is what the files do to a process, and what Hooke writes. */
class PthTest {
    @TempDir
    Path folder;

    @Test
    void hostileFilesAreRefusedInLittleMemoryAndLeaveNothingBehind() throws Exception {
        Path hostile = Path.of("golden/pth/hostile");
        List<Path> files = list(hostile);
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx256m",
                        "-cp",
                        JavaProcess.classPath(),
                        Sentences.class.getName(),
                        hostile.toAbsolutePath().toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();

        assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
        assertThat(lines).hasSameSizeAs(files);
        for (int i = 0; i < files.size(); i++) {
            assertThat(lines.get(i)).startsWith(files.get(i).toAbsolutePath().toString());
        }
        assertThat(lines.stream().filter(l -> l.contains(" read as ")))
                .as("the one that is harmless")
                .singleElement()
                .asString()
                .contains("huge.memo_index.pth read as None");
        assertThat(lines).anyMatch(l -> l.contains("posix.system is not on the list"));
        assertThat(lines).anyMatch(l -> l.contains("git-lfs"));
        assertThat(lines).anyMatch(l -> l.contains("TorchScript"));
        assertThat(list(folder)).isEmpty();
        assertThat(list(hostile)).isEqualTo(files);
        assertThat(Path.of("/tmp/HOOKE_ESCAPED")).doesNotExist();
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        Value.Dict value = Value.Dict.empty(false)
                .put("none", new Value.None())
                .put("truth", new Value.Tuple(List.of(new Value.Bool(true), new Value.Bool(false))))
                .put(
                        "numbers",
                        Value.Items.of(Stream.of("0", "-1", "255", "2147483647", "-2147483649", "9" + "0".repeat(30))
                                .map(n -> new Value.Int(new BigInteger(n)))
                                .toList()))
                .put(
                        "reals",
                        Value.Items.of(Stream.of(0.1, -0.0, Double.POSITIVE_INFINITY, Double.MIN_VALUE)
                                .map(Value.Real::new)
                                .toList()))
                .put("text", new Value.Text("mod \u00d7 \u65e5\ud83d\ude00"))
                .put("dtype", new Value.Named("torch.float32"))
                .put(Value.Int.of(5), Value.Items.empty())
                .put("ordered", Value.Dict.empty(true).put("z", Value.Int.of(1)).put("a", Value.Int.of(2)));

        assertThat(roundTrip(value)).isEqualTo(value);
    }

    @Test
    void manyKeysOutgrowTheShortMemo() {
        Value.Dict value = Value.Dict.empty(true);
        for (int i = 0; i < 1_000; i++) {
            value.put("key " + i % 700, new Value.Text("key " + i));
        }

        assertThat(roundTrip(value)).isEqualTo(value);
    }

    private Value roundTrip(Value value) {
        Path file = folder.resolve("value.pth");
        Pth.write(file, value);
        try (Arena arena = Arena.ofConfined()) {
            return Pth.read(file, arena);
        }
    }

    @Test
    void tensorsOfEveryTypeKeepTheirBits() throws IOException {
        Path file = folder.resolve("tensors.pth");
        Value.Dict value = Value.Dict.empty(true);
        for (DType dtype : DType.values()) {
            byte[] bytes = new byte[6 * dtype.bytes()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (dtype == DType.BOOL ? i % 2 : 37 * i + 11);
            }
            value.put(
                    dtype.name(), Value.Tensor.of(new RawTensor(dtype, List.of(2L, 3L), MemorySegment.ofArray(bytes))));
        }
        value.put(
                "scalar", Value.Tensor.of(new RawTensor(DType.F32, List.of(), MemorySegment.ofArray(new float[] {7}))));
        value.put(
                "empty",
                Value.Tensor.of(new RawTensor(DType.I64, List.of(3L, 0L), MemorySegment.ofArray(new long[0]))));
        Pth.write(file, value);
        byte[] first = Files.readAllBytes(file);
        Pth.write(file, value);
        assertThat(Files.readAllBytes(file)).as("the same bytes").isEqualTo(first);
        assertThat(list(folder)).containsExactly(file);

        try (Arena arena = Arena.ofConfined()) {
            var read = new Located("file", Pth.read(file, arena)).tensors();
            assertThat(read.sequencedKeySet())
                    .containsExactlyElementsOf(new Located("", value).tensors().keySet());
            read.forEach((name, tensor) -> {
                RawTensor wrote = new Located("", value).get(name).tensor().raw();
                RawTensor raw = tensor.raw();
                assertThat(raw.dtype()).isEqualTo(wrote.dtype());
                assertThat(raw.shape()).isEqualTo(wrote.shape());
                assertThat(raw.data().mismatch(wrote.data())).as(name).isEqualTo(-1);
            });
        }
    }

    @Test
    void aViewIsGatheredRowByRow() {
        Value.Tensor whole = Value.Tensor.of(
                new RawTensor(DType.F32, List.of(2L, 3L), MemorySegment.ofArray(new float[] {1, 2, 3, 4, 5, 6})));
        var transposed = new Value.Tensor(whole.storage(), 0, List.of(3L, 2L), List.of(1L, 3L));
        var column = new Value.Tensor(whole.storage(), 1, List.of(2L), List.of(3L));
        var expanded = new Value.Tensor(whole.storage(), 5, List.of(2L, 2L), List.of(0L, 0L));

        assertThat(floats(transposed)).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(floats(column)).containsExactly(2, 5);
        assertThat(floats(expanded)).containsExactly(6, 6, 6, 6);
        var bomb = new Value.Tensor(whole.storage(), 0, List.of(1L << 20, 1L << 20), List.of(0L, 0L));
        assertThatThrownBy(bomb::raw)
                .isInstanceOf(InputException.class)
                .hasMessageContaining("repeats a storage of 6 values");
    }

    private static float[] floats(Value.Tensor tensor) {
        return tensor.raw().data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    @Test
    void aSentenceAboutAValueSaysWhereItIs() {
        var located =
                new Located("f.pth", Value.Dict.empty(false).put("losses", Value.Items.of(List.of(new Value.None()))));

        assertThatThrownBy(() -> located.get("looses"))
                .hasMessageContaining("f.pth has no 'looses' (did you mean 'losses'?)");
        assertThatThrownBy(() -> located.get("losses").numbers())
                .isInstanceOf(InputException.class)
                .hasMessage("f.pth, losses, entry 0 must be a number, but is None");
        assertThatThrownBy(() -> located.get("losses").tensor())
                .hasMessageContaining("must be a tensor, but is a list");
        assertThatThrownBy(located::tensors).hasMessageContaining("not a state_dict: it holds a list besides tensors");
    }

    @Test
    void whatIsNoFileIsOneSentence() {
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> Pth.read(folder, arena))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("is a folder");
            assertThatThrownBy(() -> Pth.read(folder.resolve("none.pth"), arena))
                    .hasMessageContaining("does not exist");
            assertThatThrownBy(() -> Pth.write(folder.resolve("no/where.pth"), new Value.None()))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("cannot be written");
        }
    }
}
