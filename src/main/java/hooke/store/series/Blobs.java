package hooke.store.series;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Numbers as bytes, little-endian. */
final class Blobs {
    private Blobs() {}

    static byte[] of(long[] numbers, int from, int to) {
        byte[] bytes = new byte[Math.multiplyExact(to - from, Long.BYTES)];
        littleEndian(bytes).asLongBuffer().put(numbers, from, to - from);
        return bytes;
    }

    static byte[] of(double[] numbers, int from, int to) {
        byte[] bytes = new byte[Math.multiplyExact(to - from, Double.BYTES)];
        littleEndian(bytes).asDoubleBuffer().put(numbers, from, to - from);
        return bytes;
    }

    static void read(byte[] bytes, long[] into, int at) {
        littleEndian(bytes).asLongBuffer().get(into, at, bytes.length / Long.BYTES);
    }

    static void read(byte[] bytes, double[] into, int at) {
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asDoubleBuffer()
                .get(into, at, bytes.length / Double.BYTES);
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
