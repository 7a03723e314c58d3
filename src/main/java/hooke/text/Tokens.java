package hooke.text;

import java.util.Arrays;

/** Tokens as they are found. */
final class Tokens implements Tokenizer.Sink {
    private int[] tokens;
    private int size;

    Tokens(int expected) {
        tokens = new int[Math.max(expected, 8)];
    }

    @Override
    public void token(int token, int from, int to) {
        add(token);
    }

    void add(int token) {
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, size * 2);
        }
        tokens[size++] = token;
    }

    int[] toArray() {
        return Arrays.copyOf(tokens, size);
    }
}
