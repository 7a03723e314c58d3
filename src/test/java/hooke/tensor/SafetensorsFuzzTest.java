package hooke.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import hooke.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Broken files give one sentence or are read correctly, and never cost more memory than their own size warrants. */
class SafetensorsFuzzTest {
    private static final int ROUNDS = 4_000;

    @TempDir
    Path dir;

    /** Each header over 8 bytes of data. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}} | tensor 'a' takes 8 bytes as F32 [2], but its data_offsets [0, 4] span 4
            {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | 4 bytes behind the last tensor belong to none
            {"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}} | tensor 'a' ends at byte 12 of the data, and the file has only 8: it is cut
            {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | tensor 'a' begins at byte 4 of the data where 0 was due
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}} | tensor 'a' ends (0) before it begins (8)
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | tensor 'b' begins at byte 0 of the data where 8 was due
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | Duplicate
            {"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}} | tensor 'a' has the unknown dtype 'F33'
            {"a":{"dtype":4,"shape":[2],"data_offsets":[0,8]}} | tensor 'a' dtype must be a string
            {"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}} | tensor 'a' shape must hold whole numbers
            {"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}} | tensor 'a' shape must hold whole numbers
            {"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,8]}} | tensor 'a' shape must hold whole numbers
            {"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}} | of more elements than there can be
            {"a":{"dtype":"F64","shape":[2305843009213693953],"data_offsets":[0,8]}} | of more elements than there can be
            {"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}} | tensor 'a' shape must be a list
            {"a":{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}} | tensor 'a' shape must hold whole numbers
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}} | must have dtype, shape and two data_offsets
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}} | tensor 'a' data_offsets must hold at most 2 numbers
            {"a":{"dtype":"F32","shape":[2]}} | must have dtype, shape and two data_offsets
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"scale":2}} | tensor 'a' has an unknown key 'scale'
            {"a":[]} | tensor 'a' must be an object
            {"__metadata__":{"a":1}} | __metadata__.a must be a string
            {"__metadata__":[]} | __metadata__ must be an object
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}{} | goes on behind the closing }
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8] | broken header
            {} | 8 bytes behind the last tensor belong to none
            [] | does not begin with {
            """)
    void eachFaultIsNamed(String header, String sentence) throws IOException {
        Path file = file(header.getBytes(StandardCharsets.UTF_8), 8);
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> Safetensors.open(file, arena))
                    .isInstanceOf(InputException.class)
                    .hasMessageStartingWith(file.toString())
                    .hasMessageContaining(sentence)
                    .satisfies(e -> assertThat(e.toString()).doesNotContainPattern("\\R"));
        }
    }

    @Test
    void namesFromAHostileFileStayOneShortSentence() throws IOException {
        String name = "x\\n\\u001b[2J" + "y".repeat(100_000);
        Path file = file(("{\"" + name + "\":{\"dtype\":\"F33\"}}").getBytes(StandardCharsets.UTF_8), 0);
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> Safetensors.open(file, arena))
                    .satisfies(
                            e -> assertThat(e.toString()).hasSizeLessThan(600).doesNotContainPattern("\\p{Cntrl}"));
        }
    }

    @Test
    void nestingHugeNumbersAndOtherEncodingsAreRefused() throws IOException {
        for (String header : List.of(
                "{\"a\":" + "[".repeat(50_000),
                "{\"a\":" + "{\"a\":".repeat(50_000),
                "{\"a\":{\"shape\":[" + "9".repeat(50_000) + "]}}",
                "{\"a\":{\"shape\":[" + "1,".repeat(50_000) + "1]}}",
                "{\"a\":{\"shape\":[1e400]}}",
                "\ufeff{}")) {
            refused(file(header.getBytes(StandardCharsets.UTF_8), 0));
        }
        refused(file("{}".getBytes(StandardCharsets.UTF_16LE), 0));
        refused(file(new byte[] {'{', '"', (byte) 0xC0, (byte) 0x80, '"', '}'}, 0));
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] whole = sample();
        for (int n = 0; n < whole.length; n++) {
            refused(Files.write(dir.resolve("cut"), Arrays.copyOf(whole, n)));
        }
        refused(Files.write(dir.resolve("long"), Arrays.copyOf(whole, whole.length + 1)));
    }

    @Test
    void everyDeclaredHeaderLengthButTheTrueOneIsRefusedWithoutMemory() throws IOException {
        byte[] whole = sample();
        long truth = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
        for (long length : new long[] {
            0,
            1,
            truth - 1,
            truth + 8,
            whole.length,
            99_999_999,
            100_000_000,
            100_000_001,
            1L << 40,
            Long.MAX_VALUE,
            -1,
            Long.MIN_VALUE
        }) {
            byte[] wrong = whole.clone();
            ByteBuffer.wrap(wrong).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
            refused(Files.write(dir.resolve("length"), wrong));
        }
    }

    @Test
    void mutatedFilesGiveASentenceOrAreReadWhole() throws IOException {
        byte[] whole = sample();
        int headerEnd =
                8 + (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
        int read = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var random = new Random(round);
            byte[] bytes = mutate(whole, headerEnd, random);
            if (outcome(Files.write(dir.resolve("fuzz"), bytes), round)) {
                read++;
            }
        }
        // Changed names, blanks and data are no damage that a header could tell; most mutations must be.
        assertThat(read).isBetween(1, ROUNDS / 2);
    }

    private static byte[] mutate(byte[] whole, int headerEnd, Random random) {
        byte[] bytes = whole.clone();
        int edits = 1 + random.nextInt(3);
        for (int i = 0; i < edits; i++) {
            int at = random.nextInt(headerEnd);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes[at] = (byte) "0123456789-.eE\"{}[],:".charAt(random.nextInt(21));
                case 3 -> {
                    // One stretch of the header over another: duplicates, swapped offsets and dtypes.
                    int length = Math.min(1 + random.nextInt(40), headerEnd - at);
                    int from = random.nextInt(headerEnd - length + 1);
                    System.arraycopy(whole, from, bytes, at, length);
                }
                case 4 -> bytes[random.nextInt(8)] = (byte) random.nextInt(256);
                default -> bytes = Arrays.copyOf(bytes, Math.max(headerEnd, random.nextInt(bytes.length + 20)));
            }
        }
        return bytes;
    }

    private void refused(Path file) {
        assertThat(outcome(file, -1)).as("%s was read", file).isFalse();
    }

    /** Whether the file was read; every byte of every tensor is touched then. Anything but an InputException fails the test. */
    private static boolean outcome(Path file, int round) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try (Arena arena = Arena.ofConfined()) {
            Safetensors read = Safetensors.open(file, arena);
            read.tensors()
                    .forEach((name, t) -> assertThat(t.data().toArray(ValueLayout.JAVA_BYTE))
                            .as("%s in round %s", name, round)
                            .hasSize((int) t.size() * t.dtype().bytes()));
            return true;
        } catch (InputException e) {
            assertThat(e.toString()).as("round %s", round).doesNotContainPattern("\\R");
            return false;
        } finally {
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated)
                    .as("round %s", round)
                    .isLessThan(2_000_000 + 50 * file.toFile().length());
        }
    }

    private byte[] sample() throws IOException {
        SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
        tensors.put("embed.W_E", SafetensorsTest.floats(1, 2, 3, 4));
        tensors.put("none", SafetensorsTest.floats());
        tensors.put("unembed.W_U", SafetensorsTest.floats(5, 6));
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        metadata.put("step", "900");
        Path file = dir.resolve("sample.safetensors");
        Safetensors.write(file, tensors, metadata);
        return Files.readAllBytes(file);
    }

    private Path file(byte[] header, int dataBytes) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        return Files.write(
                dir.resolve("case"), bytes.putLong(header.length).put(header).array());
    }
}
