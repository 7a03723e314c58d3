package hooke.lens;

import hooke.Check;
import hooke.InputException;
import hooke.config.task.TaskConfig;
import hooke.task.FiniteTask;
import hooke.task.NoTask;
import hooke.tensor.Rng;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Examples that an analysis is made on: every number it gives is over these.
 *
 * @param name in words: the test set
 * @param tokens [example][pos]
 * @param answers the right classes, [example][answer position]
 */
public record Examples(String name, int[][] tokens, int[][] answers) {
    public Examples {
        Check.that(tokens.length >= 1, "there is no example to look at in %s", name);
    }

    /** What the run was tested on, in the order of its split. */
    public static Examples test(OpenedModel opened) {
        return of(opened, "the test set", opened.split().test());
    }

    /** What the run was trained on. */
    public static Examples train(OpenedModel opened) {
        return of(opened, "the training set", opened.split().train());
    }

    /** Every example of the task, in their order. */
    public static Examples all(OpenedModel opened) {
        int[] numbers = IntStream.range(0, opened.task().size()).toArray();
        return of(opened, "all examples", numbers);
    }

    /** Questions of random tokens, without answers: of a model whose task nobody knows. */
    public static Examples drawn(OpenedModel opened, int n) {
        TaskConfig task = opened.experiment().task();
        var random = new SplittableRandom(opened.experiment().seed());
        int[][] tokens = new int[n][];
        for (int i = 0; i < n; i++) {
            tokens[i] = random.ints(task.nCtx(), 0, task.dVocab()).toArray();
        }
        return new Examples("random questions", tokens, new int[n][0]);
    }

    private static Examples of(OpenedModel opened, String set, int[] numbers) {
        FiniteTask task = opened.task();
        if (task instanceof NoTask(var _, String subject)) {
            throw new InputException(
                    subject
                            + " has no examples with right answers here, which this needs; patterns TOKENS, logits TOKENS, circuits, cache and ask do not need them");
        }
        String which = opened.examples().which();
        return new Examples(
                which.isEmpty() ? set : set + ", only " + which,
                Arrays.stream(numbers).mapToObj(task::tokens).toArray(int[][]::new),
                Arrays.stream(numbers).mapToObj(task::answers).toArray(int[][]::new));
    }

    /** How many there are: the n of every number. */
    public int n() {
        return tokens.length;
    }

    /** Those from one number to before another. */
    public Examples range(int from, int to) {
        return new Examples(name, Arrays.copyOfRange(tokens, from, to), Arrays.copyOfRange(answers, from, to));
    }

    /** The first of them, or all where there are not more. */
    public Examples first(int most) {
        return most >= n() ? this : new Examples("the first " + most + " of " + name, tokens, answers).range(0, most);
    }

    /** Their first tokens, each with its answer, where every position is answered. */
    public Examples beginnings(int most) {
        return new Examples(name, beginnings(tokens, most), beginnings(answers, most));
    }

    private static int[][] beginnings(int[][] rows, int most) {
        return Arrays.stream(rows)
                .map(row -> Arrays.copyOf(row, Math.min(most, row.length)))
                .toArray(int[][]::new);
    }

    /**
     * These examples, and in front of them the first of those with most different tokens: {@code 3 5} shows more of a model than {@code 5 5},
     * where nobody sees which of two equal tokens is looked at.
     */
    public Examples mostVariedFirst() {
        int best = 0;
        for (int i = 1; i < n(); i++) {
            if (different(tokens[i]) > different(tokens[best])) {
                best = i;
            }
        }
        int first = best;
        int[] order = IntStream.concat(
                        IntStream.of(first), IntStream.range(0, n()).filter(i -> i != first))
                .toArray();
        return new Examples(
                name,
                Arrays.stream(order).mapToObj(i -> tokens[i]).toArray(int[][]::new),
                Arrays.stream(order).mapToObj(i -> answers[i]).toArray(int[][]::new));
    }

    private static long different(int[] row) {
        return Arrays.stream(row).distinct().count();
    }

    /** These examples in an order that the seed says: beside the original order, each example has another one as partner. */
    public Examples shuffled(long seed) {
        try (Rng rng = Rng.stream(seed, "resample")) {
            int[] order = rng.permutation(n());
            return new Examples(
                    name,
                    Arrays.stream(order).mapToObj(i -> tokens[i]).toArray(int[][]::new),
                    Arrays.stream(order).mapToObj(i -> answers[i]).toArray(int[][]::new));
        }
    }
}
