package hooke.task;

import java.util.Arrays;

/** What one update sees, or what is measured together. */
public sealed interface Batch {
    /** Examples or sequences. */
    int size();

    /** The numbers of the examples of a finite task; sequences have none. */
    int[] numbers();

    /** Those from one number to before another. */
    Batch range(int from, int to);

    /**
     * Examples of a finite task, by their numbers: an engine that knows the task needs no more. The array may be filled anew for the
     * next batch.
     */
    record Examples(int[] numbers) implements Batch {
        @Override
        public int size() {
            return numbers.length;
        }

        @Override
        public Examples range(int from, int to) {
            return new Examples(Arrays.copyOfRange(numbers, from, to));
        }
    }

    /**
     * Token sequences of one length, padded behind their end where they were shorter.
     *
     * @param tokens [batch][pos]
     * @param targets the right class behind each position, [batch][pos]; {@link #NONE} where nothing is asked
     * @param hidden positions of keys that none of a sequence's queries sees in any layer, ascending, [batch][any number]
     */
    record Sequences(int[][] tokens, int[][] targets, int[][] hidden) implements Batch {
        /** A position that does not count. */
        public static final int NONE = -1;

        /** With nothing hidden. */
        public Sequences(int[][] tokens, int[][] targets) {
            this(tokens, targets, new int[tokens.length][0]);
        }

        @Override
        public int[] numbers() {
            throw new IllegalArgumentException("sequences are not numbered, as the examples of a finite task are");
        }

        @Override
        public int size() {
            return tokens.length;
        }

        /** Without the positions behind the last that counts. */
        @Override
        public Sequences range(int from, int to) {
            int longest = 1;
            for (int i = from; i < to; i++) {
                for (int pos = targets[i].length - 1; pos >= longest; pos--) {
                    if (targets[i][pos] != NONE) {
                        longest = pos + 1;
                    }
                }
            }
            int end = longest;
            return new Sequences(
                    Arrays.stream(tokens, from, to)
                            .map(row -> Arrays.copyOf(row, end))
                            .toArray(int[][]::new),
                    Arrays.stream(targets, from, to)
                            .map(row -> Arrays.copyOf(row, end))
                            .toArray(int[][]::new),
                    Arrays.copyOfRange(hidden, from, to));
        }
    }
}
