package hooke.config;

import hooke.Check;
import hooke.config.form.Canonical;
import hooke.config.form.Since;
import hooke.config.form.Words;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The shape of a decoder transformer, in TransformerLens' words.
 *
 * @param nLayers blocks
 * @param dModel width of the residual stream
 * @param widths of the residual stream in each block, where it falls to narrower ones and rises again by linear maps between them; empty
 *     where all are as wide as the stream
 * @param nHeads heads of a block
 * @param dHead width of a head; {@code d_model / n_heads} unless given
 * @param attnOnly whether the blocks have no MLP
 * @param dMlp neurons of a block; {@code 4 d_model} unless given, 0 with {@code attn_only}
 * @param actFn what the neurons apply
 * @param gatedMlp whether the neurons' values are multiplied by a second linear map of the stream (Shazeer 2020, arXiv 2002.05202)
 * @param nCtx rows of the position table, at least the task's positions, which they are unless given
 * @param dVocab tokens read; the task's
 * @param dVocabOut classes written; the task's
 * @param tiedEmbeddings whether the unembedding is W_E transposed, as in GPT-2, instead of a matrix of its own
 * @param positions how positions are told apart
 * @param norm where the residual stream is normalised
 * @param mask which keys a query may attend to
 * @param attention how a query weights the keys that it sees
 * @param biases whether the biases of attention, MLP and unembedding train, or stay zero (LayerNorm's train unless they are frozen)
 * @param withoutBiases parts of the model that have no biases at all, so that none is stored or counted
 * @param frozen weights that keep their initial values, which for biases are zero: last parts of their names, as in {@code W_Q}, or one
 *     layer's, as in {@code blocks.1.attn.W_Q}
 * @param identity weights among {@code W_V} and {@code W_O} that are the identity in every layer and stay so (its first d_head columns
 *     or rows, for each head)
 * @param init how the initial weights are drawn
 */
public record ModelConfig(
        int nLayers,
        int dModel,
        @Since(release = "0.1.0", before = "[]") List<Integer> widths,
        int nHeads,
        int dHead,
        boolean attnOnly,
        int dMlp,
        Activation actFn,
        @Since(release = "0.1.0", before = "false") boolean gatedMlp,
        int nCtx,
        int dVocab,
        int dVocabOut,
        boolean tiedEmbeddings,
        @Since(release = "0.1.0", before = "learned") Positions positions,
        Norm norm,
        Mask mask,
        @Since(release = "0.1.0", before = "softmax") Weighting attention,
        Biases biases,
        @Since(release = "0.1.0", before = "[]") Set<BiasGroup> withoutBiases,
        List<String> frozen,
        Set<Identity> identity,
        Init init) {

    public enum Activation {
        RELU,
        /** The exact one, with the error function. */
        GELU,
        /** GELU by its approximation with tanh, as in GPT-2 (TransformerLens' and Hugging Face's name for it). */
        GELU_NEW,
        /** {@code x sigmoid(x)}, also called swish. */
        SILU
    }

    public enum Biases {
        TRAINED,
        /** Zero for ever, as in the modular multiplication card. */
        FROZEN
    }

    /** Parts of the model that may have biases; those of norms are the norm's affair. */
    public enum BiasGroup {
        ATTENTION,
        MLP,
        UNEMBED
    }

    public enum Identity {
        W_V,
        W_O
    }

    /** Every key below {@code model} by its path there, with its value as text. */
    public Map<String, String> settings() {
        return Canonical.settings(this);
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
        switch (positions) {
            case Positions.Learned() -> {}
            case Positions.Rotary(int dims, double _, Positions.Pairs _) ->
                Check.that(dims <= dHead, "model.positions.dims (%s) must be at most model.d_head (%s)", dims, dHead);
        }
        widths = List.copyOf(widths);
        new Widths(widths, dModel).check(nLayers, dHead, dMlp, positions);
        Check.that(!attnOnly || !gatedMlp, "model.gated_mlp must be left out with model.attn_only: there is no MLP");
        withoutBiases = inOrder(BiasGroup.class, withoutBiases);
        identity = inOrder(Identity.class, identity);
        frozen = frozen.stream().distinct().sorted().toList();
        if (!frozen.isEmpty()) {
            Set<String> names = new LinkedHashSet<>();
            for (Parameter parameter : Parameter.of(new ModelConfig(
                    nLayers,
                    dModel,
                    widths,
                    nHeads,
                    dHead,
                    attnOnly,
                    dMlp,
                    actFn,
                    gatedMlp,
                    nCtx,
                    dVocab,
                    dVocabOut,
                    tiedEmbeddings,
                    positions,
                    norm,
                    mask,
                    attention,
                    biases,
                    withoutBiases,
                    List.of(),
                    identity,
                    init))) {
                names.add(parameter.shortName());
                names.add(parameter.name());
            }
            for (String name : frozen) {
                Check.that(
                        names.contains(name),
                        "model.frozen (%s) is not a weight of this model%s",
                        Words.shown(name, 60),
                        Check.didYouMean(
                                name,
                                names.stream()
                                        .filter(n -> n.contains(".") == name.contains("."))
                                        .toList()));
            }
        }
    }

    /** The widths of the blocks. */
    public Widths levels() {
        return new Widths(widths, dModel);
    }

    /** A model all of whose blocks are as this layer's is here: as many heads, but these and the neurons as much narrower as the stream. */
    public ModelConfig block(int layer) {
        if (widths.isEmpty()) {
            return this;
        }
        int width = widths.get(layer);
        Positions turned = switch (positions) {
            case Positions.Learned learned -> learned;
            case Positions.Rotary(int dims, double base, Positions.Pairs pairs) ->
                new Positions.Rotary(scaled(dims, width), base, pairs);
        };
        return new ModelConfig(
                nLayers,
                width,
                List.of(),
                nHeads,
                scaled(dHead, width),
                attnOnly,
                scaled(dMlp, width),
                actFn,
                gatedMlp,
                nCtx,
                dVocab,
                dVocabOut,
                tiedEmbeddings,
                turned,
                norm,
                mask,
                attention,
                biases,
                withoutBiases,
                List.of(),
                identity,
                init);
    }

    private int scaled(int size, int width) {
        return Math.toIntExact((long) size * width / dModel);
    }

    /** Throws unless the residual stream is as wide in every block, which somebody takes for granted. */
    public void checkOneWidth(String who) {
        Check.that(
                widths.isEmpty(),
                "%s needs one width of the residual stream in all blocks, but model.widths is %s",
                who,
                widths);
    }

    /** What a head of a layer sees. */
    public Mask.Plain mask(int layer, int head) {
        return mask.of(layer, head, nHeads);
    }

    /** All that the heads of a layer see, without repetition. */
    public Set<Mask.Plain> masks(int layer) {
        return mask.all(layer, layer + 1, nHeads);
    }

    /** All that the heads of the layers see, without repetition. */
    public Set<Mask.Plain> masks() {
        return mask.all(0, nLayers, nHeads);
    }

    /** Whether no query of any head sees a key behind it. */
    public boolean looksBack() {
        return masks().stream().allMatch(plain -> plain.looksBack(nCtx));
    }

    /** Whether a part of the model has biases. */
    public boolean hasBiases(BiasGroup group) {
        return !withoutBiases.contains(group);
    }

    /** The same model with biases everywhere. */
    public ModelConfig withAllBiases() {
        return withAllBiases(tiedEmbeddings, identity);
    }

    /** The same model with biases everywhere, nothing taken for an identity, and an unembedding of its own. */
    public ModelConfig writtenOut() {
        return withAllBiases(false, Set.of());
    }

    private ModelConfig withAllBiases(boolean tied, Set<Identity> identities) {
        return new ModelConfig(
                nLayers,
                dModel,
                widths,
                nHeads,
                dHead,
                attnOnly,
                dMlp,
                actFn,
                gatedMlp,
                nCtx,
                dVocab,
                dVocabOut,
                tied,
                positions,
                norm,
                mask,
                attention,
                biases,
                Set.of(),
                frozen,
                identities,
                init);
    }

    /** Set.copyOf would have another order in every JVM. */
    private static <E extends Enum<E>> Set<E> inOrder(Class<E> type, Set<E> some) {
        Set<E> inOrder = EnumSet.noneOf(type);
        inOrder.addAll(some);
        return Collections.unmodifiableSet(inOrder);
    }
}
