package hooke.interop.names;

import hooke.Check;
import hooke.config.Mask;
import hooke.config.ModelConfig;
import hooke.config.Norm;
import hooke.config.Parameter;
import hooke.config.Positions;
import hooke.interop.pickle.Value;
import hooke.tensor.DType;
import hooke.tensor.RawTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The state dict of a HookedTransformer (TransformerLens 2.18): Hooke's names and shapes, and in each layer two buffers more, {@code
 * attn.mask} [n_ctx, n_ctx] and {@code attn.IGNORE}, the score of a masked key. TransformerLens attends as the buffer says, so every
 * mask of Hooke's can be expressed but those that tell the heads of a layer apart.
 */
public record TransformerLensNames() implements Names {
    private static final String W_U = "unembed.W_U";

    @Override
    public SequencedMap<String, RawTensor> weights(ModelConfig model, Located stateDict) {
        check(model);
        return own(model, stateDict);
    }

    /** Of a file that Hooke wrote, which has these names for models, too, that TransformerLens has not. */
    static SequencedMap<String, RawTensor> own(ModelConfig model, Located stateDict) {
        return AbsentBiases.removed(stateDict.where(), model, all(model.withAllBiases(), stateDict));
    }

    private static SequencedMap<String, RawTensor> all(ModelConfig model, Located stateDict) {
        SequencedMap<String, List<Long>> wanted = new LinkedHashMap<>();
        Parameter.of(model)
                .forEach(p -> wanted.put(
                        p.name(), p.shape().stream().map(Integer::longValue).toList()));
        if (model.tiedEmbeddings()) {
            wanted.put(W_U, List.of((long) model.dModel(), (long) model.dVocabOut()));
        }
        String layers = "blocks\\.(%s)\\.attn\\.(mask|IGNORE)"
                .formatted(IntStream.range(0, model.nLayers())
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining("|")));
        SequencedMap<String, RawTensor> weights = new LinkedHashMap<>();
        Names.fit(stateDict, wanted, model.tiedEmbeddings() ? Set.of(W_U) : Set.of(), List.of(layers))
                .forEach((name, tensor) -> weights.put(
                        name, Names.raw(Names.floats(tensor), tensor.shape().toArray(Long[]::new))));
        RawTensor unembedding = model.tiedEmbeddings() ? weights.remove(W_U) : null;
        Check.that(
                unembedding == null
                        || unembedding.data().mismatch(turned(model, weights).data()) < 0,
                "%s, %s is not embed.W_E transposed, as model.tied_embeddings says",
                stateDict.where(),
                W_U);
        stateDict.tensors().forEach((name, tensor) -> {
            if (name.endsWith(".mask")) {
                int layer = Integer.parseInt(name.split("\\.")[1]);
                checkMask(stateDict.where() + ", " + name, model, model.mask(layer, 0), tensor);
            }
        });
        return weights;
    }

    private static void check(ModelConfig model) {
        Check.that(
                !model.norm().isPost(),
                "TransformerLens normalises what attention and MLP read: model.norm.placement must be pre");
        switch (model.positions()) {
            case Positions.Learned(), Positions.Rotary _ -> {} // TransformerLens' standard and rotary.
        }
        Names.checkForm("TransformerLens", model);
        for (int layer = 0; layer < model.nLayers(); layer++) {
            Check.that(
                    model.masks(layer).size() == 1,
                    "TransformerLens has one mask for all heads of a layer: model.mask must not tell the heads of layer %s apart",
                    layer);
        }
    }

    /** The unembedding of a tied model: TransformerLens has it as a matrix of its own. */
    private static RawTensor turned(ModelConfig model, Map<String, RawTensor> weights) {
        RawTensor embedding = Objects.requireNonNull(weights.get("embed.W_E"));
        float[] values = embedding.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        return Names.raw(Names.transposed(values, model.dVocab()), (long) model.dModel(), (long) model.dVocab());
    }

    /** TransformerLens keeps the causal mask also where attention_dir says that it is not applied. */
    private static void checkMask(String where, ModelConfig model, Mask.Plain mask, Value.Tensor tensor) {
        long n = model.nCtx();
        Check.that(
                tensor.dtype() == DType.BOOL && tensor.shape().equals(List.of(n, n)),
                "%s is %s %s where BOOL [%s, %s] is needed",
                where,
                tensor.dtype(),
                tensor.shape(),
                n,
                n);
        byte[] open = tensor.raw().data().toArray(ValueLayout.JAVA_BYTE);
        boolean causal = mask.equals(new Mask.Full()) && isMask(open, new Mask.Causal(), model.nCtx());
        Check.that(
                causal || isMask(open, mask, model.nCtx()),
                "%s is not the mask of this model: set model.mask to match it",
                where);
    }

    private static boolean isMask(byte[] open, Mask.Plain mask, int nCtx) {
        for (int i = 0; i < open.length; i++) {
            if ((open[i] != 0) != mask.open(i / nCtx, i % nCtx, nCtx)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Value.Dict stateDict(ModelConfig model, Map<String, RawTensor> weights) {
        check(model);
        switch (model.norm()) {
            case Norm.None(), Norm.RmsNorm _ -> {}
            case Norm.LayerNorm norm ->
                Check.that(norm.bias(), "TransformerLens' LayerNorm has a bias: model.norm.bias must be true");
        }
        Value.Dict dict = Value.Dict.empty(true);
        Value ignore = Value.Tensor.of(Names.raw(new float[] {Float.NEGATIVE_INFINITY}));
        SequencedMap<String, RawTensor> all = AbsentBiases.added(model, weights);
        for (Parameter parameter : Parameter.of(model.withAllBiases())) {
            if (parameter.name().equals("unembed.b_U") && model.tiedEmbeddings()) {
                dict.put(W_U, Value.Tensor.of(turned(model, weights)));
            }
            dict.put(
                    parameter.name(),
                    Value.Tensor.of(Objects.requireNonNull(all.get(parameter.name()), parameter.name())));
            if (parameter.name().endsWith("attn.b_V")) {
                String attention =
                        parameter.name().substring(0, parameter.name().length() - "b_V".length());
                int layer = Integer.parseInt(attention.split("\\.")[1]);
                dict.put(attention + "mask", Value.Tensor.of(mask(model.mask(layer, 0), model.nCtx())));
                dict.put(attention + "IGNORE", ignore);
            }
        }
        return dict;
    }

    private static RawTensor mask(Mask.Plain mask, int n) {
        byte[] open = new byte[Math.multiplyExact(n, n)];
        for (int i = 0; i < open.length; i++) {
            open[i] = (byte) (mask.open(i / n, i % n, n) ? 1 : 0);
        }
        return new RawTensor(DType.BOOL, List.of((long) n, (long) n), MemorySegment.ofArray(open));
    }
}
