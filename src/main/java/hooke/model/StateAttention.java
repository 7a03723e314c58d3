package hooke.model;

import hooke.hook.Point;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;

/**
 * What lies between a layer's projections where rows are states: each row behind the layer attends to the rows before it that the mask
 * leaves open. It goes query by query and key by key and frees at once what it no longer needs, so that little memory is touched.
 */
record StateAttention(Plan.Layer plan, Site site, Level before, Level after, long heads, long dHead) {
    /** Scores of all rows with all rows are one product: quicker than single ones even where most are for nothing. */
    private static final int SURPLUS = 16;

    /** The mixtures of values, in rows of the level behind the layer. */
    Stream mix(Stream q, Stream k, Stream v) {
        int positions = plan.queries().length;
        Tensor z = Tensor.zeros(q.rows().device(), q.rows().dtype(), after.rows(), heads * dHead);
        Stream mixed = new Stream(z, q.batch(), q.positions(), null, after);
        try (var _ = new Scope()) {
            Tensor scores = Tensor.zeros(z.device(), z.dtype(), after.rows(), positions, heads); // [row, key, head]
            scores.plusInPlace(Double.NEGATIVE_INFINITY);
            score(q.rows(), k.rows(), scores);
            scores.timesInPlace(1 / Math.sqrt(dHead));
            show(Point.SCORES, scores, mixed);
            Tensor pattern = scores.softmax(1);
            show(Point.PATTERN, pattern, mixed);
            for (int query = 0; query < positions; query++) {
                mix(v.rows(), pattern, query, z);
            }
        }
        return mixed;
    }

    private void score(Tensor q, Tensor k, Tensor scores) {
        long few = q.size(0) * q.size(0);
        boolean all = few <= SURPLUS * scores.size(0);
        Tensor from = all ? table(q, k) : q.rows(after.own(before));
        for (int query = 0; query < plan.queries().length; query++) {
            for (int key : plan.open(query)) {
                try (var _ = new Scope()) {
                    Tensor some = all
                            ? from.rows(after.pairs(before, query, key))
                            : byHead(part(from, query))
                                    .times(byHead(k.rows(after.keys(before, query, key))))
                                    .sum(-1);
                    part(scores, query).select(1, key).copyInPlace(some); // [row of the query, head]
                }
            }
        }
    }

    /** Scores of every row with every row, [query row * key row, head]. */
    private Tensor table(Tensor q, Tensor k) {
        return byHead(q)
                .transpose(0, 1)
                .matmul(byHead(k).permute(1, 2, 0)) // [head, query row, key row]
                .permute(1, 2, 0)
                .reshape(q.size(0) * k.size(0), heads);
    }

    private void mix(Tensor v, Tensor pattern, int query, Tensor z) {
        int[] open = plan.open(query);
        for (int key : open) {
            try (var _ = new Scope()) {
                Tensor rows = after.keys(before, query, key);
                if (open.length == 1) {
                    v.rowsInto(rows, part(z, query)); // whatever its score
                } else {
                    Tensor share = part(pattern, query).select(1, key).unsqueeze(-1); // [row of the query, head, 1]
                    byHead(part(z, query)).addProductInPlace(byHead(v.rows(rows)), share, 1);
                }
            }
        }
    }

    private Tensor part(Tensor rows, int query) {
        return rows.narrow(0, after.start(query), after.count(query));
    }

    private Tensor byHead(Tensor rows) {
        return rows.view(rows.size(0), heads, dHead);
    }

    /** Shows [row, key, head] as [batch, head, query, key]. */
    private void show(Point kind, Tensor headLast, Stream states) {
        if (site.touched(kind)) {
            long n = states.positions().length;
            site.at(
                    kind,
                    headLast.view(headLast.size(0), n * heads)
                            .rows(after.ofExamples())
                            .view(states.batch(), n, n, heads)
                            .permute(0, 3, 1, 2));
        }
    }
}
