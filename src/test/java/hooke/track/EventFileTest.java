package hooke.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.cli.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An event file, record by record and field by field, read by a reader of its own with a checksum of its own. */
final class EventFileTest {
    @TempDir
    private static Path folder = Path.of("");

    private static TrackedStudy study = new TrackedStudy(Path.of(""));

    @BeforeAll
    static void train() throws IOException {
        study = TrackedStudy.train(folder);
    }

    /** Of a record with this content by the reference implementation: 12 bytes of head, and the masked checksum behind. */
    @Test
    void theFirstRecordIsKnownByteByByte() throws IOException {
        byte[] file = Files.readAllBytes(export().getFirst());
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);

        assertThat(bytes.getLong()).isEqualTo(24);
        assertThat(bytes.getInt()).isEqualTo(0x224b7fa3);
        byte[] message = new byte[24];
        bytes.get(message);
        assertThat(message[0]).isEqualTo((byte) 0x09); // field 1, 64 bits: wall_time
        assertThat(new String(message, 9, 15, StandardCharsets.UTF_8)).isEqualTo("\u001a\rbrain.Event:2");
        assertThat(bytes.getInt()).isEqualTo(masked(message));
    }

    /** The check value of CRC-32C (Castagnoli) in every catalogue of such sums. */
    @Test
    void theChecksumOfThisTestIsCastagnolis() {
        assertThat(crc32c("123456789".getBytes(StandardCharsets.UTF_8))).isEqualTo(0xe3069283);
    }

    @Test
    void everyPointIsThereWithItsStep() throws IOException {
        TreeMap<Long, Float> losses = new TreeMap<>();
        for (byte[] record : records(export().getFirst())) {
            Fields event = Fields.of(record);
            for (byte[] value : event.all(5).stream()
                    .flatMap(s -> Fields.of(s).all(1).stream())
                    .toList()) {
                Fields of = Fields.of(value);
                if (new String(of.all(1).getFirst(), StandardCharsets.UTF_8).equals("train_loss")) {
                    losses.put(event.whole(2), Float.intBitsToFloat((int) of.whole(2)));
                }
            }
        }
        List<String> lines = study.hooke("export", "tiny/0", "--series", "train_loss")
                .out()
                .lines()
                .skip(1)
                .toList();
        assertThat(losses).hasSameSizeAs(lines).hasSize(31);
        for (String line : lines) {
            String[] cells = line.split(",");
            assertThat((double) losses.get(Long.parseLong(cells[1])))
                    .isCloseTo(Double.parseDouble(cells[2]), within(1e-6));
        }
    }

    @Test
    void writingAgainGivesTheSameFileAndLeavesNothingElse() throws IOException {
        Path first = export().getFirst();
        byte[] before = Files.readAllBytes(first);

        assertThat(export()).containsExactly(first);
        assertThat(Files.readAllBytes(first)).isEqualTo(before);
        try (Stream<Path> all = Files.list(first.resolveSibling(""))) {
            assertThat(all).containsExactly(first);
        }
    }

    @Test
    void runsOfASweepLieTogether() {
        Session session = study.hooke(
                "export", "two", "--tensorboard", folder.resolve("sweep").toString());

        assertThat(session.out().lines())
                .hasSize(2)
                .allMatch(line ->
                        line.contains("sweep/two/narrow/1/events") || line.contains("sweep/two/narrow/2/events"));
    }

    @Test
    void oneSentenceSaysWhatIsWrong() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThat(study.hooke("export", "tiny", "--tensorboard", file.toString())
                        .err())
                .isEqualTo("hooke: --tensorboard (%s) cannot be made: something else is there\n".formatted(file));
        assertThat(study.hooke("export", "tiny", "--tensorboard", "x", "--json").err())
                .startsWith("hooke: a tracker gets whole runs");
        assertThat(study.hooke("export", "tiny", "two").err())
                .isEqualTo("hooke: export prints or writes one run at a time, except for trackers\n");
        assertThat(study.hooke("export", "tiny", "--wandb", folder.toString(), "--python", "no-such-python")
                        .err())
                .isEqualTo(
                        "hooke: the program no-such-python cannot be started: name a Python that has the package wandb"
                                + " with --python\n");
    }

    private static List<Path> export() throws IOException {
        Path logs = folder.resolve("logs");
        Session session = study.hooke("export", "tiny/0", "--tensorboard", logs.toString());
        assertThat(session.status()).as(session.err()).isZero();
        try (Stream<Path> all = Files.walk(logs)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static List<byte[]> records(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> records = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] data = new byte[(int) bytes.getLong()];
            bytes.getInt();
            bytes.get(data);
            assertThat(bytes.getInt()).isEqualTo(masked(data));
            records.add(data);
        }
        return records;
    }

    private static int masked(byte[] data) {
        int crc = crc32c(data);
        return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
    }

    /** Bit by bit. */
    private static int crc32c(byte[] data) {
        int crc = -1;
        for (byte one : data) {
            crc ^= one & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x82f63b78;
            }
        }
        return ~crc;
    }

    /** The fields of a protocol buffer, in their order: numbers as they are, the rest as bytes. */
    private record Fields(List<Integer> numbers, List<Object> values) {
        static Fields of(byte[] message) {
            ByteBuffer bytes = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
            var fields = new Fields(new ArrayList<>(), new ArrayList<>());
            while (bytes.hasRemaining()) {
                long key = varint(bytes);
                fields.numbers().add((int) (key >> 3));
                fields.values()
                        .add(
                                switch ((int) (key & 7)) {
                                    case 0 -> (Object) varint(bytes);
                                    case 1 -> (Object) bytes.getLong();
                                    case 5 -> (Object) (bytes.getInt() & 0xffffffffL);
                                    case 2 -> {
                                        byte[] value = new byte[(int) varint(bytes)];
                                        bytes.get(value);
                                        yield value;
                                    }
                                    default -> throw new AssertionError("wire type of " + key);
                                });
            }
            return fields;
        }

        private static long varint(ByteBuffer bytes) {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = bytes.get();
                value |= (next & 0x7fL) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }

        long whole(int number) {
            return (long) values.get(numbers.indexOf(number));
        }

        List<byte[]> all(int number) {
            List<byte[]> all = new ArrayList<>();
            for (int i = 0; i < numbers.size(); i++) {
                if (numbers.get(i) == number) {
                    all.add((byte[]) values.get(i));
                }
            }
            return all;
        }
    }
}
