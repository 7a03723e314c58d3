package hooke.model;

import hooke.config.ModelConfig;
import hooke.config.ModelConfig.Identity;
import hooke.hook.Point;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head attention with a static mask: {@code softmax(q k / sqrt(d_head) + mask) v W_O}.
 *
 * <p>Inside, scores and patterns lie as [batch, query, key, head]: contexts are short here, and with the head last everything between
 * the big products is a multiplication and a sum over neighbouring numbers. A batched product of 5 x 5 matrices costs several times as
 * much in this OpenBLAS. Long contexts take the batched product.
 */
record Attention(
        ModelConfig config,
        Tensor W_Q,
        @Nullable Tensor b_Q,
        Tensor W_K,
        @Nullable Tensor b_K,
        Tensor W_V,
        @Nullable Tensor b_V,
        Tensor W_O,
        @Nullable Tensor b_O) {

    /** Keys up to which multiplying and summing beats the batched product. */
    static final int SHORT = 8;

    static Attention of(Weights weights, int layer) {
        String attn = "blocks." + layer + ".attn.";
        return new Attention(
                weights.config(),
                weights.get(attn + "W_Q"),
                weights.bias(attn + "b_Q"),
                weights.get(attn + "W_K"),
                weights.bias(attn + "b_K"),
                weights.get(attn + "W_V"),
                weights.bias(attn + "b_V"),
                weights.get(attn + "W_O"),
                weights.bias(attn + "b_O"));
    }

    /** What attention adds to the residual stream at the queries, from the normalised stream at queries and keys. */
    Stream forward(Stream x, Plan.Layer plan, Site site) {
        Stream to = x.atQueries(plan.queries());
        Stream from = x.atKeys(plan.keys());
        Stream q = site.at(Point.Q, to.with(project(to, W_Q, b_Q)), heads(), dHead()); // [row, head * d_head]
        Stream k = site.at(Point.K, from.with(project(from, W_K, b_K)), heads(), dHead());
        Stream v = site.at(Point.V, from.with(values(from)), heads(), dHead());

        if (x.level() != null) {
            Level after = x.level().next();
            return add(new StateAttention(plan, site, x.level(), after, config.nHeads(), dHead()).mix(q, k, v), site);
        }
        Tensor mixtures = plan.mask() != null && plan.keys().length <= SHORT && !plan.everyPair()
                ? mixOpen(q, k, v, plan)
                : mixAll(q, k, v, plan, site); // [batch * query, head * d_head]
        return add(new Stream(mixtures, x.batch(), plan.queries(), null, null), site);
    }

    private Stream add(Stream mixtures, Site site) {
        Stream z = site.at(Point.Z, mixtures, heads(), dHead());
        return site.at(Point.ATTN_OUT, z.with(output(z, site)), config.dModel());
    }

    /** Query by query over the keys that the mask leaves open: where that is one, its value is the mixture, whatever the scores. */
    private Tensor mixOpen(Stream q, Stream k, Stream v, Plan.Layer plan) {
        int queries = plan.queries().length;
        @Nullable Tensor table = q.shared() == null ? null : scoreTable(q, k);
        List<Tensor> mixtures = new ArrayList<>();
        for (int query = 0; query < queries; query++) {
            int[] open = plan.open(query);
            Tensor values = valuesAt(v, open); // [batch, key, head, d_head]
            if (open.length > 1) {
                Tensor scores = table == null
                        ? byExample(q).narrow(1, query, 1).times(ownAt(k, open)).sum(-1)
                        : table.rows(Plan.places(
                                sharedRows(q)
                                        .pairs()
                                        .view(q.batch(), queries, plan.keys().length)
                                        .select(1, query),
                                open));
                Tensor pattern = scores.times(1 / Math.sqrt(config.dHead())).softmax(1); // [batch, key, head]
                values = pattern.unsqueeze(-1).times(values).sum(1);
            }
            mixtures.add(values.reshape(v.batch(), heads() * dHead()));
        }
        return Tensor.stack(1, mixtures).view((long) v.batch() * queries, heads() * dHead());
    }

    private Tensor valuesAt(Stream v, int[] open) {
        if (v.shared() == null) {
            return ownAt(v, open);
        }
        Tensor rows = v.shared().keyRows().view(v.batch(), v.positions().length);
        return v.rows().rows(Plan.places(rows, open)).view(v.batch(), open.length, heads(), dHead());
    }

    private Tensor ownAt(Stream x, int[] open) {
        return Plan.places(byExample(x), open);
    }

    /** Every query over every key, what is closed with a score of minus infinity. */
    private Tensor mixAll(Stream q, Stream k, Stream v, Plan.Layer plan, Site site) {
        Tensor scores = q.shared() != null ? sharedScores(q, k) : ownScores(q, k); // [batch, query, key, head]
        scores = scores.times(1 / Math.sqrt(config.dHead()));
        if (plan.mask() != null) {
            scores = scores.plus(plan.mask().unsqueeze(-1));
        }
        scores = atHeadFirst(Point.SCORES, scores, site);
        Tensor pattern = atHeadFirst(Point.PATTERN, scores.softmax(2), site);
        return mix(pattern, v);
    }

    private long heads() {
        return config.nHeads();
    }

    private long dHead() {
        return config.dHead();
    }

    private Tensor project(Stream x, Tensor weight, @Nullable Tensor bias) {
        return Linear.apply(x.rows(), headsSideBySide(weight), bias == null ? null : bias.view(heads() * dHead()));
    }

    /** [head, d_model, d_head] as one matrix [d_model, head * d_head]. */
    private Tensor headsSideBySide(Tensor weight) {
        return heads() == 1
                ? weight.view(config.dModel(), dHead())
                : weight.transpose(0, 1).reshape(config.dModel(), heads() * dHead());
    }

    /** {@code x W_V + b_V}; with the identity as W_V, each head reads the first d_head numbers of the stream. */
    private Tensor values(Stream x) {
        if (!config.identity().contains(Identity.W_V)) {
            return project(x, W_V, b_V);
        }
        long rows = x.rows().size(0);
        Tensor first = dHead() == config.dModel() ? x.rows() : x.rows().narrow(1, 0, dHead());
        Tensor each = heads() == 1
                ? first
                : first.unsqueeze(1).expand(rows, heads(), dHead()).reshape(rows, heads() * dHead());
        return b_V == null ? each : each.plus(b_V.view(heads() * dHead()));
    }

    /** Scores of few distinct rows: from the table of all against all, each example takes the ones that it has. */
    private Tensor sharedScores(Stream q, Stream k) {
        return scoreTable(q, k)
                .rows(sharedRows(q).pairs())
                .view(q.batch(), q.positions().length, k.positions().length, heads());
    }

    /** Scores of every distinct query row with every distinct key row, [query row * key row, head]. */
    private Tensor scoreTable(Stream q, Stream k) {
        Tensor queries = byHead(q.rows()); // [head, query row, d_head]
        Tensor keys = byHead(k.rows());
        return queries.matmul(keys.transpose(1, 2)) // [head, query row, key row]
                .permute(1, 2, 0)
                .reshape(queries.size(1) * keys.size(1), heads());
    }

    private static SharedRows sharedRows(Stream x) {
        return Objects.requireNonNull(x.shared());
    }

    private Tensor byHead(Tensor rows) {
        return rows.view(rows.size(0), heads(), dHead()).transpose(0, 1);
    }

    private Tensor ownScores(Stream q, Stream k) {
        Tensor queries = byExample(q); // [batch, query, head, d_head]
        Tensor keys = byExample(k);
        return k.positions().length <= SHORT
                ? queries.unsqueeze(2).times(keys.unsqueeze(1)).sum(-1)
                : queries.transpose(1, 2).matmul(keys.permute(0, 2, 3, 1)).permute(0, 2, 3, 1);
    }

    private Tensor byExample(Stream x) {
        return x.rows().view(x.batch(), x.positions().length, heads(), dHead());
    }

    /** The mixtures of values that the pattern says, [batch * query, head * d_head]. */
    private Tensor mix(Tensor pattern, Stream v) {
        Stream own = v.shared() == null ? v : v.with(v.rows().rows(v.shared().keyRows()));
        Tensor values = byExample(own); // [batch, key, head, d_head]
        Tensor mixtures = v.positions().length <= SHORT
                ? pattern.unsqueeze(-1).times(values.unsqueeze(1)).sum(2)
                : pattern.permute(0, 3, 1, 2).matmul(values.transpose(1, 2)).transpose(1, 2);
        return mixtures.reshape(pattern.size(0) * pattern.size(1), heads() * dHead());
    }

    /** {@code z W_O + b_O}; with the identity as W_O, the heads add up in the first d_head numbers. */
    private Tensor output(Stream z, Site site) {
        if (site.touched(Point.RESULT)) {
            long rows = z.rows().size(0);
            Tensor result = z.rows()
                    .view(rows, heads(), 1, dHead())
                    .matmul(W_O) // [row, head, 1, d_model]
                    .view(rows, heads() * config.dModel());
            Tensor sum = site.at(Point.RESULT, z.with(result), heads(), config.dModel())
                    .rows()
                    .view(rows, heads(), config.dModel())
                    .sum(1);
            return b_O == null ? sum : sum.plus(b_O);
        }
        if (!config.identity().contains(Identity.W_O)) {
            return Linear.apply(z.rows(), W_O.view(heads() * dHead(), config.dModel()), b_O);
        }
        long rows = z.rows().size(0);
        Tensor sum =
                heads() == 1 ? z.rows() : z.rows().view(rows, heads(), dHead()).sum(1);
        Tensor wide = dHead() == config.dModel()
                ? sum
                : Tensor.cat(1, List.of(sum, Tensor.zeros(sum.dtype(), rows, config.dModel() - dHead())));
        return b_O == null ? wide : wide.plus(b_O);
    }

    /** Shows a point whose axes are [batch, head, query, key]. */
    private static Tensor atHeadFirst(Point kind, Tensor headLast, Site site) {
        return site.touched(kind) ? site.at(kind, headLast.permute(0, 3, 1, 2)).permute(0, 2, 3, 1) : headLast;
    }
}
