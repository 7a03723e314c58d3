package hooke.interop.pickle;

import hooke.Check;
import hooke.WholeFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The zip archive around a pickle, as {@code torch.save} lays it out: records stored one behind another, their data on multiples of 64
 * bytes. No clock and no name of a machine goes into it: equal values give equal bytes.
 */
final class PthWriter {
    private static final String FOLDER = "archive/";
    private static final int ALIGNMENT = 64;
    private static final int CHUNK = 1 << 20;
    private static final long ALL_ONES = 0xFFFF_FFFFL;
    /** 1 January 1980, the first that a zip knows. */
    private static final short DATE = 0x21;

    private final OutputStream out;
    private final List<Entry> entries = new ArrayList<>();
    private long at;

    private PthWriter(OutputStream out) {
        this.out = out;
    }

    private record Entry(byte[] name, int crc, long size, long header) {}

    static void write(Path file, Value value) {
        PickleWriter.Written written = PickleWriter.write(value);
        WholeFile.write(file, temporary -> {
            try (var out = new BufferedOutputStream(Files.newOutputStream(temporary), CHUNK)) {
                new PthWriter(out).write(written);
            }
        });
    }

    private void write(PickleWriter.Written written) throws IOException {
        record("data.pkl", MemorySegment.ofArray(written.pickle()));
        record("byteorder", ascii("little"));
        for (int i = 0; i < written.tensors().size(); i++) {
            record("data/" + i, written.tensors().get(i).raw().data());
        }
        record("version", ascii("3\n"));
        long directory = at;
        for (Entry entry : entries) {
            central(entry);
        }
        end(directory, at - directory);
    }

    private static MemorySegment ascii(String text) {
        return MemorySegment.ofArray(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void record(String name, MemorySegment data) throws IOException {
        byte[] full = (FOLDER + name).getBytes(StandardCharsets.UTF_8);
        Check.that(data.byteSize() < ALL_ONES, "a tensor of %s bytes is too long for a .pth file", data.byteSize());
        int crc = crc(data);
        var entry = new Entry(full, crc, data.byteSize(), at);
        // An extra field that nobody reads moves the data to where it may be mapped.
        int padding = (int) (ALIGNMENT - (at + 30 + full.length + 4) % ALIGNMENT) % ALIGNMENT;
        put(buffer(30 + full.length + 4 + padding)
                .putInt(0x04034b50)
                .putShort((short) 20)
                .putShort((short) 0x800) // names are UTF-8
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort(DATE)
                .putInt(crc)
                .putInt((int) data.byteSize())
                .putInt((int) data.byteSize())
                .putShort((short) full.length)
                .putShort((short) (4 + padding))
                .put(full)
                .putShort((short) 0x4246)
                .putShort((short) padding));
        chunks(data, chunk -> out.write(chunk));
        at += data.byteSize();
        entries.add(entry);
    }

    private void central(Entry entry) throws IOException {
        boolean far = entry.header() >= ALL_ONES;
        ByteBuffer bytes = buffer(46 + entry.name().length + (far ? 12 : 0))
                .putInt(0x02014b50)
                .putShort((short) 45)
                .putShort((short) 45)
                .putShort((short) 0x800)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort(DATE)
                .putInt(entry.crc())
                .putInt((int) entry.size())
                .putInt((int) entry.size())
                .putShort((short) entry.name().length)
                .putShort((short) (far ? 12 : 0))
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0)
                .putInt(0)
                .putInt(far ? -1 : (int) entry.header())
                .put(entry.name());
        if (far) {
            bytes.putShort((short) 1).putShort((short) 8).putLong(entry.header());
        }
        put(bytes);
    }

    /** With the zip64 end, which PyTorch always writes: 400 checkpoints of a deep model are more records than the old one counts. */
    private void end(long directory, long size) throws IOException {
        long end64 = at;
        put(buffer(56)
                .putInt(0x06064b50)
                .putLong(44)
                .putShort((short) 45)
                .putShort((short) 45)
                .putInt(0)
                .putInt(0)
                .putLong(entries.size())
                .putLong(entries.size())
                .putLong(size)
                .putLong(directory));
        put(buffer(20).putInt(0x07064b50).putInt(0).putLong(end64).putInt(1));
        short count = (short) Math.min(entries.size(), 0xFFFF);
        put(buffer(22)
                .putInt(0x06054b50)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort(count)
                .putShort(count)
                .putInt((int) Math.min(size, ALL_ONES))
                .putInt((int) Math.min(directory, ALL_ONES))
                .putShort((short) 0));
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void put(ByteBuffer bytes) throws IOException {
        byte[] all = new byte[bytes.capacity()];
        bytes.get(0, all);
        out.write(all);
        at += all.length;
    }

    private static int crc(MemorySegment data) throws IOException {
        var crc = new CRC32();
        chunks(data, crc::update);
        return (int) crc.getValue();
    }

    private interface Use {
        void of(byte[] chunk) throws IOException;
    }

    private static void chunks(MemorySegment data, Use use) throws IOException {
        for (long from = 0; from < data.byteSize(); from += CHUNK) {
            use.of(data.asSlice(from, Math.min(CHUNK, data.byteSize() - from)).toArray(ValueLayout.JAVA_BYTE));
        }
    }
}
