package hooke.check;

import hooke.InputException;
import hooke.config.ModelConfig;
import hooke.config.Parameter;
import hooke.tensor.DType;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** The names and layouts of the recorded GPT: matrices as {@code nn.Linear} has them, queries, keys and values in one. */
record HeadlinesNames(ModelConfig model, Map<String, RawTensor> recorded) {
    /** All weights, or gradients, under Hooke's names. */
    SequencedMap<String, RawTensor> all() {
        SequencedMap<String, RawTensor> all = new LinkedHashMap<>();
        try (var _ = new Scope()) {
            for (Parameter parameter : Parameter.of(model)) {
                long[] shape = parameter.shape().stream().mapToLong(n -> n).toArray();
                Tensor found = named(parameter.name()).contiguous().reshape(shape);
                all.put(parameter.name(), copied(found));
            }
        }
        return all;
    }

    private static RawTensor copied(Tensor tensor) {
        var raw = tensor.to(DType.F32).contiguous().raw();
        var values = raw.data().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        return new RawTensor(raw.dtype(), raw.shape(), java.lang.foreign.MemorySegment.ofArray(values));
    }

    private Tensor named(String ours) {
        if (ours.startsWith("blocks.")) {
            String[] parts = ours.split("\\.", 4);
            return ofBlock("blocks." + parts[1] + ".", parts[2], parts[3]);
        }
        return switch (ours) {
            case "embed.W_E" -> tensor("tok.weight");
            case "pos_embed.W_pos" -> tensor("pos");
            case "ln_final.w" -> tensor("lnf.weight");
            case "ln_final.b" -> tensor("lnf.bias");
            default -> throw new InputException("the recorded GPT has no " + ours);
        };
    }

    private Tensor ofBlock(String block, String part, String name) {
        return switch (name) {
            case "w" -> tensor(block + part + ".weight");
            case "b" -> tensor(block + part + ".bias");
            case "W_Q", "W_K", "W_V" ->
                matrixOfHeads(third(block + "qkv.weight", name)).transpose(1, 2);
            case "b_Q", "b_K", "b_V" -> third(block + "qkv.bias", name);
            case "W_O" -> tensor(block + "proj.weight").transpose(0, 1);
            case "b_O" -> tensor(block + "proj.bias");
            case "W_in" -> tensor(block + "up.weight").transpose(0, 1);
            case "b_in" -> tensor(block + "up.bias");
            case "W_out" -> tensor(block + "down.weight").transpose(0, 1);
            case "b_out" -> tensor(block + "down.bias");
            default -> throw new InputException("the recorded GPT has no " + name);
        };
    }

    /** Of queries, keys and values in one. */
    private Tensor third(String name, String ours) {
        long width = (long) model.nHeads() * model.dHead();
        return tensor(name).narrow(0, "QKV".indexOf(ours.charAt(2)) * width, width);
    }

    private Tensor matrixOfHeads(Tensor rows) {
        return rows.reshape(model.nHeads(), model.dHead(), model.dModel());
    }

    private Tensor tensor(String name) {
        RawTensor raw = recorded.get(name);
        if (raw == null) {
            throw new InputException("the golden set lacks the tensor " + name);
        }
        return Tensor.of(raw);
    }
}
