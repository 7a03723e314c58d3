package hooke.tensor;

import hooke.Check;
import hooke.InputException;
import hooke.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * An open safetensors file: a length, a JSON header, then the bytes of all tensors one behind another. The file is mapped, not read,
 * and its tensors are read-only; they live as long as the arena. A header that is not exactly right is refused with one sentence, and
 * nothing is allocated that the file's own size does not warrant.
 */
public final class Safetensors {
    private static final int LENGTH_BYTES = 8;
    private static final int ALIGNMENT = 8;
    private static final int CHUNK = 1 << 20;
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final SequencedMap<String, RawTensor> tensors;
    private final SequencedMap<String, String> metadata;

    private Safetensors(Path file, SequencedMap<String, RawTensor> tensors, SequencedMap<String, String> metadata) {
        this.file = file;
        this.tensors = Collections.unmodifiableSequencedMap(tensors);
        this.metadata = Collections.unmodifiableSequencedMap(metadata);
    }

    /** Maps a file into the arena. Throws {@link InputException} where it is missing, cut, or anything but well formed. */
    public static Safetensors open(Path file, Arena arena) {
        return read(file, MappedFile.of(file, "a safetensors file", arena));
    }

    private static Safetensors read(Path file, MemorySegment bytes) {
        Check.that(
                bytes.byteSize() >= LENGTH_BYTES,
                "%s is not a safetensors file: it has %s bytes, and the length of its header alone takes 8",
                file,
                bytes.byteSize());
        long length = bytes.get(LENGTH, 0);
        long rest = bytes.byteSize() - LENGTH_BYTES;
        Check.that(
                length >= 0 && length <= SafetensorsHeader.MAX_BYTES,
                "%s is not a safetensors file: its header would be of %s bytes, more than the %s allowed",
                file,
                Long.toUnsignedString(length),
                SafetensorsHeader.MAX_BYTES);
        Check.that(
                length <= rest,
                "%s is truncated, or not a safetensors file: its header should be of %s bytes, and only %s are there",
                file,
                length,
                rest);
        byte[] json = bytes.asSlice(LENGTH_BYTES, length).toArray(ValueLayout.JAVA_BYTE);
        MemorySegment data = bytes.asSlice(LENGTH_BYTES + length);
        SafetensorsHeader header = SafetensorsHeader.parse(file.toString(), json, data.byteSize());

        SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
        header.entries()
                .forEach((name, e) -> tensors.put(
                        name, new RawTensor(e.dtype(), e.shape(), data.asSlice(e.begin(), e.end() - e.begin()))));
        return new Safetensors(file, tensors, header.metadata());
    }

    /**
     * The shapes of the tensors of a file that is read as a stream, up to its data.
     *
     * @param name of the file, for sentences
     * @param bytes that it has in all
     * @param atMost bytes that its header may take
     */
    public static SequencedMap<String, List<Long>> shapes(String name, InputStream in, long bytes, long atMost)
            throws IOException {
        byte[] first = in.readNBytes(LENGTH_BYTES);
        long length =
                first.length < LENGTH_BYTES ? -1 : MemorySegment.ofArray(first).get(LENGTH, 0);
        long rest = bytes - LENGTH_BYTES;
        Check.that(
                length >= 0 && length <= Math.min(rest, Math.min(atMost, SafetensorsHeader.MAX_BYTES)),
                "%s is not a safetensors file: its header would be of %s bytes",
                name,
                Long.toUnsignedString(length));
        byte[] json = in.readNBytes((int) length);
        SequencedMap<String, List<Long>> shapes = new LinkedHashMap<>();
        SafetensorsHeader.parse(name, json, rest - length)
                .entries()
                .forEach((tensor, e) -> shapes.put(tensor, e.shape()));
        return shapes;
    }

    /** Names in the order of the header. */
    public List<String> names() {
        return List.copyOf(tensors.keySet());
    }

    /** All tensors by name, in the order of the header. */
    public SequencedMap<String, RawTensor> tensors() {
        return tensors;
    }

    /** The tensor of that name. Throws {@link InputException} with the nearest name where there is none. */
    public RawTensor get(String name) {
        RawTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new InputException(
                    "%s has no tensor '%s'%s".formatted(file, name, Check.didYouMean(name, tensors.keySet())));
        }
        return tensor;
    }

    /** Free text by key, as {@code __metadata__} holds it; empty where the file has none. */
    public SequencedMap<String, String> metadata() {
        return metadata;
    }

    /** Writes a new file, or over an old one; it appears when it is whole. Not synced: who needs that writes to a channel of their own. */
    public static void write(
            Path file, SequencedMap<String, RawTensor> tensors, SequencedMap<String, String> metadata) {
        WholeFile.write(file, temporary -> {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                write(channel, tensors, metadata);
            }
        });
    }

    /**
     * Writes to a channel, front to back. Wider dtypes come first, so that every tensor is aligned, and otherwise the order is the
     * map's: equal content in equal order gives equal bytes.
     */
    public static void write(
            WritableByteChannel channel, SequencedMap<String, RawTensor> tensors, SequencedMap<String, String> metadata)
            throws IOException {
        List<Map.Entry<String, RawTensor>> ordered = tensors.entrySet().stream()
                .sorted(Comparator.comparingInt(e -> -e.getValue().dtype().bytes()))
                .toList();
        byte[] json = SafetensorsHeader.of(ordered, metadata).json();
        int padded = Math.ceilDiv(json.length, ALIGNMENT) * ALIGNMENT;
        try (Arena arena = Arena.ofConfined()) {
            var out = new Chunked(channel, arena.allocate(CHUNK));
            out.put(MemorySegment.ofArray(new long[] {padded}));
            out.put(MemorySegment.ofArray(json));
            out.put(MemorySegment.ofArray(" ".repeat(padded - json.length).getBytes(StandardCharsets.US_ASCII)));
            for (Map.Entry<String, RawTensor> tensor : ordered) {
                out.put(tensor.getValue().data());
            }
            out.flush();
        }
    }

    /** Many small pieces, wherever they lie (also on the Java heap), as few large writes. */
    private static final class Chunked {
        private final WritableByteChannel channel;
        private final MemorySegment chunk;
        private long filled;

        Chunked(WritableByteChannel channel, MemorySegment chunk) {
            this.channel = channel;
            this.chunk = chunk;
        }

        void put(MemorySegment piece) throws IOException {
            for (long at = 0; at < piece.byteSize(); ) {
                long n = Math.min(piece.byteSize() - at, chunk.byteSize() - filled);
                MemorySegment.copy(piece, at, chunk, filled, n);
                at += n;
                filled += n;
                if (filled == chunk.byteSize()) {
                    flush();
                }
            }
        }

        void flush() throws IOException {
            ByteBuffer buffer = chunk.asSlice(0, filled).asByteBuffer();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            filled = 0;
        }
    }
}
