package hooke.interop.pickle;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.InputException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damaged files give one sentence or are read, whole and to the end; nothing else is thrown and nothing hangs. Rounds for a long form:
 * {@code -Dhooke.fuzz=1000000}.
 */
class PthFuzzTest {
    private static final int ROUNDS = Integer.getInteger("hooke.fuzz", 2_000);

    private static byte[] good(String name) throws IOException {
        return Files.readAllBytes(Path.of("golden/pth/good/" + name));
    }

    /** Reads the bytes and looks at all that came of them; true if they were read. */
    private static boolean isRead(byte[] bytes) {
        try {
            visit(Pth.read("fuzzed.pth", MemorySegment.ofArray(bytes).asReadOnly()));
            return true;
        } catch (InputException e) {
            String sentence = String.valueOf(e.getMessage());
            assertThat(sentence).startsWith("fuzzed.pth").doesNotContainPattern("\\R");
            assertThat(sentence.length()).isLessThan(600);
            return false;
        }
    }

    private static void visit(Value value) {
        switch (value) {
            case Value.Items items -> items.values().forEach(PthFuzzTest::visit);
            case Value.Tuple(List<Value> values) -> values.forEach(PthFuzzTest::visit);
            case Value.Dict dict -> dict.entries().values().forEach(PthFuzzTest::visit);
            case Value.Obj(String _, Value.Dict fields) -> visit(fields);
            case Value.Tensor tensor -> assertThat(tensor.raw().size()).isEqualTo(Strides.count(tensor.shape()));
            case Value.Int(BigInteger number) -> assertThat(number.bitLength()).isLessThan(1100);
            case Value.None _,
                    Value.Bool _,
                    Value.Real _,
                    Value.Text _,
                    Value.Bytes _,
                    Value.Storage _,
                    Value.Named _,
                    Value.Unread _ -> assertThat(value.kind()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"handmade.pth", "dtypes.legacy.pth", "numpy_scalars.pth"})
    void everyBeginningOfAFileIsRefused(String name) throws IOException {
        byte[] whole = good(name);
        assertThat(isRead(whole)).isTrue();
        for (int length = 0; length < whole.length; length++) {
            assertThat(isRead(Arrays.copyOf(whole, length)))
                    .as("%s bytes", length)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "handmade.pth",
                "containers.pth",
                "views.pth",
                "views.legacy.pth",
                "optimizer.pth",
                "mod_mult_mini.legacy.pth",
                "state_dict.protocol4.pth"
            })
    void aDamagedFileIsRefusedOrRead(String name) throws IOException {
        byte[] whole = good(name);
        var random = new Random(7);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = whole.clone();
            mutate(bytes, 0, bytes.length, random);
            refused += isRead(bytes) ? 0 : 1;
        }
        assertThat(refused).isBetween(1, ROUNDS);
    }

    /** With the checksum made right again: what a checksum would have caught, the machine must stand by itself. */
    @ParameterizedTest
    @ValueSource(strings = {"handmade.pth", "containers.pth", "views.pth", "optimizer.pth", "numpy_scalars.pth"})
    void aPickleWithWrongBytesAndARightChecksumIsRefusedOrRead(String name) throws IOException {
        byte[] whole = good(name);
        int begin = pickle(whole);
        int central = central(whole);
        int end = begin + i4(whole, central + 24);
        var crc = new CRC32();
        var random = new Random(8);
        int read = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = whole.clone();
            mutate(bytes, begin, end, random);
            crc.reset();
            crc.update(bytes, begin, end - begin);
            put(bytes, central + 16, (int) crc.getValue());
            read += isRead(bytes) ? 1 : 0;
        }
        assertThat(read).as("some mutations do no harm").isBetween(1, ROUNDS - 1);
    }

    /** Opcodes in any order, mostly those that make and name things. */
    @Test
    void opcodesAtRandomEndInASentence() {
        var random = new Random(9);
        byte[] likely = "(((]}]}aesuutt)))RQbq0q1h0h1NKKJXcO\u0080\u0081\u0085\u0086\u0087\u0088\u0094\u0095..."
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        for (int round = 0; round < 20 * ROUNDS; round++) {
            byte[] bytes = new byte[1 + random.nextInt(60)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = random.nextInt(8) == 0 ? (byte) random.nextInt(256) : likely[random.nextInt(likely.length)];
            }
            bytes[bytes.length - 1] = '.';
            try {
                Value value = PickleMachine.load(
                        new PickleInput("fuzzed.pth", MemorySegment.ofArray(bytes)),
                        new Storages(),
                        new Budget("fuzzed.pth"));
                Unfolded.check("fuzzed.pth", value);
            } catch (InputException e) {
                assertThat(e.getMessage()).startsWith("fuzzed.pth");
            }
        }
    }

    /** Four million empty dicts would take half a gigabyte. */
    @Test
    void aPickleThatAsksForTooMuchIsRefusedBeforeItIsThere() {
        byte[] bytes = new byte[4 << 20];
        Arrays.fill(bytes, (byte) '}');
        bytes[0] = (byte) 0x80;
        bytes[1] = 2;
        assertThat(isRead(bytes)).isFalse();
    }

    private static void mutate(byte[] bytes, int from, int to, Random random) {
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = from + random.nextInt(to - from);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes[at] = (byte) 0xFF;
                default -> {
                    int other = from + random.nextInt(to - from);
                    int length = Math.min(random.nextInt(12), to - Math.max(at, other));
                    System.arraycopy(bytes, other, bytes, at, length);
                }
            }
        }
    }

    /** Where the first record's bytes begin, which are the pickle's. */
    private static int pickle(byte[] zip) {
        return 30 + (i4(zip, 26) & 0xFFFF) + (i4(zip, 28) & 0xFFFF);
    }

    private static int central(byte[] zip) {
        int at = zip.length - 4;
        while (i4(zip, at) != 0x02014b50 || i4(zip, at + 42) != 0) {
            at--;
        }
        return at;
    }

    private static int i4(byte[] bytes, int at) {
        return java.nio.ByteBuffer.wrap(bytes)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .getInt(at);
    }

    private static void put(byte[] bytes, int at, int value) {
        java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    }
}
