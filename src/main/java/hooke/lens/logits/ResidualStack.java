package hooke.lens.logits;

import hooke.Check;
import hooke.config.ModelConfig;
import hooke.config.Norm;
import hooke.config.Positions;
import hooke.hook.Cache;
import hooke.hook.HookPoint;
import hooke.hook.Point;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.tensor.DType;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The residual stream taken apart: what each component wrote to it, or how it was after each of them.
 *
 * @param labels of the components: embed, pos_embed, 0.attn, 0.mlp, ..., or 0.0 for layer 0, head 0
 * @param parts [component, batch, pos, d_model]
 */
public record ResidualStack(List<String> labels, Tensor parts) {
    public ResidualStack {
        labels = List.copyOf(labels);
    }

    /** The points that a decomposition reads. */
    public static Predicate<HookPoint> needs(boolean byHead) {
        return at -> switch (at.point()) {
            case EMBED, POS_EMBED, MLP_OUT, LN_FINAL_SCALE -> true;
            case RESULT -> byHead;
            case ATTN_OUT -> !byHead;
            default -> false;
        };
    }

    /** The points that {@link #accumulated} reads. */
    public static Predicate<HookPoint> needsAccumulated() {
        return at -> switch (at.point()) {
            case RESID_PRE, RESID_MID, RESID_POST, LN_FINAL_SCALE -> true;
            default -> false;
        };
    }

    /**
     * What was written before a layer (n_layers: before the final norm), component by component: it sums to that layer's residPre, and
     * behind the last to its residPost. Refused for post-LN, whose norms rescale all that was written before.
     *
     * @param byHead whether each head stands for itself, and b_O beside them where it is not zero
     */
    public static ResidualStack decomposed(Transformer model, Cache cache, int layer, boolean byHead) {
        ModelConfig config = checkSum(model);
        Check.that(layer >= 0 && layer <= config.nLayers(), "layer (%s) must be from 0 to %s", layer, config.nLayers());
        List<String> labels = new ArrayList<>(List.of("embed"));
        List<Tensor> parts = new ArrayList<>(List.of(cache.get(Point.EMBED.at())));
        switch (config.positions()) {
            case Positions.Learned() -> {
                labels.add("pos_embed");
                parts.add(cache.get(Point.POS_EMBED.at()));
            }
            case Positions.Rotary _ -> {} // It writes nothing.
        }
        for (int l = 0; l < layer; l++) {
            if (byHead) {
                Tensor result = cache.get(Point.RESULT.at(l)); // [batch, pos, head, d_model]
                for (int head = 0; head < config.nHeads(); head++) {
                    labels.add(l + "." + head);
                    parts.add(result.select(2, head));
                }
                @Nullable Tensor bias = model.weights().bias("blocks." + l + ".attn.b_O");
                if (bias != null && bias.abs().max().item() > 0) {
                    labels.add(l + ".b_O");
                    parts.add(bias.expand(parts.getFirst().shape()));
                }
            } else {
                labels.add(l + ".attn");
                parts.add(cache.get(Point.ATTN_OUT.at(l)));
            }
            if (!config.attnOnly()) {
                labels.add(l + ".mlp");
                parts.add(cache.get(Point.MLP_OUT.at(l)));
            }
        }
        return new ResidualStack(labels, Tensor.stack(0, parts));
    }

    /** The stream as it enters each layer, between attention and MLP, and as it leaves the last. These do not sum to anything. */
    public static ResidualStack accumulated(Transformer model, Cache cache) {
        ModelConfig config = checkWidth(model);
        List<String> labels = new ArrayList<>();
        List<Tensor> parts = new ArrayList<>();
        for (int layer = 0; layer < config.nLayers(); layer++) {
            labels.add(layer + ".pre");
            parts.add(cache.get(Point.RESID_PRE.at(layer)));
            if (!config.attnOnly()) {
                labels.add(layer + ".mid");
                parts.add(cache.get(Point.RESID_MID.at(layer)));
            }
        }
        labels.add("final");
        parts.add(cache.get(Point.RESID_POST.at(config.nLayers() - 1)));
        return new ResidualStack(labels, Tensor.stack(0, parts));
    }

    /** All components together, [batch, pos, d_model]. */
    public Tensor sum() {
        return parts.sum(0);
    }

    private static ModelConfig checkSum(Transformer model) {
        Check.that(
                !model.config().norm().isPost(),
                "the residual stream of a post-LN model is not the sum of what its components wrote: each norm rescales"
                        + " everything before it");
        return checkWidth(model);
    }

    private static ModelConfig checkWidth(Transformer model) {
        model.config().checkOneWidth("the residual stream taken apart");
        return model.config();
    }

    /**
     * The final LayerNorm applied to a decomposition of the whole stream, component by component, with the scale that the whole has: the
     * result sums to what the unembedding reads. The norm's bias becomes a component; without a norm this is the same stack.
     */
    public ResidualStack finalNorm(Transformer model, Cache cache) {
        checkSum(model);
        Norm norm = model.config().norm();
        if (!norm.normalises()) {
            return this;
        }
        Tensor scale = cache.get(Point.LN_FINAL_SCALE.at()).unsqueeze(0); // [1, batch, pos, 1]
        Tensor normalised = switch (norm) {
            case Norm.None() -> parts;
            case Norm.LayerNorm _ -> centred(parts).dividedBy(scale);
            case Norm.RmsNorm _ -> parts.dividedBy(scale);
        };
        Tensor scaled = norm.hasGain() ? normalised.times(model.weights().get("ln_final.w")) : normalised;
        if (!norm.hasBias()) {
            return new ResidualStack(labels, scaled);
        }
        Tensor bias = model.weights().get("ln_final.b").expand(sum().shape()).unsqueeze(0);
        List<String> more = new ArrayList<>(labels);
        more.add("ln_final.b");
        return new ResidualStack(more, Tensor.cat(0, List.of(scaled, bias)));
    }

    /** What the unembedding would read if the model ended at each of these: the final norm with each entry's own scale. */
    public Tensor normalisedEach(Transformer model) {
        Norm norm = model.config().norm();
        Weights weights = model.weights();
        return norm.isPost()
                ? parts
                : switch (norm) {
                    case Norm.None() -> parts;
                    case Norm.RmsNorm rms ->
                        parts.dividedBy(parts.times(parts)
                                        .mean(true, -1)
                                        .plus(rms.eps())
                                        .sqrt())
                                .times(weights.get("ln_final.w"));
                    case Norm.LayerNorm layerNorm ->
                        parts.layerNorm(
                                norm.hasGain() ? weights.get("ln_final.w") : null,
                                norm.hasBias() ? weights.get("ln_final.b") : null,
                                layerNorm.eps());
                };
    }

    private static Tensor centred(Tensor x) {
        return x.minus(x.mean(true, -1));
    }

    /**
     * Direct logit attribution: what each component adds to every logit at one position, in F64, [component, batch, d_vocab_out]. Of a
     * stack that went through the final norm, with b_U added, it sums to the logits.
     */
    public Tensor logits(Transformer model, int position) {
        Tensor unembedding = model.weights().unembedding().detach().to(DType.F64);
        return parts.select(2, position).to(DType.F64).matmul(unembedding);
    }
}
