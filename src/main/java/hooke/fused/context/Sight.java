package hooke.fused.context;

import hooke.config.Mask;
import hooke.config.Weighting;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * What the queries of one sequence see, with queries and keys in such an order that each query sees few stretches of keys, which its
 * neighbours see, too: of a stride the positions class by class, of a fixed layout the summaries before all other keys. So any tile of
 * neighbouring queries is dense, and time and memory grow with the visible entries. Hidden keys are left out.
 *
 * @param queries their positions, each once
 * @param keys positions of those that are not hidden
 * @param stretches each query sees all of them
 * @param holes of a stretch; there are some only where keys lie in the order of their positions
 */
record Sight(int[] queries, int[] keys, List<Stretch> stretches, Visible holes) {
    /** Keys that are few for a query. */
    private static final int FEW = 512;

    /** Of each query, in their order, the first key that it sees and one behind the last; none where these are equal. */
    record Stretch(int[] from, int[] to) {
        private int longest() {
            return IntStream.range(0, from.length)
                    .map(q -> to[q] - from[q])
                    .max()
                    .orElse(0);
        }

        /** The first key that any of some neighbouring queries sees. */
        int firstOf(int query, int end) {
            int first = Integer.MAX_VALUE;
            for (int q = query; q < end; q++) {
                first = from[q] < to[q] ? Math.min(first, from[q]) : first;
            }
            return first;
        }

        /** One behind the last. */
        int endOf(int query, int end) {
            int last = 0;
            for (int q = query; q < end; q++) {
                last = from[q] < to[q] ? Math.max(last, to[q]) : last;
            }
            return last;
        }
    }

    /** What a mask lets see, see {@link Visible#of}, in the order that the weighting asks for. */
    static Sight of(Mask.Plain mask, Weighting by, int nCtx, int positions, int[] hidden) {
        return by.chooses()
                ? inOrder(Visible.of(mask, nCtx, positions, hidden), positions)
                : of(mask, nCtx, positions, hidden);
    }

    /** With one stretch of keys in the order of their positions, for those who must see all keys of a query at once. */
    private static Sight inOrder(Visible visible, int positions) {
        return new Sight(
                IntStream.range(0, positions).toArray(),
                visible.keys(),
                List.of(new Stretch(visible.from(), visible.to())),
                visible);
    }

    private static Sight of(Mask.Plain mask, int nCtx, int positions, int[] hidden) {
        return switch (mask) {
            case Mask.Causal _, Mask.Full _, Mask.Local _, Mask.Bottleneck _, Mask.Table _ ->
                inOrder(Visible.of(mask, nCtx, positions, hidden), positions);
            case Mask.Strided(int stride) -> {
                int[] order = IntStream.range(0, Math.min(stride, positions))
                        .flatMap(rest -> IntStream.iterate(rest, p -> p < positions, p -> p + stride))
                        .toArray();
                int[] first = new int[positions];
                for (int i = 1; i < positions; i++) {
                    first[i] = order[i] % stride == order[i - 1] % stride ? first[i - 1] : i;
                }
                var keys = Keys.of(order, hidden);
                int[] behind = IntStream.rangeClosed(1, positions).toArray();
                yield new Sight(order, keys.seen(), List.of(keys.stretch(first, behind)), Visible.none());
            }
            case Mask.Grouped(int group, int from, int to) -> {
                int[] summaries = IntStream.range(0, positions)
                        .filter(p -> p % group >= from && p % group < to)
                        .toArray();
                int[] others = IntStream.range(0, positions)
                        .filter(p -> p % group < from || p % group >= to)
                        .toArray();
                var keys = Keys.of(
                        IntStream.concat(IntStream.of(summaries), IntStream.of(others))
                                .toArray(),
                        hidden);
                int[] queries = IntStream.range(0, positions).toArray();
                int[] ofSummaries = before(summaries, positions);
                int[] ofOthers = before(others, positions);
                int first = summaries.length;
                yield new Sight(
                        queries,
                        keys.seen(),
                        List.of(
                                keys.stretch(new int[positions], map(queries, q -> ofSummaries[q + 1])),
                                keys.stretch(
                                        map(queries, q -> first + ofOthers[q / group * group]),
                                        map(queries, q -> first + ofOthers[q + 1]))),
                        Visible.none());
            }
        };
    }

    private static int[] map(int[] queries, IntUnaryOperator place) {
        return IntStream.of(queries).map(place).toArray();
    }

    /** How many of the ascending positions lie before each one. */
    private static int[] before(int[] some, int positions) {
        int[] before = new int[positions + 1];
        for (int p = 0, i = 0; p < positions; p++) {
            i += i < some.length && some[i] == p ? 1 : 0;
            before[p + 1] = i;
        }
        return before;
    }

    /**
     * All keys in an order, and those of them that are not hidden.
     *
     * @param before how many of the seen ones come before each of all
     */
    private record Keys(int[] seen, int[] before) {
        static Keys of(int[] order, int[] hidden) {
            boolean[] isHidden = new boolean[order.length];
            for (int key : hidden) {
                if (key < order.length) {
                    isHidden[key] = true;
                }
            }
            int[] before = new int[order.length + 1];
            for (int i = 0; i < order.length; i++) {
                before[i + 1] = before[i] + (isHidden[order[i]] ? 0 : 1);
            }
            return new Keys(IntStream.of(order).filter(p -> !isHidden[p]).toArray(), before);
        }

        /** That from one to before another place of all. */
        Stretch stretch(int[] from, int[] to) {
            return new Stretch(map(from, i -> before[i]), map(to, i -> before[i]));
        }
    }

    /** Queries of a tile: half of the most where each sees few keys, since a tile has all keys that any of its queries sees. */
    int atOnce(int most) {
        return stretches.stream().mapToInt(Stretch::longest).max().orElse(0) <= FEW ? most / 2 : most;
    }

    boolean hasHoles() {
        return holes.holes();
    }

    /** Whether a query sees a key that lies in one of its stretches. */
    boolean sees(int query, int key) {
        return holes.sees(queries[query], key);
    }

    /** Takes scores of a query that stand in holes away: those of keys from one to before another, from a place on. */
    void close(int query, float[] scores, int at, int first, int end) {
        holes.close(queries[query], scores, at, first, end);
    }
}
