package hooke.model;

import hooke.config.Mask;
import hooke.config.Weighting;
import hooke.hook.Point;
import hooke.reach.Reach;
import hooke.reach.Thresholds;
import hooke.tensor.Device;
import hooke.tensor.NoGrad;
import hooke.tensor.Recomputed;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Every query over the few keys that it chooses: those with the largest scores, or SparseK's. Queries come in blocks, of which only one
 * has scores and pattern at a time, in the backward pass, too; but where somebody looks at them, all have.
 *
 * @param mask 0, or minus infinity for what is closed, [query, key], or [1 or batch, 1 or head, query, key]; null where all
 *     is open
 * @param hidden 0, or minus infinity for what no query of an example sees, [batch, key]; null where every example sees all
 * @param block queries of a block
 */
record ChosenKeys(
        Plan.Layer plan, @Nullable Tensor mask, @Nullable Tensor hidden, int heads, Weighting by, int block)
        implements Mixing.OfExamples {
    /** Shares below it are 0. */
    private static final double NOTHING = 1e-30;

    /** Scores below it are minus infinity, in any precision. */
    private static final double CLOSED = -3e38;

    @Override
    public ChosenKeys hiding(Tensor hiddenKeys) {
        Tensor ofExamples = hiddenKeys.unsqueeze(1).unsqueeze(1); // [batch, 1, 1, key]
        return new ChosenKeys(plan, mask == null ? ofExamples : ofExamples.plus(mask), hiddenKeys, heads, by, block);
    }

    @Override
    public Tensor mix(Tensor q, Tensor k, Tensor v, @Nullable Tensor keyScores, Site site) {
        Tensor queries = byHead(q); // [batch, head, query, d_head]
        List<Tensor> inputs = new ArrayList<>(List.of(byHead(k), byHead(v)));
        @Nullable Tensor tau = null;
        if (keyScores != null) {
            Tensor u = keyScores.transpose(1, 2); // [batch, head, key]
            inputs.add(u);
            tau = thresholds(u, ((Weighting.SparseK) by).k());
        }
        @Nullable
        Tensor factors = site.drops() == null
                ? null
                : site.drops().ofPattern(site.layer(), queries.size(0), heads, queries); // [batch, head, query, key]
        long count = queries.size(2);
        boolean whole = count <= block
                || site.touched(Point.SCORES)
                || site.touched(Point.PATTERN)
                || site.touched(Point.SELECTION);
        Recomputed recomputed = new Recomputed();
        List<Tensor> mixed = new ArrayList<>();
        for (long first = 0; first < count; first += whole ? count : block) {
            long size = whole ? count : Math.min(block, count - first);
            var part = new Part(
                    at(mask, first, size, count),
                    tau == null ? null : tau.narrow(2, first, size),
                    factors == null ? null : factors.narrow(2, first, size),
                    site);
            List<Tensor> of = new ArrayList<>(List.of(queries.narrow(2, first, size)));
            of.addAll(inputs);
            mixed.add(whole ? mix(part, of) : recomputed.of(in -> mix(part, in), of));
        }
        Tensor all = mixed.size() == 1 ? mixed.getFirst() : Tensor.cat(2, mixed);
        return all.transpose(1, 2).reshape(q.shape());
    }

    /** Some neighbouring queries. */
    private record Part(
            @Nullable Tensor mask,
            @Nullable Tensor tau,
            @Nullable Tensor factors,
            Site site) {}

    private static @Nullable Tensor at(@Nullable Tensor mask, long first, long size, long count) {
        return mask == null || mask.size(-2) != count ? mask : mask.narrow(-2, first, size);
    }

    /** @param in queries, keys, values, and scores of keys where there are any */
    private Tensor mix(Part part, List<Tensor> in) {
        Tensor scores = in.get(0)
                .matmul(in.get(1).transpose(2, 3))
                .times(1 / Math.sqrt(in.get(0).size(3)));
        Site site = part.site();
        return switch (by) {
            case Weighting.Softmax() -> throw new IllegalStateException("softmax takes all keys");
            case Weighting.TopK(int k) -> {
                scores = site.at(Point.SCORES, part.mask() == null ? scores : scores.plus(part.mask()));
                Tensor chosen = site.at(Point.SELECTION, largest(scores.detach(), k)); // 1 or 0
                Tensor pattern = scores.maskedFill(chosen.less(0.5), Double.NEGATIVE_INFINITY)
                        .softmax(3);
                yield dropped(site.at(Point.PATTERN, pattern), part).matmul(in.get(2));
            }
            case Weighting.SparseK _ -> {
                Tensor shares = site.at(
                        Point.SELECTION,
                        shares(
                                in.get(3),
                                Objects.requireNonNull(part.tau()),
                                part.mask())); // [batch, head, query, key]
                scores = scores.times(shares).maskedFill(shares.detach().less(NOTHING), Double.NEGATIVE_INFINITY);
                Tensor pattern =
                        site.at(Point.PATTERN, site.at(Point.SCORES, scores).softmax(3));
                yield dropped(pattern, part).times(shares).matmul(in.get(2));
            }
        };
    }

    private static Tensor dropped(Tensor pattern, Part part) {
        return part.factors() == null ? pattern : pattern.times(part.factors());
    }

    /** 1 for the k largest scores of each query, the earlier of equal ones, and 0 for the others. */
    static Tensor largest(Tensor scores, int k) {
        try (var _ = new NoGrad()) {
            Tensor least = scores.largest(Math.min(k, scores.size(3))); // [batch, head, query, 1]
            Tensor above = least.less(scores).to(scores.dtype());
            Tensor equal = scores.eq(least).to(scores.dtype());
            Tensor room = above.sum(3).unsqueeze(3).times(-1).plus(k + 0.5);
            return above.plus(equal.times(equal.sumsTo(3).less(room).to(scores.dtype())))
                    .maskedFill(scores.less(CLOSED), 0);
        }
    }

    /**
     * {@code clip(u - tau, 0, 1)} of scores [batch, head, key] for each query, [batch, head, query, key]. The threshold moves with the mean
     * of the scores that are strictly between, which gives the gradient. What the mask closes has no share and moves nothing.
     */
    static Tensor shares(Tensor u, Tensor tau, @Nullable Tensor mask) {
        Tensor each = u.unsqueeze(2); // [batch, head, 1, key]
        Tensor between;
        Tensor whole;
        Tensor count;
        try (var _ = new NoGrad()) {
            Tensor over = each.minus(tau.unsqueeze(3)); // [batch, head, query, key]
            whole = over.less(1).to(u.dtype()).times(-1).plus(1);
            between = over.less(NOTHING).to(u.dtype()).times(-1).plus(1).minus(whole);
            if (mask != null) {
                Tensor closed = mask.less(0);
                whole = whole.maskedFill(closed, 0);
                between = between.maskedFill(closed, 0);
            }
            count = between.sum(3).unsqueeze(3);
            count = count.plus(count.less(0.5).to(u.dtype()));
        }
        Tensor mean = between.times(each).sum(3).unsqueeze(3).dividedBy(count);
        Tensor moving = tau.unsqueeze(3).plus(mean.minus(mean.detach()));
        return each.minus(moving).times(between).plus(whole);
    }

    /** SparseK's thresholds of scores [batch, head, key] for what each query sees, [batch, head, query]; nothing flows through them. */
    Tensor thresholds(Tensor u, int k) {
        Reach.Layer reach = plan.reach();
        double[] scores = u.detach().to(Device.CPU).contiguous().toDoubles();
        int keys = reach.keys().length;
        int queries = reach.queries().length;
        double[] ofExamples = hidden == null ? new double[0] : hidden.toDoubles();
        double[] tau = new double[scores.length / keys * queries];
        for (int i = 0; i < scores.length / keys; i++) {
            Mask.Plain seen = reach.masks().get(i % heads);
            boolean causal = seen.isCausal(reach.nCtx());
            var thresholds = new Thresholds(k, keys);
            int next = 0;
            for (int query = 0; query < queries; query++) {
                int at = reach.queries()[query];
                if (!causal) {
                    thresholds = new Thresholds(k, keys);
                    next = 0;
                }
                for (; next < keys && (!causal || reach.keys()[next] <= at); next++) {
                    boolean open = hidden == null || ofExamples[i / heads * keys + next] == 0;
                    if (open && seen.open(at, reach.keys()[next], reach.nCtx())) {
                        thresholds.add(scores[i * keys + next]);
                    }
                }
                tau[i * queries + query] = thresholds.now();
            }
        }
        return Tensor.of(tau, u.size(0), heads, queries).to(u.dtype()).to(u.device());
    }

    private Tensor byHead(Tensor x) {
        return LastAxis.split(x, heads, x.size(2) / heads).transpose(1, 2);
    }
}
