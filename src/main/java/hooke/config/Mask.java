package hooke.config;

import hooke.Check;
import java.util.List;

/** Which keys (positions) a query may attend to; the same for every example, layer and head. */
public sealed interface Mask {
    /** Whether a query at one position may attend to the key at another, in a context of nCtx positions. */
    boolean open(int query, int key, int nCtx);

    /** Whether no query sees a key behind it. */
    default boolean looksBack(int nCtx) {
        for (int q = 0; q < nCtx; q++) {
            for (int k = q + 1; k < nCtx; k++) {
                if (open(q, k, nCtx)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether every query sees the first position. */
    default boolean seesFirst(int nCtx) {
        for (int q = 0; q < nCtx; q++) {
            if (!open(q, 0, nCtx)) {
                return false;
            }
        }
        return true;
    }

    /** Throws unless the mask fits a context of this length and every query sees at least one key. */
    default void check(int nCtx) {
        for (int q = 0; q < nCtx; q++) {
            boolean any = false;
            for (int k = 0; k < nCtx && !any; k++) {
                any = open(q, k, nCtx);
            }
            Check.that(any, "model.mask leaves the query at position %s without a key: open at least one", q);
        }
    }

    /** The query itself and everything before it. */
    record Causal() implements Mask {
        @Override
        public boolean open(int query, int key, int nCtx) {
            return key <= query;
        }

        @Override
        public void check(int nCtx) {}
    }

    /** Every key. */
    record Full() implements Mask {
        @Override
        public boolean open(int query, int key, int nCtx) {
            return true;
        }

        @Override
        public void check(int nCtx) {}
    }

    /** The query itself and the window - 1 positions before it. */
    record Local(int window) implements Mask {
        public Local {
            Check.that(window >= 1, "model.mask.window (%s) must be at least 1", window);
        }

        @Override
        public boolean open(int query, int key, int nCtx) {
            return key <= query && key > query - window;
        }

        @Override
        public void check(int nCtx) {}
    }

    /**
     * What list copy is about: strictly earlier keys only, the first position seeing itself, and nothing behind position
     * {@code at} sees anything before it. With {@code at = list_length} everything passes through the separator.
     */
    record Bottleneck(int at) implements Mask {
        public Bottleneck {
            Check.that(at >= 1, "model.mask.at (%s) must be at least 1", at);
        }

        @Override
        public boolean open(int query, int key, int nCtx) {
            return query == 0 && key == 0 || key < query && !(query > at && key < at);
        }

        @Override
        public void check(int nCtx) {
            Check.that(at < nCtx, "model.mask.at (%s) must be less than model.n_ctx (%s)", at, nCtx);
        }
    }

    /** Written out: one string a query, one character a key, {@code x} for open and {@code .} for closed. */
    record Table(List<String> rows) implements Mask {
        public Table {
            rows = List.copyOf(rows);
            for (String row : rows) {
                Check.that(
                        row.matches("[x.]*"),
                        "model.mask.rows (%s) must hold only x (open) and . (closed), one character a key",
                        Words.shown(row, 60));
            }
        }

        @Override
        public boolean open(int query, int key, int nCtx) {
            return rows.get(query).charAt(key) == 'x';
        }

        @Override
        public void check(int nCtx) {
            Check.that(
                    rows.size() == nCtx && rows.stream().allMatch(r -> r.length() == nCtx),
                    "model.mask.rows must be %s strings of %s characters, one for each of model.n_ctx positions",
                    nCtx,
                    nCtx);
            Mask.super.check(nCtx);
        }
    }
}
