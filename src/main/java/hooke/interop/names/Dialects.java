package hooke.interop.names;

import hooke.Check;
import hooke.config.Mask;
import hooke.config.ModelConfig;
import hooke.interop.pickle.Strides;
import hooke.interop.pickle.Value;
import java.util.List;

/**
 * Layouts that differ from one of {@link Names} in how matrices lie: each tensor becomes a view as the other lays it out, and no number
 * is copied. Known are Hugging Face's GPT-2, whose Conv1D has nanoGPT's matrices transposed, and the networks of Nanda et al. 2023,
 * "Progress measures for grokking via mechanistic interpretability" (arXiv 2301.05217): TransformerLens' names, {@code W_E [d_model,
 * d_vocab]}, {@code W_K [head, d_head, d_model]}, {@code W_O [d_model, head d_head]}, and no biases but the MLP's.
 */
final class Dialects {
    private static final String CONV1D =
            "transformer\\.h\\.\\d+\\.(attn\\.c_attn|attn\\.c_proj|mlp\\.c_fc|mlp\\.c_proj)\\.weight";

    private Dialects() {}

    /** Weights in a dialect as one of {@link Names} has them; the dict itself where it is in no dialect. */
    static Located translated(ModelConfig model, Located plain) {
        Located headed = headed(plain);
        if (rank(headed, "transformer.h.0.attn.c_attn.weight") == 2 && isConv1d(headed)) {
            return gpt2(headed);
        }
        return rank(plain, "blocks.0.attn.W_O") == 2 ? progressMeasures(model, plain) : headed;
    }

    /** GPT2Model, without the head for language, has no {@code transformer.} before its names. */
    private static Located headed(Located plain) {
        if (!plain.has("h.0.attn.c_attn.weight")) {
            return plain;
        }
        Value.Dict headed = Value.Dict.empty(true);
        plain.tensors()
                .forEach((name, tensor) ->
                        headed.put(name.startsWith("lm_head.") ? name : "transformer." + name, tensor));
        return new Located(plain.where(), headed);
    }

    private static int rank(Located dict, String name) {
        return dict.has(name) ? dict.get(name).tensor().shape().size() : -1;
    }

    /** [d_model, 3 d_model], where a Linear has [3 d_model, d_model]. */
    private static boolean isConv1d(Located dict) {
        List<Long> shape =
                dict.get("transformer.h.0.attn.c_attn.weight").tensor().shape();
        return shape.get(0) < shape.get(1);
    }

    private static Located gpt2(Located headed) {
        Value.Dict turned = Value.Dict.empty(true);
        headed.tensors().forEach((name, tensor) -> {
            if (!name.endsWith(".attn.masked_bias")) {
                turned.put(name, name.matches(CONV1D) && tensor.shape().size() == 2 ? transposed(tensor) : tensor);
            }
        });
        return new Located(headed.where() + " (Hugging Face's GPT-2)", turned);
    }

    private static Located progressMeasures(ModelConfig model, Located plain) {
        Value.Dict turned = Value.Dict.empty(true);
        String where = plain.where() + " (laid out as by Nanda et al.)";
        plain.tensors().forEach((name, tensor) -> {
            String weight = name.substring(name.lastIndexOf('.') + 1);
            int axes = tensor.shape().size();
            switch (weight) {
                case "W_E", "W_in", "W_out" -> turned.put(name, axes == 2 ? transposed(tensor) : tensor);
                case "W_Q", "W_K", "W_V" -> turned.put(name, axes == 3 ? transposed(tensor) : tensor);
                case "W_O" -> turned.put(name, axes == 2 ? byHead(model, where, name, tensor) : tensor);
                case "W_U" -> turned.put(name, axes == 2 ? withoutEquals(model, tensor) : tensor);
                case "mask" ->
                    Check.that(
                            model.mask().equals(new Mask.Causal()),
                            "%s has the causal mask: model.mask must be causal",
                            where);
                default -> turned.put(name, tensor);
            }
        });
        for (int layer = 0; layer < model.nLayers(); layer++) {
            String attn = "blocks." + layer + ".attn.";
            for (String bias : List.of("b_Q", "b_K", "b_V")) {
                putZeros(turned, attn + bias, model.nHeads(), model.dHead());
            }
            putZeros(turned, attn + "b_O", model.dModel());
        }
        putZeros(turned, "unembed.b_U", model.dVocabOut());
        return new Located(where, turned);
    }

    private static void putZeros(Value.Dict dict, String name, long... shape) {
        if (dict.get(name) == null) {
            Long[] boxed = java.util.Arrays.stream(shape).boxed().toArray(Long[]::new);
            dict.put(name, Value.Tensor.of(Names.raw(new float[(int) Strides.count(List.of(boxed))], boxed)));
        }
    }

    /** The last two axes the other way round. */
    private static Value.Tensor transposed(Value.Tensor tensor) {
        return new Value.Tensor(tensor.storage(), tensor.offset(), swapped(tensor.shape()), swapped(tensor.strides()));
    }

    private static List<Long> swapped(List<Long> axes) {
        var swapped = new java.util.ArrayList<>(axes);
        java.util.Collections.swap(swapped, axes.size() - 2, axes.size() - 1);
        return swapped;
    }

    /** [d_model, head d_head] as [head, d_head, d_model]. */
    private static Value.Tensor byHead(ModelConfig model, String where, String name, Value.Tensor tensor) {
        long row = tensor.strides().get(0);
        long column = tensor.strides().get(1);
        long heads = model.nHeads();
        long dHead = model.dHead();
        Check.that(
                tensor.shape().get(1) == heads * dHead,
                "%s, %s has shape %s where [%s, %s heads of %s] is needed",
                where,
                name,
                tensor.shape(),
                model.dModel(),
                heads,
                dHead);
        return new Value.Tensor(
                tensor.storage(),
                tensor.offset(),
                List.of(heads, dHead, tensor.shape().get(0)),
                List.of(dHead * column, column, row));
    }

    /** These networks also write a logit for "=", the last token, which is never an answer. */
    private static Value.Tensor withoutEquals(ModelConfig model, Value.Tensor tensor) {
        long classes = tensor.shape().get(1);
        return classes == model.dVocab() && classes == model.dVocabOut() + 1
                ? new Value.Tensor(
                        tensor.storage(),
                        tensor.offset(),
                        List.of(tensor.shape().get(0), classes - 1),
                        tensor.strides())
                : tensor;
    }
}
