package hooke.model;

import hooke.hook.Point;
import hooke.hook.Rows;
import hooke.reach.Reach;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Rows are the states that examples share, [row, width]: each row behind the layer attends to the rows before it that the mask leaves open.
 * It goes query by query and key by key and frees at once what it no longer needs, so that little memory is touched. For passes that record
 * no gradients.
 */
record ByState(Reach.Layer reach, Level before, Level after, int heads, long dHead) implements Mixing {
    /** Scores of all rows with all rows are one product: quicker than single ones even where most are for nothing. */
    private static final int SURPLUS = 16;

    @Override
    public Tensor atQueries(Tensor x) {
        return x;
    }

    @Override
    public Tensor atKeys(Tensor x) {
        return x;
    }

    @Override
    public Tensor queryPositions() {
        return before.positionOfEach();
    }

    @Override
    public Tensor keyPositions() {
        return before.positionOfEach();
    }

    @Override
    public Site behind(Site site) {
        return site.on(after);
    }

    @Override
    public Tensor sum(Tensor x, Tensor attended) {
        Tensor sum = Tensor.empty(x.device(), x.dtype(), attended.shape());
        try (var _ = new Scope()) {
            for (int position = 0; position < after.positions(); position++) {
                after.from(before, x, position, position)
                        .plusInto(after.part(attended, position), after.part(sum, position));
            }
        }
        return sum;
    }

    @Override
    public Tensor mix(Tensor q, Tensor k, Tensor v, @Nullable Tensor keyScores, Site site) {
        int positions = after.positions();
        Tensor z = Tensor.empty(q.device(), q.dtype(), after.rows(), heads * dHead);
        try (var _ = new Scope()) {
            Tensor scores = Tensor.zeros(z.device(), z.dtype(), after.rows(), positions, heads); // [row, key, head]
            scores.plusInPlace(Double.NEGATIVE_INFINITY);
            score(q, k, scores);
            scores.timesInPlace(1 / Math.sqrt(dHead));
            show(Point.SCORES, scores, site);
            Tensor pattern = scores.softmax(1);
            show(Point.PATTERN, pattern, site);
            for (int query = 0; query < positions; query++) {
                mix(v, pattern, query, z);
            }
        }
        return z;
    }

    private void score(Tensor q, Tensor k, Tensor scores) {
        long few = q.size(0) * q.size(0);
        @Nullable Tensor table = few <= SURPLUS * scores.size(0) ? table(q, k) : null;
        for (int query = 0; query < after.positions(); query++) {
            for (int key : reach.open(query)) {
                try (var _ = new Scope()) {
                    Tensor some = table == null
                            ? byHead(after.from(before, q, query, query))
                                    .times(byHead(after.from(before, k, query, key)))
                                    .sum(-1)
                            : table.rows(after.pairs(before, query, key));
                    after.part(scores, query).select(1, key).copyInPlace(some); // [row of the query, head]
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
        int[] open = reach.open(query);
        Tensor mixture = after.part(z, query);
        for (int key : open) {
            try (var _ = new Scope()) {
                Tensor value = after.from(before, v, query, key);
                Tensor share = after.part(pattern, query).select(1, key).unsqueeze(-1); // [row of the query, head, 1]
                if (open.length == 1) {
                    mixture.copyInPlace(value); // whatever its score
                } else if (key == open[0]) {
                    byHead(value).timesInto(share, byHead(mixture));
                } else {
                    byHead(mixture).addProductInPlace(byHead(value), share, 1);
                }
            }
        }
    }

    private Tensor byHead(Tensor rows) {
        return rows.view(rows.size(0), heads, dHead);
    }

    /** Shows [row, key, head] as [batch, head, query, key]. */
    private void show(Point kind, Tensor headLast, Site site) {
        long keys = headLast.size(1);
        site.show(kind, () -> {
            Tensor entries = headLast.transpose(1, 2).reshape((long) after.rows() * heads, keys); // [row * head, key]
            return new Rows(entries, after.ofExamples(heads), after.examples(), heads, keys, keys);
        });
    }
}
