package hooke.config;

import hooke.Check;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The shape of a decoder transformer, in TransformerLens' words.
 *
 * @param nLayers blocks
 * @param dModel width of the residual stream
 * @param nHeads heads of a block
 * @param dHead width of a head; {@code d_model / n_heads} unless given
 * @param attnOnly whether the blocks have no MLP
 * @param dMlp neurons of a block; {@code 4 d_model} unless given, 0 with {@code attn_only}
 * @param actFn what the neurons apply
 * @param nCtx rows of the position table, at least the task's positions, which they are unless given
 * @param dVocab tokens read; the task's
 * @param dVocabOut classes written; the task's
 * @param tiedEmbeddings whether the unembedding is W_E transposed, as in GPT-2, instead of a matrix of its own
 * @param positions how positions are told apart
 * @param norm where the residual stream is normalised
 * @param mask which keys a query may attend to
 * @param biases whether the biases of attention, MLP and unembedding train, or stay zero (LayerNorm's train unless they are frozen)
 * @param frozen weights that keep their initial values, which for biases are zero: last parts of their names, as in {@code W_Q}, or one
 *     layer's, as in {@code blocks.1.attn.W_Q}
 * @param identity weights among {@code W_V} and {@code W_O} that are the identity in every layer and stay so (its first d_head columns
 *     or rows, for each head)
 * @param init how the initial weights are drawn
 */
public record ModelConfig(
        int nLayers,
        int dModel,
        int nHeads,
        int dHead,
        boolean attnOnly,
        int dMlp,
        Activation actFn,
        int nCtx,
        int dVocab,
        int dVocabOut,
        boolean tiedEmbeddings,
        @Since(release = "0.1.0", before = "learned") Positions positions,
        Norm norm,
        Mask mask,
        Biases biases,
        List<String> frozen,
        Set<Identity> identity,
        Init init) {

    public enum Activation {
        RELU,
        /** The exact one, with the error function. */
        GELU
    }

    public enum Biases {
        TRAINED,
        /** Zero for ever, as in the modular multiplication card. */
        FROZEN
    }

    public enum Identity {
        W_V,
        W_O
    }

    public ModelConfig {
        Check.that(nLayers >= 1 && nLayers <= 1000, "model.n_layers (%s) must be from 1 to 1000", nLayers);
        Check.that(dModel >= 1 && dModel <= 65_536, "model.d_model (%s) must be from 1 to 65536", dModel);
        Check.that(nHeads >= 1 && nHeads <= 1024, "model.n_heads (%s) must be from 1 to 1024", nHeads);
        Check.that(dHead >= 1 && dHead <= 65_536, "model.d_head (%s) must be from 1 to 65536", dHead);
        Check.that(
                attnOnly ? dMlp == 0 : dMlp >= 1 && dMlp <= 1_048_576,
                attnOnly
                        ? "model.d_mlp (%s) must be left out with model.attn_only: there is no MLP"
                        : "model.d_mlp (%s) must be from 1 to 1048576",
                dMlp);
        Check.that(nCtx >= 1 && nCtx <= 1_048_576, "model.n_ctx (%s) must be from 1 to 1048576", nCtx);
        Check.that(
                !tiedEmbeddings || dVocab == dVocabOut,
                "model.tied_embeddings needs as many classes (%s) as tokens (%s)",
                dVocabOut,
                dVocab);
        Check.that(
                identity.isEmpty() || dHead <= dModel,
                "model.identity needs model.d_head (%s) of at most model.d_model (%s)",
                dHead,
                dModel);
        frozen = frozen.stream().distinct().sorted().toList();
        Set<Identity> inOrder = EnumSet.noneOf(Identity.class); // Set.copyOf would have another order in every JVM
        inOrder.addAll(identity);
        identity = Collections.unmodifiableSet(inOrder);
        if (!frozen.isEmpty()) {
            Set<String> names = new LinkedHashSet<>();
            for (Parameter parameter : Parameter.of(new ModelConfig(
                    nLayers,
                    dModel,
                    nHeads,
                    dHead,
                    attnOnly,
                    dMlp,
                    actFn,
                    nCtx,
                    dVocab,
                    dVocabOut,
                    tiedEmbeddings,
                    positions,
                    norm,
                    mask,
                    biases,
                    List.of(),
                    identity,
                    init))) {
                names.add(parameter.shortName());
                names.add(parameter.name());
            }
            for (String name : frozen) {
                Check.that(
                        names.contains(name),
                        "model.frozen (%s) names no weight of this model%s",
                        Words.shown(name, 60),
                        Check.didYouMean(
                                name,
                                names.stream()
                                        .filter(n -> n.contains(".") == name.contains("."))
                                        .toList()));
            }
        }
    }
}
