package hooke.fused.context;

import hooke.config.Mask;
import hooke.fused.kernels.SoftmaxRows;

/**
 * Which keys the queries of one sequence see: of the keys that are not hidden, which are numbered anew, a query sees a stretch, and
 * of a mask with holes not all of that. What is hidden or lies outside of a stretch costs nothing.
 *
 * @param keys positions of those that are not hidden, ascending
 * @param from of each query, the first key of its stretch
 * @param to of each query, one behind the last key of its stretch
 * @param mask asked for holes; its stretches have none otherwise
 */
public record Visible(int[] keys, int[] from, int[] to, boolean holes, Mask.Plain mask, int nCtx) {
    /**
     * Of so many positions.
     *
     * @param hidden positions of keys that no query sees, ascending
     */
    public static Visible of(Mask.Plain mask, int nCtx, int positions, int[] hidden) {
        boolean[] isHidden = new boolean[positions];
        for (int key : hidden) {
            if (key < positions) {
                isHidden[key] = true;
            }
        }
        int[] before = new int[positions + 1]; // keys that are not hidden before a position
        for (int p = 0; p < positions; p++) {
            before[p + 1] = before[p] + (isHidden[p] ? 0 : 1);
        }
        int[] keys = new int[before[positions]];
        for (int p = 0; p < positions; p++) {
            if (!isHidden[p]) {
                keys[before[p]] = p;
            }
        }
        int[] from = new int[positions];
        int[] to = new int[positions];
        boolean holes = false;
        for (int q = 0; q < positions; q++) {
            int first = first(mask, nCtx, positions, q);
            int end = end(mask, nCtx, positions, q);
            from[q] = before[first];
            to[q] = before[end];
            holes |= mayHaveHoles(mask) && hasHole(mask, nCtx, q, first, end);
        }
        return new Visible(keys, from, to, holes, mask, nCtx);
    }

    private static int first(Mask.Plain mask, int nCtx, int positions, int query) {
        return switch (mask) {
            case Mask.Causal(), Mask.Full() -> 0;
            case Mask.Strided(int stride) -> query % stride;
            case Mask.Grouped(int group, int from, int _) -> query < group ? 0 : from;
            case Mask.Local(int window) -> Math.max(0, query - window + 1);
            case Mask.Bottleneck(int at) -> query > at ? Math.min(at, positions) : 0;
            case Mask.Table table -> {
                int first = 0;
                while (first < positions && !table.open(query, first, nCtx)) {
                    first++;
                }
                yield first;
            }
        };
    }

    private static int end(Mask.Plain mask, int nCtx, int positions, int query) {
        return switch (mask) {
            case Mask.Causal(), Mask.Local(int _), Mask.Strided(int _), Mask.Grouped _ -> query + 1;
            case Mask.Full() -> positions;
            case Mask.Bottleneck(int _) -> Math.max(1, query);
            case Mask.Table table -> {
                int end = positions;
                int first = first(mask, nCtx, positions, query);
                while (end > first && !table.open(query, end - 1, nCtx)) {
                    end--;
                }
                yield end;
            }
        };
    }

    private static boolean mayHaveHoles(Mask.Plain mask) {
        return switch (mask) {
            case Mask.Causal(), Mask.Full(), Mask.Local(var _), Mask.Bottleneck(var _) -> false;
            case Mask.Table _, Mask.Strided(var _), Mask.Grouped _ -> true;
        };
    }

    private static boolean hasHole(Mask.Plain mask, int nCtx, int query, int first, int end) {
        for (int key = first; key < end; key++) {
            if (!mask.open(query, key, nCtx)) {
                return true;
            }
        }
        return false;
    }

    /** Of no queries. */
    static Visible none() {
        return new Visible(new int[0], new int[0], new int[0], false, new Mask.Causal(), 0);
    }

    /** Whether a query sees a key of its stretch. */
    boolean sees(int query, int key) {
        return !holes || mask.open(query, keys[key], nCtx);
    }

    /** Takes scores of a query that stand in holes away: those of keys from one to before another, from a place on. */
    public void close(int query, float[] scores, int at, int first, int end) {
        if (holes) {
            for (int j = first; j < end; j++) {
                if (!sees(query, j)) {
                    scores[at + j - first] = SoftmaxRows.NOTHING;
                }
            }
        }
    }
}
