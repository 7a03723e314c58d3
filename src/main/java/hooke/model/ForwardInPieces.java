package hooke.model;

import hooke.config.ModelConfig;
import hooke.config.Weighting;
import hooke.hook.Hooks;
import hooke.hook.Pieces;
import hooke.model.Site.Shown;
import hooke.reach.Reach;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The forward pass where nothing but values is asked for, so many examples at a time: in short contexts those in the same state have one
 * row, and what is read goes to tensors of all examples.
 */
record ForwardInPieces(Transformer model) {
    /** Numbers of the widest activation of a piece, 8 MiB in float32: fewer cost more calls, more leave the processor's caches. */
    private static final int PIECE_VALUES = 1 << 21;

    /** Logits at every position, [batch, pos, d_vocab_out]. */
    Tensor forward(Plan plan, int[][] examples, Hooks hooks) {
        ModelConfig config = model.config();
        int widest = Math.max(config.dModel(), config.dMlp());
        return forward(plan, examples, hooks, Math.max(1, PIECE_VALUES / (plan.read().length * widest)));
    }

    Tensor forward(Plan plan, int[][] examples, Hooks hooks, int size) {
        int length = examples[0].length;
        Tensor W_E = model.weights().get("embed.W_E");
        Tensor logits = Tensor.empty(
                W_E.device(),
                W_E.dtype(),
                examples.length,
                length,
                model.config().dVocabOut());
        try (var _ = new Scope()) {
            var pieces = new Pieces(hooks);
            for (int first = 0; first < examples.length; first += size) {
                try (var _ = new Scope()) {
                    int[][] some = Arrays.copyOfRange(examples, first, Math.min(first + size, examples.length));
                    Tensor out = logits.narrow(0, first, some.length);
                    if (length <= Mixing.SHORT && hasStates()) {
                        byState(Level.first(plan.reach(), W_E.device(), some), plan.reach(), hooks, pieces, out);
                    } else {
                        byExample(plan.input(some), hooks, pieces, out);
                    }
                }
            }
            pieces.handOut();
        }
        return logits;
    }

    /** Whether a row's mixture follows from the states of the rows before it, the same for all heads. */
    private boolean hasStates() {
        ModelConfig config = model.config();
        return config.widths().isEmpty()
                && config.attention().equals(new Weighting.Softmax())
                && IntStream.range(0, config.nLayers())
                        .allMatch(layer -> config.masks(layer).size() == 1);
    }

    private void byExample(Input input, Hooks hooks, Pieces pieces, Tensor out) {
        ModelConfig config = model.config();
        Site site = Site.of(hooks, new Shown.Piece(pieces));
        Tensor x = model.embed(input, site);
        Map<Integer, Tensor> left = new HashMap<>();
        for (int layer = 0; layer < config.nLayers(); layer++) {
            x = freeingTheRest(
                    layer,
                    model.entering(layer, x, left, input.mixings(), site),
                    input.mixings().get(layer),
                    site);
            if (config.levels().isKept(layer)) {
                left.put(layer, x);
            }
        }
        out.copyInPlace(model.unembed(x, site));
    }

    private void byState(Level first, Reach reach, Hooks hooks, Pieces pieces, Tensor out) {
        ModelConfig config = model.config();
        Level level = first;
        Site site = Site.of(hooks, new Shown.PieceOfStates(pieces, level));
        Tensor x = model.embed(level, site); // [row, d_model]
        for (int layer = 0; layer < config.nLayers(); layer++) {
            Level behind = level.next();
            var mixing = new ByState(reach.layers().get(layer), level, behind, config.nHeads(), config.dHead());
            x = freeingTheRest(layer, x, mixing, site);
            level = behind;
            site = site.on(level);
        }
        level.asRows(model.unembed(x, site), config.dVocabOut()).writeTo(out);
    }

    /** Memory that is used again at once is still in the processor's caches. */
    private Tensor freeingTheRest(int layer, Tensor x, Mixing mixing, Site site) {
        Scope outer = Scope.innermost();
        try (var _ = new Scope()) {
            return model.block(layer).forward(x, mixing, site.in(layer)).keepIn(outer);
        }
    }
}
