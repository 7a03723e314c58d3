package hooke.model;

import hooke.Check;
import hooke.config.ModelConfig;
import hooke.config.Positions;
import hooke.config.Widths;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.model.Site.Shown;
import hooke.tensor.NoGrad;
import hooke.tensor.Recomputed;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A decoder transformer: tokens in, logits out. It reads its weights where they are, so that training them changes what it computes; it
 * has no other state.
 */
public final class Transformer {
    private final Weights weights;
    private final ModelConfig config;
    private final Tensor W_E;
    private final @Nullable Tensor W_pos;
    private final List<Block> blocks = new ArrayList<>();
    private final List<Optional<Resize>> resizes = new ArrayList<>();
    private final Norms normFinal;
    private final @Nullable Tensor b_U;

    /** Lives in the innermost scope, as the weights do. */
    public Transformer(Weights weights) {
        this.weights = weights;
        this.config = weights.config();
        this.W_E = weights.get("embed.W_E");
        this.W_pos = switch (config.positions()) {
            case Positions.Learned() -> weights.get("pos_embed.W_pos");
            case Positions.Rotary _ -> null;
        };
        Map<Integer, Optional<Rotary>> rotaries = new HashMap<>();
        for (int layer = 0; layer < config.nLayers(); layer++) {
            ModelConfig ofBlock = config.block(layer);
            Optional<Rotary> rotary =
                    rotaries.computeIfAbsent(ofBlock.dModel(), _ -> Optional.ofNullable(Rotary.of(ofBlock, W_E)));
            blocks.add(Block.of(weights, layer, rotary.orElse(null)));
            resizes.add(Resize.of(weights, layer));
        }
        this.normFinal = Norms.of(weights, "ln_final", Point.LN_FINAL_SCALE, Point.LN_FINAL_NORMALIZED);
        this.b_U = weights.bias("unembed.b_U");
    }

    public ModelConfig config() {
        return config;
    }

    public Weights weights() {
        return weights;
    }

    /** Logits at every position, [batch, pos, d_vocab_out], of examples [batch][pos]. */
    public Tensor forward(int[][] examples, Hooks hooks) {
        check(examples);
        Plan plan = Plan.whole(config, W_E.device(), examples[0].length);
        // Without hooks it computes as with those that replace, so that one that changes nothing leaves every bit.
        return hooks.onlyRead() && !hooks.isEmpty() && !NoGrad.recording()
                ? new ForwardInPieces(this).forward(plan, examples, hooks)
                : forward(plan.input(examples), hooks);
    }

    /** Logits at the positions that the input's plan reads, [batch, read, d_vocab_out]. */
    public Tensor forward(Input input) {
        return forward(input, Hooks.NONE);
    }

    /** Logits at the positions that the input's plan reads, [batch, read, d_vocab_out]; hooks see those that it computes. */
    public Tensor forward(Input input, Hooks hooks) {
        Site site = Site.of(hooks, new Shown.Whole()).dropping(input.drops());
        Tensor x = through(embed(input, site), input.mixings(), 0, config.nLayers(), site); // [batch, read, d_model]
        return unembed(x, site); // [batch, read, d_vocab_out]
    }

    /** Logits as of {@link #forward(Input)}; only the stream before each block is kept for the way back, where each block is computed again. */
    public Tensor recomputing(Input input) {
        Site site = Site.of(Hooks.NONE, new Shown.Whole()).dropping(input.drops());
        var recomputed = new Recomputed();
        BlockPass again = (layer, x) -> recomputed.of(
                in -> blocks.get(layer).forward(in.getFirst(), input.mixings().get(layer), site.in(layer)), List.of(x));
        return unembed(through(embed(input, site), input.mixings(), 0, config.nLayers(), site, again), site);
    }

    /** What the first block reads, [batch, pos, d_model]; in training without what dropout takes away. */
    Tensor embed(Input input, Site site) {
        Tensor embedded = embedded(input, site);
        @Nullable Drops drops = site.drops();
        return drops == null ? embedded : drops.embedded(embedded);
    }

    private Tensor embedded(Input input, Site site) {
        long[] shape = {input.batch(), input.positions().numel(), config.dModel()};
        Tensor tokens = site.at(Point.EMBED, W_E.rows(input.tokens()).view(shape)); // [batch, pos, d_model]
        if (W_pos == null) {
            return tokens;
        }
        Tensor places = W_pos.rows(input.positions()).expand(shape); // [batch, pos, d_model]
        return tokens.plus(site.at(Point.POS_EMBED, places));
    }

    /** What the first block reads of rows of states, [row, d_model]. */
    Tensor embed(Level level, Site site) {
        Tensor tokens = site.at(Point.EMBED, W_E.rows(level.tokens())); // [row, d_model]
        return W_pos == null ? tokens : tokens.plus(site.at(Point.POS_EMBED, W_pos.rows(level.positionOfEach())));
    }

    Block block(int layer) {
        return blocks.get(layer);
    }

    /** Logits of the stream behind the last block, [.., d_vocab_out]. */
    Tensor unembed(Tensor x, Site site) {
        return Linear.apply(normFinal.forward(x, site), weights.unembedding(), b_U);
    }

    /**
     * The residual stream [batch, pos, d_model] as it enters a layer, or, with n_layers, the final norm and the unembedding; what lies
     * behind is not computed.
     */
    public Tensor residual(int[][] examples, int layer, Hooks hooks) {
        Check.that(layer >= 0 && layer <= config.nLayers(), "layer (%s) must be from 0 to %s", layer, config.nLayers());
        check(examples);
        Input input = Plan.whole(config, W_E.device(), examples[0].length).input(examples);
        Site site = Site.of(hooks, new Shown.Whole());
        return through(embed(input, site), input.mixings(), 0, layer, site);
    }

    /** The forward pass from there on: logits at every position of a residual stream [batch, pos, d_model] as it enters a layer. */
    public Tensor fromResidual(Tensor residual, int layer, Hooks hooks) {
        Check.that(layer >= 0 && layer <= config.nLayers(), "layer (%s) must be from 0 to %s", layer, config.nLayers());
        config.checkOneWidth("a forward pass from its middle");
        Plan plan = Plan.whole(config, W_E.device(), Math.toIntExact(residual.size(1)));
        Site site = Site.of(hooks, new Shown.Whole());
        return unembed(through(residual, plan.layers(), layer, config.nLayers(), site), site);
    }

    private Tensor through(Tensor before, List<Mixing.OfExamples> mixings, int from, int to, Site site) {
        BlockPass once = (layer, x) -> blocks.get(layer).forward(x, mixings.get(layer), site.in(layer));
        return through(before, mixings, from, to, site, once);
    }

    /** How a block turns the stream before it into the one behind it. */
    private interface BlockPass {
        Tensor of(int layer, Tensor x);
    }

    /** Through some layers; what enters the first of them is what its block reads. */
    private Tensor through(
            Tensor before, List<Mixing.OfExamples> mixings, int from, int to, Site site, BlockPass pass) {
        Map<Integer, Tensor> left = new HashMap<>();
        Tensor x = before;
        for (int layer = from; layer < to; layer++) {
            x = layer == from ? x : entering(layer, x, left, mixings, site);
            x = pass.of(layer, x);
            if (config.levels().isKept(layer)) {
                left.put(layer, x);
            }
        }
        return from < to && to < config.nLayers() ? entering(to, x, left, mixings, site) : x;
    }

    /**
     * What a block reads.
     *
     * @param x what the one before it has left
     * @param left what others have left that stood on its level
     */
    Tensor entering(int layer, Tensor x, Map<Integer, Tensor> left, List<Mixing.OfExamples> mixings, Site site) {
        return resizes.get(layer)
                .map(resize -> {
                    int from = resize.skipFrom();
                    @Nullable
                    Tensor skipped = from == Widths.NONE
                            ? null
                            : mixings.get(from + 1)
                                    .at(
                                            Objects.requireNonNull(left.get(from)),
                                            mixings.get(layer).plan().positions());
                    return resize.forward(x, skipped, site.in(layer));
                })
                .orElse(x);
    }

    /** Libtorch would name a row of a table, and its own source. */
    private void check(int[][] examples) {
        Check.that(examples.length > 0, "there is no example to compute");
        int length = examples[0].length;
        Check.that(
                length >= 1 && length <= config.nCtx(),
                "an example of %s tokens is not from 1 to model.n_ctx (%s) tokens long",
                length,
                config.nCtx());
        for (int[] example : examples) {
            Check.that(
                    example.length == length,
                    "examples that are computed together must be equally long, not %s and %s tokens",
                    length,
                    example.length);
            for (int token : example) {
                Check.that(
                        token >= 0 && token < config.dVocab(),
                        "token %s is outside the vocabulary: model.d_vocab allows 0 to %s",
                        token,
                        config.dVocab() - 1);
            }
        }
    }
}
