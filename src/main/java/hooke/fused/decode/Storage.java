package hooke.fused.decode;

/** In what the weights lie in memory; what is computed with them is float32. Reading them is most of the time that a token takes. */
public enum Storage {
    FLOAT32(4),
    /** Half the bytes, 8 bits of precision. */
    BF16(2),
    /** A quarter of the bytes: whole numbers from -127 to 127, with a scale for each column of a matrix. */
    INT8(1);

    private final int bytes;

    Storage(int bytes) {
        this.bytes = bytes;
    }

    /** Of a weight. */
    int bytes() {
        return bytes;
    }
}
