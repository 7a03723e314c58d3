package hooke.config;

import hooke.Check;
import hooke.config.form.Words;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which keys (positions) a query may attend to, in each layer and head; the same for every example. */
public sealed interface Mask {
    /** What the queries of one head see. */
    sealed interface Plain {
        /** Whether a query at one position may attend to the key at another, in a context of nCtx positions. */
        boolean open(int query, int key, int nCtx);

        /** Whether no query sees a key behind it. */
        default boolean looksBack(int nCtx) {
            return true;
        }

        /** Whether every query sees itself. */
        default boolean seesItself() {
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

        /** Whether every query sees itself and everything before it, and nothing else. */
        default boolean isCausal(int nCtx) {
            return false;
        }
    }

    /** What a head of a layer sees. */
    default Plain of(int layer, int head, int nHeads) {
        return switch (this) {
            case Plain plain -> plain;
            case StridedHalf(int stride) -> head < nHeads / 2 ? new Local(stride) : new Strided(stride);
            case Fixed fixed -> fixed.ofHead(head);
            case Heads(List<Mask> masks) -> masks.get(head % masks.size()).of(layer, head, nHeads);
            case Layers(List<Mask> masks) -> masks.get(layer % masks.size()).of(layer, head, nHeads);
        };
    }

    /** All that the heads of some layers see, without repetition. */
    default Set<Plain> all(int fromLayer, int toLayer, int nHeads) {
        Set<Plain> all = new LinkedHashSet<>();
        for (int layer = fromLayer; layer < toLayer; layer++) {
            for (int head = 0; head < nHeads; head++) {
                all.add(of(layer, head, nHeads));
            }
        }
        return all;
    }

    /** Throws unless the mask fits a model of these dimensions and every query sees at least one key. */
    default void check(int nLayers, int nHeads, int nCtx) {}

    /** The query itself and everything before it. */
    record Causal() implements Mask, Plain {
        @Override
        public boolean open(int query, int key, int nCtx) {
            return key <= query;
        }

        @Override
        public boolean isCausal(int nCtx) {
            return true;
        }
    }

    /** Every key. */
    record Full() implements Mask, Plain {
        @Override
        public boolean open(int query, int key, int nCtx) {
            return true;
        }

        @Override
        public boolean looksBack(int nCtx) {
            return nCtx == 1;
        }
    }

    /** The query itself and the window - 1 positions before it. */
    record Local(int window) implements Mask, Plain {
        public Local {
            Check.that(window >= 1, "model.mask.window (%s) must be at least 1", window);
        }

        @Override
        public boolean open(int query, int key, int nCtx) {
            return key <= query && key > query - window;
        }

        @Override
        public boolean isCausal(int nCtx) {
            return window >= nCtx;
        }
    }

    /**
     * What list copy is about: strictly earlier keys only, the first position seeing itself, and nothing behind position
     * {@code at} sees anything before it. With {@code at = list_length} everything passes through the separator.
     */
    record Bottleneck(int at) implements Mask, Plain {
        public Bottleneck {
            Check.that(at >= 1, "model.mask.at (%s) must be at least 1", at);
        }

        @Override
        public boolean open(int query, int key, int nCtx) {
            return query == 0 && key == 0 || key < query && !(query > at && key < at);
        }

        @Override
        public boolean seesItself() {
            return false;
        }

        @Override
        public void check(int nLayers, int nHeads, int nCtx) {
            Check.that(at < nCtx, "model.mask.at (%s) must be less than model.n_ctx (%s)", at, nCtx);
        }
    }

    /** Written out: one string a query, one character a key, {@code x} for open and {@code .} for closed. */
    record Table(List<String> rows) implements Mask, Plain {
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
        public boolean looksBack(int nCtx) {
            for (int q = 0; q < nCtx; q++) {
                if (rows.get(q).indexOf('x', q + 1) >= 0) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public boolean seesItself() {
            for (int q = 0; q < rows.size(); q++) {
                if (!open(q, q, rows.size())) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public boolean isCausal(int nCtx) {
            for (int q = 0; q < nCtx; q++) {
                if (!rows.get(q).equals("x".repeat(q + 1) + ".".repeat(nCtx - q - 1))) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public void check(int nLayers, int nHeads, int nCtx) {
            Check.that(
                    rows.size() == nCtx && rows.stream().allMatch(r -> r.length() == nCtx),
                    "model.mask.rows must be %s strings of %s characters, one for each of model.n_ctx positions",
                    nCtx,
                    nCtx);
            for (int q = 0; q < nCtx; q++) {
                Check.that(
                        rows.get(q).contains("x"),
                        "model.mask leaves the query at position %s without a key: open at least one",
                        q);
            }
        }
    }

    /** The query itself and every stride-th position before it (Child et al. 2019, arXiv 1904.10509). */
    record Strided(int stride) implements Mask, Plain {
        public Strided {
            Check.that(stride >= 1, "model.mask.stride (%s) must be at least 1", stride);
        }

        @Override
        public boolean open(int query, int key, int nCtx) {
            return key <= query && (query - key) % stride == 0;
        }

        @Override
        public boolean isCausal(int nCtx) {
            return stride == 1;
        }
    }

    /** The first half of the heads sees a window of {@code stride} positions, the others every stride-th position. */
    record StridedHalf(int stride) implements Mask {
        public StridedHalf {
            Check.that(stride >= 1, "model.mask.stride (%s) must be at least 1", stride);
        }

        @Override
        public void check(int nLayers, int nHeads, int nCtx) {
            Check.that(
                    nHeads >= 2,
                    "model.mask (strided-half) needs at least 2 model.n_heads, one for each half, not %s",
                    nHeads);
        }
    }

    /**
     * Groups of positions that end with a summary (Child et al. 2019, arXiv 1904.10509): a query sees what its group holds up to
     * itself, and of every group before it the summary. All is counted in blocks.
     *
     * @param block positions of a block
     * @param localContext positions of a group
     * @param verts blocks of a summary
     * @param numVerts summaries of a group, which the heads take in turn: the last {@code verts} blocks, those before them, and so on
     */
    record Fixed(int block, int localContext, int verts, int numVerts) implements Mask {
        public Fixed {
            Check.that(block >= 1, "model.mask.block (%s) must be at least 1", block);
            Check.that(
                    localContext >= 1 && localContext % block == 0,
                    "model.mask.local_context (%s) must be a multiple of model.mask.block (%s)",
                    localContext,
                    block);
            int blocks = localContext / block;
            Check.that(
                    verts >= 1 && verts <= blocks && blocks % verts == 0,
                    "model.mask.verts (%s) must divide the %s blocks of a group (local_context %s / block %s)",
                    verts,
                    blocks,
                    localContext,
                    block);
            Check.that(
                    numVerts >= 1 && numVerts <= blocks / verts,
                    "model.mask.num_verts (%s) must be from 1 to the %s summaries that a group of %s blocks has room for",
                    numVerts,
                    blocks / verts,
                    blocks);
        }

        @Override
        public void check(int nLayers, int nHeads, int nCtx) {
            Check.that(
                    nCtx % block == 0,
                    "model.mask.block (%s) must divide model.n_ctx (%s): the context is so many whole blocks",
                    block,
                    nCtx);
            Check.that(
                    nHeads % numVerts == 0,
                    "model.mask.num_verts (%s) must divide model.n_heads (%s): so many heads take each summary",
                    numVerts,
                    nHeads);
        }

        private Grouped ofHead(int head) {
            int to = localContext - head % numVerts * verts * block;
            return new Grouped(localContext, to - verts * block, to);
        }
    }

    /**
     * What one head of {@link Fixed} sees: what its group holds up to itself, and of each group before it some neighbouring positions.
     *
     * @param group positions of a group
     * @param from the first position of a summary, counted in its group
     * @param to one behind the last
     */
    record Grouped(int group, int from, int to) implements Plain {
        @Override
        public boolean open(int query, int key, int nCtx) {
            int place = key % group;
            return key <= query && (query / group == key / group || place >= from && place < to);
        }

        @Override
        public boolean isCausal(int nCtx) {
            return group >= nCtx || from == 0 && to == group;
        }
    }

    /** The heads' masks in turn: head h has number h, modulo how many there are. */
    record Heads(List<Mask> masks) implements Mask {
        public Heads {
            masks = List.copyOf(masks);
            Check.that(!masks.isEmpty(), "model.mask.masks must name at least one mask");
            for (Mask mask : masks) {
                Check.that(
                        !(mask instanceof Heads || mask instanceof Layers || mask instanceof StridedHalf),
                        "model.mask.masks (%s) must be masks of one head: not %s, which is for several",
                        Words.kind(mask.getClass()),
                        Words.kind(mask.getClass()));
            }
        }

        @Override
        public void check(int nLayers, int nHeads, int nCtx) {
            checkAll(masks, nHeads, "n_heads", nLayers, nHeads, nCtx);
        }
    }

    /** The layers' masks in turn: layer l has number l, modulo how many there are. */
    record Layers(List<Mask> masks) implements Mask {
        public Layers {
            masks = List.copyOf(masks);
            Check.that(!masks.isEmpty(), "model.mask.masks must name at least one mask");
            Check.that(
                    masks.stream().noneMatch(Layers.class::isInstance),
                    "model.mask.masks (layers) must be masks of one layer: not layers again");
        }

        @Override
        public void check(int nLayers, int nHeads, int nCtx) {
            checkAll(masks, nLayers, "n_layers", nLayers, nHeads, nCtx);
        }
    }

    private static void checkAll(List<Mask> masks, int takers, String key, int nLayers, int nHeads, int nCtx) {
        Check.that(
                masks.size() <= takers,
                "model.mask.masks has %s masks for model.%s %s: nothing would read the last ones",
                masks.size(),
                key,
                takers);
        masks.forEach(mask -> mask.check(nLayers, nHeads, nCtx));
    }
}
