package hooke.model;

import hooke.config.ModelConfig;
import hooke.config.ModelConfig.Identity;
import hooke.hook.Point;
import hooke.tensor.Dropout;
import hooke.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Multi-head attention with a static mask: {@code softmax(q k / sqrt(d_head) + mask) v W_O}. */
record Attention(
        ModelConfig config,
        @Nullable Rotary rotary,
        Tensor W_Q,
        @Nullable Tensor b_Q,
        Tensor W_K,
        @Nullable Tensor b_K,
        Tensor W_V,
        @Nullable Tensor b_V,
        @Nullable Tensor W_score,
        Tensor W_O,
        @Nullable Tensor b_O) {

    static Attention of(Weights weights, int layer, @Nullable Rotary rotary) {
        String attn = "blocks." + layer + ".attn.";
        return new Attention(
                weights.config().block(layer),
                rotary,
                weights.get(attn + "W_Q"),
                weights.bias(attn + "b_Q"),
                weights.get(attn + "W_K"),
                weights.bias(attn + "b_K"),
                weights.get(attn + "W_V"),
                weights.bias(attn + "b_V"),
                weights.config().attention().scoresKeys() ? weights.get(attn + "W_score") : null,
                weights.get(attn + "W_O"),
                weights.bias(attn + "b_O"));
    }

    /**
     * What attention adds to the residual stream at the queries, [batch, query, d_model].
     *
     * @param x the normalised stream, [batch, pos, d_model]
     */
    Tensor forward(Tensor x, Mixing mixing, Site site) {
        Tensor to = mixing.atQueries(x); // [batch, query, d_model]
        Tensor from = mixing.atKeys(x); // [batch, key, d_model]
        Tensor q = site.at(Point.Q, project(to, W_Q, b_Q), heads(), dHead()); // [batch, query, head * d_head]
        Tensor k = site.at(Point.K, project(from, W_K, b_K), heads(), dHead()); // [batch, key, head * d_head]
        Tensor v = site.at(Point.V, values(from), heads(), dHead()); // [batch, key, head * d_head]
        if (rotary != null) {
            q = site.at(Point.ROT_Q, rotary.turn(q, mixing.queryPositions()), heads(), dHead());
            k = site.at(Point.ROT_K, rotary.turn(k, mixing.keyPositions()), heads(), dHead());
        }
        @Nullable
        Tensor keyScores = W_score == null
                ? null
                : site.at(Point.KEY_SCORES, Linear.apply(from, W_score.transpose(0, 1), null)); // [batch, key, head]
        Site behind = mixing.behind(site);
        Tensor z = behind.at(
                Point.Z, mixing.mix(q, k, v, keyScores, behind), heads(), dHead()); // [batch, query, head * d_head]
        return behind.dropped(
                Dropout.Place.ATTN_OUT, behind.at(Point.ATTN_OUT, output(z, behind))); // [batch, query, d_model]
    }

    private long heads() {
        return config.nHeads();
    }

    private long dHead() {
        return config.dHead();
    }

    private Tensor project(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return Linear.apply(x, headsSideBySide(weight), bias == null ? null : bias.view(heads() * dHead()));
    }

    /** [head, d_model, d_head] as one matrix [d_model, head * d_head]. */
    private Tensor headsSideBySide(Tensor weight) {
        return heads() == 1
                ? weight.view(config.dModel(), dHead())
                : weight.transpose(0, 1).reshape(config.dModel(), heads() * dHead());
    }

    /** {@code x W_V + b_V}; with the identity as W_V, each head reads the first d_head numbers of the stream. */
    private Tensor values(Tensor x) {
        if (!config.identity().contains(Identity.W_V)) {
            return project(x, W_V, b_V);
        }
        Tensor first = dHead() == config.dModel() ? x : x.narrow(-1, 0, dHead());
        Tensor each = heads() == 1 ? first : Tensor.cat(-1, Collections.nCopies(config.nHeads(), first));
        return b_V == null ? each : each.plus(b_V.view(heads() * dHead()));
    }

    /** {@code z W_O + b_O}; with the identity as W_O, the heads add up in the first d_head numbers. */
    private Tensor output(Tensor z, Site site) {
        if (site.touched(Point.RESULT)) {
            Tensor each = LastAxis.split(z, heads(), 1, dHead()).matmul(W_O); // [batch, query, head, 1, d_model]
            Tensor result = site.at(
                    Point.RESULT, each.reshape(LastAxis.shape(z, heads() * config.dModel())), heads(), config.dModel());
            return plus(LastAxis.split(result, heads(), config.dModel()).sum(-2), b_O);
        }
        if (!config.identity().contains(Identity.W_O)) {
            return Linear.apply(z, W_O.view(heads() * dHead(), config.dModel()), b_O);
        }
        Tensor sum = heads() == 1 ? z : LastAxis.split(z, heads(), dHead()).sum(-2);
        return plus(dHead() == config.dModel() ? sum : filledUp(sum), b_O);
    }

    private static Tensor plus(Tensor x, @Nullable Tensor bias) {
        return bias == null ? x : x.plus(bias);
    }

    private Tensor filledUp(Tensor x) {
        Tensor zeros = Tensor.zeros(x.device(), x.dtype(), LastAxis.shape(x, config.dModel() - dHead()));
        return Tensor.cat(-1, List.of(x, zeros));
    }
}
