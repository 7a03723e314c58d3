package hooke.model;

import hooke.Check;
import hooke.config.ModelConfig;
import hooke.hook.Hooks;
import hooke.hook.Pieces;
import hooke.hook.Point;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decoder transformer: tokens in, logits out. It reads its weights where they are, so that training them changes what it computes; it
 * has no other state.
 */
public final class Transformer {
    /** Numbers of the widest activation of a piece, 8 MiB in float32: fewer cost more calls, more leave the processor's caches. */
    private static final int PIECE_VALUES = 1 << 21;

    private final Weights weights;
    private final ModelConfig config;
    private final Tensor W_E;
    private final Tensor W_pos;
    private final List<Block> blocks = new ArrayList<>();
    private final Norms normFinal;
    private final @Nullable Tensor b_U;

    /** Lives in the innermost scope, as the weights do. */
    public Transformer(Weights weights) {
        this.weights = weights;
        this.config = weights.config();
        this.W_E = weights.get("embed.W_E");
        this.W_pos = weights.get("pos_embed.W_pos");
        for (int layer = 0; layer < config.nLayers(); layer++) {
            blocks.add(Block.of(weights, layer));
        }
        this.normFinal = Norms.of(weights, "ln_final");
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
                ? inPieces(plan, examples, hooks, Math.max(1, PIECE_VALUES / (plan.read().length * widest())))
                : forward(plan.input(examples), hooks);
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

    private int widest() {
        return Math.max(config.dModel(), config.dMlp());
    }

    /**
     * The same where nothing but values is asked for, so many examples at a time: those in the same state have one row, and what is read
     * goes to tensors of all examples.
     */
    Tensor inPieces(Plan plan, int[][] examples, Hooks hooks, int size) {
        int length = examples[0].length;
        Tensor logits = Tensor.empty(W_E.device(), W_E.dtype(), examples.length, length, config.dVocabOut());
        try (var _ = new Scope()) {
            var pieces = new Pieces(hooks);
            for (int first = 0; first < examples.length; first += size) {
                try (var _ = new Scope()) {
                    int[][] some = Arrays.copyOfRange(examples, first, Math.min(first + size, examples.length));
                    Site site = Site.of(hooks, pieces);
                    Stream x = length <= Attention.SHORT
                            ? embedStates(Level.first(plan, some), plan, some.length, site)
                            : embed(plan.input(some), site);
                    x = through(x, plan, 0, config.nLayers(), site);
                    x.with(unembed(x, site))
                            .asRows(some.length, length, config.dVocabOut())
                            .writeTo(logits.narrow(0, first, some.length));
                }
            }
            pieces.handOut();
        }
        return logits;
    }

    /** Memory that is used again at once is still in the processor's caches. */
    private static Stream freeingTheRest(Block block, Stream x, Plan plan, Site site) {
        Scope outer = Scope.innermost();
        try (var _ = new Scope()) {
            Stream behind = block.forward(x, plan.layer(block.layer()), site);
            behind.rows().keepIn(outer);
            return behind;
        }
    }

    private Stream embedStates(Level level, Plan plan, int batch, Site site) {
        Tensor tokens = W_E.rows(level.tokens());
        Tensor places = W_pos.rows(level.positions());
        Stream x = new Stream(tokens, batch, plan.read(), null, level);
        site.at(Point.EMBED, x, config.dModel());
        site.at(Point.POS_EMBED, x.with(places), config.dModel());
        return x.with(tokens.plus(places));
    }

    /** Logits at the positions that the input's plan reads, [batch, read, d_vocab_out]. */
    public Tensor forward(Input input) {
        return forward(input, Hooks.NONE);
    }

    /**
     * The residual stream [batch, pos, d_model] as it enters a layer, or, with n_layers, the final norm and the unembedding; what lies
     * behind is not computed.
     */
    public Tensor residual(int[][] examples, int layer, Hooks hooks) {
        Check.that(layer >= 0 && layer <= config.nLayers(), "layer (%s) must be from 0 to %s", layer, config.nLayers());
        check(examples);
        Input input = Plan.whole(config, W_E.device(), examples[0].length).input(examples);
        Site site = Site.of(hooks, null);
        Stream x = through(embed(input, site), input.plan(), 0, layer, site);
        return x.rows().view(x.batch(), x.positions().length, config.dModel());
    }

    /** The forward pass from there on: logits at every position of a residual stream [batch, pos, d_model] as it enters a layer. */
    public Tensor fromResidual(Tensor residual, int layer, Hooks hooks) {
        Check.that(layer >= 0 && layer <= config.nLayers(), "layer (%s) must be from 0 to %s", layer, config.nLayers());
        int batch = Math.toIntExact(residual.size(0));
        int length = Math.toIntExact(residual.size(1));
        Plan plan = Plan.whole(config, W_E.device(), length);
        Tensor rows = residual.reshape((long) batch * length, config.dModel());
        Site site = Site.of(hooks, null);
        Stream x = through(new Stream(rows, batch, plan.read(), null, null), plan, layer, config.nLayers(), site);
        return logits(x, site);
    }

    /**
     * The same, looked into: hooks see the positions that the plan computes. Points of what the plan shares between examples or leaves
     * out (embeddings, scores and patterns of short contexts) are passed by.
     */
    public Tensor forward(Input input, Hooks hooks) {
        Site site = Site.of(hooks, null);
        return logits(through(embed(input, site), input.plan(), 0, config.nLayers(), site), site);
    }

    private Stream through(Stream stream, Plan plan, int from, int to, Site site) {
        Stream x = stream;
        for (Block block : blocks.subList(from, to)) {
            x = site.pieces() == null
                    ? block.forward(x, plan.layer(block.layer()), site)
                    : freeingTheRest(block, x, plan, site);
        }
        return x;
    }

    private Stream embed(Input input, Site site) {
        int[] positions = input.plan().layer(0).positions();
        Stream tokens = new Stream(W_E.rows(input.tokens()), input.batch(), positions, input.shared(), null);
        Tensor places = W_pos.rows(input.positions()); // [row, d_model] where rows are shared, else [pos, d_model]
        if (input.shared() != null) {
            return tokens.with(tokens.rows().plus(places));
        }
        long[] shape = {input.batch(), positions.length, config.dModel()};
        tokens = site.at(Point.EMBED, tokens, config.dModel());
        places = site.at(Point.POS_EMBED, places.unsqueeze(0).expand(shape));
        return tokens.with(
                tokens.rows().view(shape).plus(places).view(tokens.rows().shape()));
    }

    private Tensor logits(Stream x, Site site) {
        return unembed(x, site).view(x.batch(), x.positions().length, config.dVocabOut()); // [batch, read, d_vocab_out]
    }

    private Tensor unembed(Stream x, Site site) {
        Stream normalised = normFinal.forward(x, site, Point.LN_FINAL_SCALE, Point.LN_FINAL_NORMALIZED);
        return Linear.apply(normalised.rows(), weights.unembedding(), b_U); // [row, d_vocab_out]
    }
}
