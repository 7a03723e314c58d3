package hooke.text;

import java.util.Arrays;

/** Tokens as they are found. */
final class Tokens {
    private int[] tokens;
    private int size;

    Tokens(int expected) {
        tokens = new int[Math.max(expected, 8)];
    }

    void add(int token) {
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, size * 2);
        }
        tokens[size++] = token;
    }

    void addAll(int[] more) {
        if (size + more.length > tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.max(size * 2, size + more.length));
        }
        System.arraycopy(more, 0, tokens, size, more.length);
        size += more.length;
    }

    int[] toArray() {
        return Arrays.copyOf(tokens, size);
    }
}
