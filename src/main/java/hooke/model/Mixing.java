package hooke.model;

import hooke.config.Weighting;
import hooke.hook.Point;
import hooke.reach.Reach;
import hooke.tensor.Device;
import hooke.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How the queries of one layer mix the values of its keys: {@code softmax(q k / sqrt(d_head) + mask) v}. Queries, keys and values come with
 * the heads side by side, [batch, pos, head * d_head].
 */
sealed interface Mixing permits Mixing.OfExamples, ByState {
    /** Keys up to which multiplying and summing beats the batched product. */
    int SHORT = 8;

    /** Queries that choose their keys at a time. */
    int BLOCK = 256;

    /** Of the stream before the layer, what queries are made from. */
    Tensor atQueries(Tensor x);

    /** Of the stream before the layer, what keys and values are made from. */
    Tensor atKeys(Tensor x);

    /** I64, the position of each row that queries are made from. */
    Tensor queryPositions();

    /** I64, the position of each row that keys are made from. */
    Tensor keyPositions();

    /**
     * The mixtures of values, [batch, query, head * d_head].
     *
     * @param keyScores SparseK's score of each key, [batch, key, head]; null with other attention
     */
    Tensor mix(Tensor q, Tensor k, Tensor v, @Nullable Tensor keyScores, Site site);

    /** The stream before the layer where the queries stand, and what attention adds to it. */
    Tensor sum(Tensor x, Tensor attended);

    /** Where the stream behind attention is looked at. */
    Site behind(Site site);

    /** Of these queries and keys, among the positions of the stream before the layer. */
    static OfExamples of(Reach.Layer reach, Weighting attention, Device device) {
        int heads = reach.masks().size();
        if (attention.chooses()) {
            Plan.Layer plan = Plan.Layer.of(reach, device);
            return new ChosenKeys(plan, plan.mask(), null, heads, attention, BLOCK);
        }
        return TiledKeys.of(reach, device)
                .<OfExamples>map(tiled -> tiled)
                .orElseGet(() -> of(Plan.Layer.of(reach, device), heads));
    }

    private static OfExamples of(Plan.Layer plan, int heads) {
        @Nullable Tensor mask = plan.mask();
        if (plan.keys().length <= SHORT) {
            boolean same = mask == null || mask.shape().length == 2;
            return new FewKeys(
                    plan,
                    mask == null
                            ? null
                            : same ? mask.unsqueeze(-1) : mask.select(0, 0).permute(1, 2, 0),
                    heads);
        }
        return new ManyKeys(plan, mask, heads);
    }

    /** Every example has rows of its own. */
    sealed interface OfExamples extends Mixing permits FewKeys, ManyKeys, TiledKeys, ChosenKeys {
        Plan.Layer plan();

        /**
         * This mixing with keys that single examples do not see.
         *
         * @param hidden 0, or minus infinity for what no query of an example sees, [batch, key]
         */
        OfExamples hiding(Tensor hidden);

        @Override
        default Tensor queryPositions() {
            return plan().queryPositions();
        }

        @Override
        default Tensor keyPositions() {
            return plan().keyPositions();
        }

        @Override
        default Tensor atQueries(Tensor x) {
            return at(x, plan().queries());
        }

        @Override
        default Tensor atKeys(Tensor x) {
            return at(x, plan().keys());
        }

        /** Of the stream before the layer, some of its positions. */
        default Tensor at(Tensor x, int[] wanted) {
            int[] positions = plan().positions();
            if (Arrays.equals(wanted, positions)) {
                return x;
            }
            int[] places = Arrays.stream(wanted)
                    .map(p -> Arrays.binarySearch(positions, p))
                    .toArray();
            boolean neighbours = places[places.length - 1] - places[0] == places.length - 1;
            return neighbours
                    ? x.narrow(1, places[0], places.length)
                    : x.indexSelect(1, Tensor.of(places, places.length).to(x.device()));
        }

        @Override
        default Tensor sum(Tensor x, Tensor attended) {
            return atQueries(x).plus(attended);
        }

        @Override
        default Site behind(Site site) {
            return site;
        }
    }

    /**
     * Every query over every key, what is closed with a score of minus infinity. Where nobody looks at scores and pattern, there is no
     * pattern: libtorch's attention goes through the keys tile by tile, with the same numbers but for rounding.
     */
    record ManyKeys(Plan.Layer plan, @Nullable Tensor mask, int heads) implements OfExamples {
        @Override
        public ManyKeys hiding(Tensor hidden) {
            Tensor ofExamples = hidden.unsqueeze(1).unsqueeze(1); // [batch, 1, 1, key]
            return new ManyKeys(plan, mask == null ? ofExamples : ofExamples.plus(mask), heads);
        }

        @Override
        public Tensor mix(Tensor q, Tensor k, Tensor v, @Nullable Tensor keyScores, Site site) {
            Tensor queries = byHead(q); // [batch, head, query, d_head]
            Tensor keys = byHead(k); // [batch, head, key, d_head]
            Tensor values = byHead(v);
            Tensor mixed;
            if (site.touched(Point.SCORES) || site.touched(Point.PATTERN) || site.drops() != null) {
                Tensor scores = queries.matmul(keys.transpose(2, 3)).times(1 / Math.sqrt(queries.size(3)));
                scores = site.at(Point.SCORES, mask == null ? scores : scores.plus(mask)); // [batch, head, query, key]
                Tensor pattern = site.at(Point.PATTERN, scores.softmax(3));
                mixed = dropped(pattern, site).matmul(values); // [batch, head, query, d_head]
            } else {
                mixed = queries.attention(keys, values, mask);
            }
            return mixed.transpose(1, 2).reshape(q.shape());
        }

        private Tensor byHead(Tensor x) {
            return LastAxis.split(x, heads, x.size(2) / heads).transpose(1, 2);
        }

        private Tensor dropped(Tensor pattern, Site site) {
            @Nullable Drops drops = site.drops();
            return drops == null
                    ? pattern
                    : pattern.times(drops.ofPattern(site.layer(), pattern.size(0), heads, pattern));
        }
    }

    /**
     * Every query over few keys, with mask, scores and patterns as [batch, query, key, head]: with the head last everything is a multiplication
     * and a sum over neighbouring numbers. A batched product of 5 x 5 matrices costs several times as much in this OpenBLAS.
     */
    record FewKeys(Plan.Layer plan, @Nullable Tensor mask, int heads) implements OfExamples {
        @Override
        public FewKeys hiding(Tensor hidden) {
            Tensor ofExamples = hidden.unsqueeze(1).unsqueeze(-1); // [batch, 1, key, 1]
            return new FewKeys(plan, mask == null ? ofExamples : ofExamples.plus(mask), heads);
        }

        @Override
        public Tensor mix(Tensor q, Tensor k, Tensor v, @Nullable Tensor keyScores, Site site) {
            long dHead = q.size(2) / heads;
            Tensor queries = LastAxis.split(q, heads, dHead).unsqueeze(2); // [batch, query, 1, head, d_head]
            Tensor keys = LastAxis.split(k, heads, dHead).unsqueeze(1); // [batch, 1, key, head, d_head]
            Tensor values = LastAxis.split(v, heads, dHead).unsqueeze(1);
            Tensor scores = queries.times(keys).sum(-1).times(1 / Math.sqrt(dHead)); // [batch, query, key, head]
            scores = headFirst(Point.SCORES, mask == null ? scores : scores.plus(mask), site);
            Tensor pattern = headFirst(Point.PATTERN, scores.softmax(2), site);
            @Nullable Drops drops = site.drops();
            if (drops != null) {
                Tensor factors = drops.ofPattern(site.layer(), pattern.size(0), heads, pattern);
                pattern = pattern.times(factors.permute(0, 2, 3, 1));
            }
            return pattern.unsqueeze(-1).times(values).sum(2).reshape(q.shape());
        }

        /** Shows a point whose axes are [batch, head, query, key]. */
        private static Tensor headFirst(Point kind, Tensor headLast, Site site) {
            return site.touched(kind)
                    ? site.at(kind, headLast.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
                    : headLast;
        }
    }
}
