package hooke.task;

import java.util.Arrays;
import java.util.stream.IntStream;

/** A text of tokens cut into blocks of {@code context}: a block's inputs, and behind each the token that comes next. */
@SuppressWarnings("ArrayRecordComponent") // changed by nobody
record TokenBlocks(int[] tokens, int context) {
    /** Whole blocks. */
    public int whole() {
        return (tokens.length - 1) / context;
    }

    /** Those that begin at these places. */
    public Batch.Sequences at(int[] places) {
        int[][] inputs = new int[places.length][];
        int[][] targets = new int[places.length][];
        for (int i = 0; i < places.length; i++) {
            int end = Math.min(places[i] + context, tokens.length - 1);
            inputs[i] = Arrays.copyOf(Arrays.copyOfRange(tokens, places[i], end), context);
            targets[i] = Arrays.copyOf(Arrays.copyOfRange(tokens, places[i] + 1, end + 1), context);
            Arrays.fill(targets[i], end - places[i], context, Batch.Sequences.NONE);
        }
        return new Batch.Sequences(inputs, targets);
    }

    /** Whole blocks by their numbers. */
    public Batch.Sequences numbered(int[] blocks) {
        return at(Arrays.stream(blocks).map(block -> block * context).toArray());
    }

    /** Each token but the first exactly once, whatever the context: a block begins where the last one ended, and the last may be shorter. */
    public Batch.Sequences all() {
        return at(IntStream.iterate(0, place -> place + 1 < tokens.length, place -> place + context)
                .toArray());
    }

    /** What the original scores: whole windows of a batch and one token more each, of which the first has no prediction; no tail. */
    Batch.Sequences original(int blocks) {
        int window = blocks * context + 1;
        return at(IntStream.iterate(0, place -> place + window <= tokens.length, place -> place + window)
                .flatMap(place -> IntStream.range(0, blocks).map(i -> place + i * context))
                .toArray());
    }

    /**
     * The batch of that number from front to back, in blocks one behind the other; when no whole batch and one token more are left it goes
     * on from the front. As the original.
     */
    public Batch.Sequences sequential(long number, int blocks) {
        int batch = blocks * context;
        int before = Math.max(1, Math.ceilDiv(tokens.length - 1 - batch, batch));
        int place = (int) (number % before) * batch;
        return at(IntStream.range(0, blocks).map(i -> place + i * context).toArray());
    }
}
