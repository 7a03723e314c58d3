package hooke.interop.names;

import hooke.Check;
import hooke.InputException;
import hooke.config.Mask;
import hooke.config.ModelConfig;
import hooke.config.Norm;
import hooke.config.Positions;
import hooke.interop.pickle.Strides;
import hooke.interop.pickle.Value;
import hooke.tensor.RawTensor;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The state dict of nanoGPT's {@code GPT}: PyTorch's Linear layout, so every matrix transposed [out, in], and query, key and value of
 * all heads fused in {@code c_attn}. It ties {@code lm_head} to the embedding, has pre-norm LayerNorm with eps 1e-5, exact GELU and the
 * causal mask; its biases may be missing, all together, and are zero then.
 */
public record NanoGptNames() implements Names {
    private static final double EPS = 1e-5;
    private static final String EMBEDDING = "transformer.wte.weight";
    private static final String HEAD = "lm_head.weight";

    @Override
    public SequencedMap<String, RawTensor> weights(ModelConfig model, Located stateDict) {
        return AbsentBiases.removed(stateDict.where(), model, all(model.withAllBiases(), stateDict));
    }

    private static SequencedMap<String, RawTensor> all(ModelConfig model, Located stateDict) {
        check(model);
        Located plain = both(model, StateDict.plain(stateDict));
        SequencedMap<String, List<Long>> wanted = shapes(model);
        Set<String> biases =
                wanted.keySet().stream().filter(n -> n.endsWith(".bias")).collect(Collectors.toSet());
        boolean none = biases.stream().noneMatch(plain::has);
        SequencedMap<String, Value.Tensor> tensors =
                Names.fit(plain, wanted, none ? biases : Set.of(), List.of("transformer\\.h\\.\\d{1,4}\\.attn\\.bias"));
        var in = new Reading(model, wanted, tensors);
        in.put("embed.W_E", in.get("transformer.wte.weight"), model.dVocab(), model.dModel());
        in.put("pos_embed.W_pos", in.get("transformer.wpe.weight"), model.nCtx(), model.dModel());
        for (int layer = 0; layer < model.nLayers(); layer++) {
            in.block("blocks." + layer + ".", "transformer.h." + layer + ".");
        }
        in.norm("ln_final", "transformer.ln_f");
        float[] head = in.get("lm_head.weight"); // [d_vocab_out, d_model]
        if (model.tiedEmbeddings()) {
            Check.that(
                    Arrays.equals(head, in.get("transformer.wte.weight")),
                    "%s, lm_head.weight is not transformer.wte.weight, as model.tied_embeddings says",
                    plain.where());
        } else {
            in.put("unembed.W_U", Names.transposed(head, model.dVocabOut()), model.dModel(), model.dVocabOut());
        }
        in.put("unembed.b_U", new float[model.dVocabOut()], model.dVocabOut());
        return in.weights;
    }

    /** With both names of a tied matrix, of which files keep one: {@code safetensors.torch.save_model} drops either. */
    private static Located both(ModelConfig model, Located plain) {
        if (!model.tiedEmbeddings() || plain.has(HEAD) == plain.has(EMBEDDING)) {
            return plain;
        }
        Value.Dict both = Value.Dict.empty(true);
        plain.tensors().forEach(both::put);
        both.put(
                plain.has(HEAD) ? EMBEDDING : HEAD,
                plain.get(plain.has(HEAD) ? HEAD : EMBEDDING).value());
        return new Located(plain.where(), both);
    }

    private static void check(ModelConfig model) {
        Check.that(
                model.nHeads() * model.dHead() == model.dModel(),
                "nanoGPT's GPT has heads that divide d_model among them: model.d_head (%s) times model.n_heads (%s) must be %s",
                model.dHead(),
                model.nHeads(),
                model.dModel());
        Check.that(!model.attnOnly(), "nanoGPT's GPT has an MLP in every block: model.attn_only must be false");
        // GPT-2's own weights, which are read through these names, are of its approximation.
        Check.that(
                Set.of(ModelConfig.Activation.GELU, ModelConfig.Activation.GELU_NEW)
                        .contains(model.actFn()),
                "nanoGPT's GPT has the exact GELU, and GPT-2 its approximation: model.act_fn must be gelu or gelu-new");
        Names.checkForm("nanoGPT's GPT", model);
        Check.that(
                model.mask().equals(new Mask.Causal()), "nanoGPT's GPT has the causal mask: model.mask must be causal");
        Check.that(
                model.norm().equals(new Norm.LayerNorm(EPS, Norm.Placement.PRE, true)),
                "nanoGPT's GPT has LayerNorm with eps %s, placement pre and a bias: model.norm must be that",
                EPS);
        switch (model.positions()) {
            case Positions.Learned() -> {} // As nanoGPT's are.
            case Positions.Rotary _ ->
                throw new InputException("nanoGPT's GPT has learned positions: model.positions must be learned");
        }
        Check.that(!model.gatedMlp(), "nanoGPT's GPT has no gate in its MLPs: model.gated_mlp must be false");
        Check.that(
                model.dVocab() == model.dVocabOut(),
                "nanoGPT's GPT has one vocabulary: model.d_vocab (%s) must be model.d_vocab_out (%s)",
                model.dVocab(),
                model.dVocabOut());
    }

    private static SequencedMap<String, List<Long>> shapes(ModelConfig model) {
        long d = model.dModel();
        long mlp = model.dMlp();
        SequencedMap<String, List<Long>> shapes = new LinkedHashMap<>();
        shapes.put("transformer.wte.weight", List.of((long) model.dVocab(), d));
        shapes.put("transformer.wpe.weight", List.of((long) model.nCtx(), d));
        for (int layer = 0; layer < model.nLayers(); layer++) {
            String h = "transformer.h." + layer + ".";
            both(shapes, h + "ln_1", d);
            both(shapes, h + "attn.c_attn", 3 * d, d);
            both(shapes, h + "attn.c_proj", d, d);
            both(shapes, h + "ln_2", d);
            both(shapes, h + "mlp.c_fc", mlp, d);
            both(shapes, h + "mlp.c_proj", d, mlp);
        }
        both(shapes, "transformer.ln_f", d);
        shapes.put("lm_head.weight", List.of((long) model.dVocabOut(), d));
        return shapes;
    }

    private static void both(SequencedMap<String, List<Long>> shapes, String name, Long... shape) {
        shapes.put(name + ".weight", List.of(shape));
        shapes.put(name + ".bias", List.of(shape[0]));
    }

    /** Turns one state dict into Hooke's weights, tensor by tensor. */
    private record Reading(
            ModelConfig model,
            Map<String, List<Long>> shapes,
            Map<String, Value.Tensor> tensors,
            SequencedMap<String, RawTensor> weights) {

        Reading(ModelConfig model, Map<String, List<Long>> shapes, Map<String, Value.Tensor> tensors) {
            this(model, shapes, tensors, new LinkedHashMap<>());
        }

        /** Zero where it is missing, which only biases may be. */
        float[] get(String name) {
            Value.Tensor tensor = tensors.get(name);
            List<Long> shape = java.util.Objects.requireNonNull(shapes.get(name), name);
            return tensor == null ? new float[(int) Strides.count(shape)] : Names.floats(tensor);
        }

        void put(String name, float[] values, int... shape) {
            weights.put(
                    name,
                    Names.raw(
                            values, Arrays.stream(shape).mapToObj(n -> (long) n).toArray(Long[]::new)));
        }

        void norm(String ours, String theirs) {
            put(ours + ".w", get(theirs + ".weight"), model.dModel());
            put(ours + ".b", get(theirs + ".bias"), model.dModel());
        }

        void block(String ours, String theirs) {
            int d = model.dModel();
            norm(ours + "ln1", theirs + "ln_1");
            norm(ours + "ln2", theirs + "ln_2");
            float[] fused = get(theirs + "attn.c_attn.weight"); // [3 head d_head, d_model]
            float[] bias = get(theirs + "attn.c_attn.bias");
            for (int part = 0; part < 3; part++) {
                char letter = "QKV".charAt(part);
                float[] matrix = Arrays.copyOfRange(fused, part * d * d, (part + 1) * d * d); // [head d_head, d_model]
                put(ours + "attn.W_" + letter, heads(matrix), model.nHeads(), d, model.dHead());
                float[] own = Arrays.copyOfRange(bias, part * d, (part + 1) * d);
                put(ours + "attn.b_" + letter, own, model.nHeads(), model.dHead());
            }
            float[] out = Names.transposed(get(theirs + "attn.c_proj.weight"), d); // [head d_head, d_model]
            put(ours + "attn.W_O", out, model.nHeads(), model.dHead(), d);
            put(ours + "attn.b_O", get(theirs + "attn.c_proj.bias"), d);
            put(ours + "mlp.W_in", Names.transposed(get(theirs + "mlp.c_fc.weight"), model.dMlp()), d, model.dMlp());
            put(ours + "mlp.b_in", get(theirs + "mlp.c_fc.bias"), model.dMlp());
            put(ours + "mlp.W_out", Names.transposed(get(theirs + "mlp.c_proj.weight"), d), model.dMlp(), d);
            put(ours + "mlp.b_out", get(theirs + "mlp.c_proj.bias"), d);
        }

        /** [head d_head, d_model] as [head, d_model, d_head]. */
        private float[] heads(float[] matrix) {
            int size = model.dHead() * model.dModel();
            float[] turned = new float[matrix.length];
            for (int head = 0; head < model.nHeads(); head++) {
                float[] one = Arrays.copyOfRange(matrix, head * size, (head + 1) * size);
                System.arraycopy(Names.transposed(one, model.dHead()), 0, turned, head * size, size);
            }
            return turned;
        }
    }

    @Override
    public Value.Dict stateDict(ModelConfig model, Map<String, RawTensor> weights) {
        check(model);
        Check.that(
                model.actFn() == ModelConfig.Activation.GELU,
                "nanoGPT's GPT has the exact GELU: model.act_fn must be gelu");
        var out = new Writing(model, AbsentBiases.added(model, weights), Value.Dict.empty(true));
        float[] embedding = out.get("embed.W_E");
        Check.that(
                model.tiedEmbeddings()
                        || Arrays.equals(embedding, Names.transposed(out.get("unembed.W_U"), model.dModel())),
                "nanoGPT's GPT ties lm_head to the embedding, and this model's unembed.W_U is not its embed.W_E transposed");
        for (float b : out.get("unembed.b_U")) {
            Check.that(b == 0, "nanoGPT's lm_head has no bias, and this model's unembed.b_U is not zero");
        }
        out.put("transformer.wte.weight", embedding, model.dVocab(), model.dModel());
        out.put("transformer.wpe.weight", out.get("pos_embed.W_pos"), model.nCtx(), model.dModel());
        for (int layer = 0; layer < model.nLayers(); layer++) {
            out.block("blocks." + layer + ".", "transformer.h." + layer + ".");
        }
        out.norm("ln_final", "transformer.ln_f");
        out.put("lm_head.weight", embedding, model.dVocabOut(), model.dModel());
        return out.dict;
    }

    /** The way back. */
    private record Writing(ModelConfig model, Map<String, RawTensor> weights, Value.Dict dict) {
        float[] get(String name) {
            RawTensor raw = java.util.Objects.requireNonNull(weights.get(name), name);
            return raw.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        }

        void put(String name, float[] values, int... shape) {
            dict.put(
                    name,
                    Value.Tensor.of(Names.raw(
                            values, Arrays.stream(shape).mapToObj(n -> (long) n).toArray(Long[]::new))));
        }

        void norm(String ours, String theirs) {
            put(theirs + ".weight", get(ours + ".w"), model.dModel());
            put(theirs + ".bias", get(ours + ".b"), model.dModel());
        }

        void block(String ours, String theirs) {
            int d = model.dModel();
            norm(ours + "ln1", theirs + "ln_1");
            float[] fused = new float[3 * d * d];
            float[] bias = new float[3 * d];
            for (int part = 0; part < 3; part++) {
                char letter = "QKV".charAt(part);
                System.arraycopy(rows(get(ours + "attn.W_" + letter)), 0, fused, part * d * d, d * d);
                System.arraycopy(get(ours + "attn.b_" + letter), 0, bias, part * d, d);
            }
            put(theirs + "attn.c_attn.weight", fused, 3 * d, d);
            put(theirs + "attn.c_attn.bias", bias, 3 * d);
            put(theirs + "attn.c_proj.weight", Names.transposed(get(ours + "attn.W_O"), d), d, d);
            put(theirs + "attn.c_proj.bias", get(ours + "attn.b_O"), d);
            norm(ours + "ln2", theirs + "ln_2");
            put(theirs + "mlp.c_fc.weight", Names.transposed(get(ours + "mlp.W_in"), d), model.dMlp(), d);
            put(theirs + "mlp.c_fc.bias", get(ours + "mlp.b_in"), model.dMlp());
            put(theirs + "mlp.c_proj.weight", Names.transposed(get(ours + "mlp.W_out"), model.dMlp()), d, model.dMlp());
            put(theirs + "mlp.c_proj.bias", get(ours + "mlp.b_out"), d);
        }

        /** [head, d_model, d_head] as [head d_head, d_model]. */
        private float[] rows(float[] heads) {
            int size = model.dHead() * model.dModel();
            float[] turned = new float[heads.length];
            for (int head = 0; head < model.nHeads(); head++) {
                float[] one = Arrays.copyOfRange(heads, head * size, (head + 1) * size);
                System.arraycopy(Names.transposed(one, model.dModel()), 0, turned, head * size, size);
            }
            return turned;
        }
    }
}
