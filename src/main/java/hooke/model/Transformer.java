package hooke.model;

import hooke.Check;
import hooke.config.ModelConfig;
import hooke.hook.HookPoint;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decoder transformer: tokens in, logits out. It reads its weights where they are, so that training them changes what it computes; it
 * has no other state.
 */
public final class Transformer {
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
        return forward(Plan.whole(config, W_E.device(), examples[0].length).input(examples), hooks);
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
        Input input = Plan.whole(config, W_E.device(), examples[0].length).input(examples);
        Stream x = through(embed(input, new Site(hooks, HookPoint.NO_LAYER)), input.plan(), 0, layer, hooks);
        return x.rows().view(x.batch(), x.positions().length, config.dModel());
    }

    /** The forward pass from there on: logits at every position of a residual stream [batch, pos, d_model] as it enters a layer. */
    public Tensor fromResidual(Tensor residual, int layer, Hooks hooks) {
        Check.that(layer >= 0 && layer <= config.nLayers(), "layer (%s) must be from 0 to %s", layer, config.nLayers());
        int batch = Math.toIntExact(residual.size(0));
        int length = Math.toIntExact(residual.size(1));
        Plan plan = Plan.whole(config, W_E.device(), length);
        Tensor rows = residual.reshape((long) batch * length, config.dModel());
        Stream x = through(new Stream(rows, batch, plan.read(), null), plan, layer, config.nLayers(), hooks);
        return unembed(x, new Site(hooks, HookPoint.NO_LAYER));
    }

    /**
     * The same, looked into: hooks see the positions that the plan computes. Points of what the plan shares between examples or leaves
     * out (embeddings, scores and patterns of short contexts) are passed by.
     */
    public Tensor forward(Input input, Hooks hooks) {
        Stream x = embed(input, new Site(hooks, HookPoint.NO_LAYER));
        return unembed(through(x, input.plan(), 0, config.nLayers(), hooks), new Site(hooks, HookPoint.NO_LAYER));
    }

    private Stream through(Stream stream, Plan plan, int from, int to, Hooks hooks) {
        Stream x = stream;
        for (Block block : blocks.subList(from, to)) {
            x = block.forward(x, plan.layer(block.layer()), hooks);
        }
        return x;
    }

    private Stream embed(Input input, Site site) {
        int[] positions = input.plan().layer(0).positions();
        Stream tokens = new Stream(W_E.rows(input.tokens()), input.batch(), positions, input.shared());
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

    private Tensor unembed(Stream x, Site site) {
        Stream normalised = normFinal.forward(x, site, Point.LN_FINAL_SCALE, Point.LN_FINAL_NORMALIZED);
        return Linear.apply(normalised.rows(), weights.unembedding(), b_U)
                .view(x.batch(), x.positions().length, config.dVocabOut()); // [batch, read, d_vocab_out]
    }
}
