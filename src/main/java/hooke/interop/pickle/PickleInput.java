package hooke.interop.pickle;

import hooke.InputException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The bytes of a pickle, read in order. Every length is held against what is left before anything is made of it. */
final class PickleInput {
    private static final int LONGEST_LINE = 512;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final String source;
    private final MemorySegment bytes;
    private long at;

    /** @param source names the bytes in sentences: the file, or its record */
    PickleInput(String source, MemorySegment bytes) {
        this.source = source;
        this.bytes = bytes;
    }

    long position() {
        return at;
    }

    long left() {
        return bytes.byteSize() - at;
    }

    int u1() {
        return bytes.get(ValueLayout.JAVA_BYTE, take(1)) & 0xFF;
    }

    int u2() {
        return bytes.get(SHORT, take(2)) & 0xFFFF;
    }

    int i4() {
        return bytes.get(INT, take(4));
    }

    long u4() {
        return i4() & 0xFFFF_FFFFL;
    }

    /** Negative where the file says more than a long holds. */
    long i8() {
        return bytes.get(LONG, take(8));
    }

    double f8() {
        return bytes.get(DOUBLE, take(8));
    }

    /** The next so many bytes, where they lie. */
    MemorySegment slice(long length) {
        return bytes.asSlice(take(length), length);
    }

    byte[] bytes(long length) {
        return slice(length).toArray(ValueLayout.JAVA_BYTE);
    }

    String text(long length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(length)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw fault("text that is not UTF-8", e);
        }
    }

    /** What comes before the next line feed, which is passed over. */
    String line() {
        for (long end = at; end < bytes.byteSize() && end - at < LONGEST_LINE; end++) {
            if (bytes.get(ValueLayout.JAVA_BYTE, end) == '\n') {
                String line = text(end - at);
                take(1);
                return line;
            }
        }
        throw fault("a line that does not end");
    }

    private long take(long length) {
        if (length < 0 || length > left()) {
            throw fault("%s bytes are announced where %s are left: the file is cut or damaged"
                    .formatted(Long.toUnsignedString(length), left()));
        }
        at += length;
        return at - length;
    }

    /** To be thrown: one sentence with the place. */
    InputException fault(String sentence) {
        return new InputException(located(sentence));
    }

    InputException fault(String sentence, Throwable cause) {
        return new InputException(located(sentence), cause);
    }

    private String located(String sentence) {
        return String.format(Locale.ROOT, "%s: at byte %s: %s", source, at, sentence);
    }
}
