package hooke.interop.pickle;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import hooke.InputException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.zip.CRC32;

/**
 * The records of a zip archive as {@code torch.save} writes it: stored, never compressed, side by side, each name once, none leading
 * out, each with its checksum. Whatever a zip may be beyond that is refused. Layout: PKWARE's APPNOTE 6.3.
 */
final class ZipArchive {
    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int END64 = 0x06064b50;
    private static final int LOCATOR64 = 0x07064b50;
    private static final int LOCATOR64_BYTES = 20;
    private static final int CENTRAL = 0x02014b50;
    private static final int CENTRAL_BYTES = 46;
    private static final int LOCAL = 0x04034b50;
    private static final int LOCAL_BYTES = 30;
    private static final long MAX_ENTRIES = 500_000;
    private static final long ALL_ONES = 0xFFFF_FFFFL;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String file;
    private final MemorySegment bytes;
    private final SequencedMap<String, Entry> entries = new LinkedHashMap<>();

    private ZipArchive(String file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    private record Entry(String name, int flags, int method, int crc, long packed, long size, long header) {}

    /** Where the central directory lies. */
    private record Directory(long entries, long begin, long size) {}

    /** Lists the records; nothing of them is read yet. */
    static ZipArchive of(String file, MemorySegment bytes) {
        var archive = new ZipArchive(file, bytes);
        archive.list(archive.directory());
        return archive;
    }

    SequencedSet<String> names() {
        return entries.sequencedKeySet();
    }

    /** The bytes of every record, where they lie, each checked against its checksum. */
    SequencedMap<String, MemorySegment> read() {
        SequencedMap<String, MemorySegment> records = new LinkedHashMap<>();
        long free = 0;
        for (Entry entry : entries.values().stream()
                .sorted(Comparator.comparingLong(Entry::header))
                .toList()) {
            require(entry.header() >= free, "its records %s overlap", Value.shown(entry.name()));
            MemorySegment data = data(entry);
            free = data.address() - bytes.address() + data.byteSize();
            require(
                    crc(data) == entry.crc(),
                    "its record %s does not have the checksum (CRC-32) that the archive states: it is damaged",
                    Value.shown(entry.name()));
            records.put(entry.name(), data);
        }
        return records;
    }

    private Directory directory() {
        long end = bytes.byteSize() - END_BYTES;
        while (end >= Math.max(0, bytes.byteSize() - END_BYTES - 0xFFFF)
                && (i4(end) != END || end + END_BYTES + u2(end + 20) != bytes.byteSize())) {
            end--;
        }
        require(
                end >= 0 && i4(end) == END && end + END_BYTES + u2(end + 20) == bytes.byteSize(),
                "it begins as a zip archive and does not end as one: it is cut");
        require(u2(end + 4) == 0 && u2(end + 6) == 0, "it is one part of several");
        var directory = new Directory(u2(end + 10), u4(end + 16), u4(end + 12));
        long locator = end - LOCATOR64_BYTES;
        if (locator >= 0 && i4(locator) == LOCATOR64) {
            long at = i8(locator + 8);
            require(at >= 0 && at <= locator - 56 && i4(at) == END64, "its zip64 end leads nowhere: it is damaged");
            directory = new Directory(i8(at + 32), i8(at + 48), i8(at + 40));
            end = at;
        }
        require(
                directory.begin() >= 0
                        && directory.size() >= 0
                        && directory.begin() <= end
                        && directory.size() <= end - directory.begin(),
                "its table of records lies outside: it is damaged");
        require(
                directory.entries() >= 0 && directory.entries() <= MAX_ENTRIES,
                "it announces %s records; at most %s are read",
                Long.toUnsignedString(directory.entries()),
                MAX_ENTRIES);
        return directory;
    }

    private void list(Directory directory) {
        long at = directory.begin();
        long end = directory.begin() + directory.size();
        for (long i = 0; i < directory.entries(); i++) {
            require(end - at >= CENTRAL_BYTES && i4(at) == CENTRAL, "its table of records is damaged");
            int name = u2(at + 28);
            int extra = u2(at + 30);
            long next = at + CENTRAL_BYTES + name + extra + u2(at + 32);
            require(next <= end, "its table of records is damaged");
            Entry entry = entry(at, name(at + CENTRAL_BYTES, name), extra);
            require(
                    entries.put(entry.name(), entry) == null,
                    "it has two records called %s",
                    Value.shown(entry.name()));
            at = next;
        }
        require(at == end, "its table of records is damaged");
        checkNames();
    }

    private Entry entry(long at, String name, int extra) {
        long packed = u4(at + 20);
        long size = u4(at + 24);
        long header = u4(at + 42);
        long field = at + CENTRAL_BYTES + u2(at + 28);
        long end = field + extra;
        while (end - field >= 4) {
            int tag = u2(field);
            int length = u2(field + 2);
            require(length <= end - field - 4, "its table of records is damaged");
            if (tag == 1) { // zip64: those of the three that are all ones in the table, in this order
                long value = field + 4;
                int wanted = (size == ALL_ONES ? 8 : 0) + (packed == ALL_ONES ? 8 : 0) + (header == ALL_ONES ? 8 : 0);
                require(length >= wanted, "its table of records is damaged");
                if (size == ALL_ONES) {
                    size = i8(value);
                    value += 8;
                }
                if (packed == ALL_ONES) {
                    packed = i8(value);
                    value += 8;
                }
                if (header == ALL_ONES) {
                    header = i8(value);
                }
            }
            field += 4 + length;
        }
        return new Entry(name, u2(at + 8), u2(at + 10), i4(at + 16), packed, size, header);
    }

    private String name(long at, int length) {
        byte[] name = bytes.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InputException(file + ": a record's name is not UTF-8", e);
        }
    }

    private void checkNames() {
        for (String name : entries.keySet()) {
            require(
                    !name.startsWith("/")
                            && !name.contains("\\")
                            && !name.contains(":")
                            && !List.of(name.split("/", -1)).contains(".."),
                    "its record %s would lie outside of the archive",
                    Value.shown(name));
        }
    }

    private MemorySegment data(Entry entry) {
        String name = Value.shown(entry.name());
        require((entry.flags() & 1) == 0, "its record %s is encrypted", name);
        require(
                entry.method() == 0,
                "its record %s is compressed, which torch.save never does: unpack and save it again",
                name);
        require(
                entry.packed() == entry.size(),
                "its record %s is stored in %s bytes and said to have %s",
                name,
                entry.packed(),
                entry.size());
        long at = entry.header();
        require(
                at >= 0 && at <= bytes.byteSize() - LOCAL_BYTES && i4(at) == LOCAL && u2(at + 8) == 0,
                "its record %s is not where the table says",
                name);
        long begin = at + LOCAL_BYTES + u2(at + 26) + u2(at + 28);
        require(
                entry.size() >= 0 && begin <= bytes.byteSize() && entry.size() <= bytes.byteSize() - begin,
                "its record %s should have %s bytes, more than are there",
                name,
                Long.toUnsignedString(entry.size()));
        require(name(at + LOCAL_BYTES, u2(at + 26)).equals(entry.name()), "its record %s has two names", name);
        return bytes.asSlice(begin, entry.size());
    }

    private static int crc(MemorySegment data) {
        var crc = new CRC32();
        long step = 1L << 30;
        for (long at = 0; at < data.byteSize(); at += step) {
            crc.update(data.asSlice(at, Math.min(step, data.byteSize() - at)).asByteBuffer());
        }
        return (int) crc.getValue();
    }

    private int u2(long at) {
        return bytes.get(SHORT, at) & 0xFFFF;
    }

    private int i4(long at) {
        return bytes.get(INT, at);
    }

    private long u4(long at) {
        return i4(at) & ALL_ONES;
    }

    private long i8(long at) {
        return bytes.get(LONG, at);
    }

    @FormatMethod
    private void require(boolean condition, @FormatString String sentence, Object... values) {
        if (!condition) {
            throw new InputException(file + ": " + String.format(Locale.ROOT, sentence, values));
        }
    }
}
