package hooke.interop.names;

import hooke.config.ModelConfig;
import hooke.interop.pickle.Pth;
import hooke.interop.pickle.Value;
import hooke.tensor.RawTensor;
import hooke.tensor.Safetensors;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.SequencedMap;

/** A file with the weights of one model: safetensors or {@code .pth}, under the names of Hooke, TransformerLens or nanoGPT. */
public final class WeightsFile {
    private WeightsFile() {}

    /** The weights under Hooke's names. Throws {@link hooke.InputException} naming every tensor that does not fit the model. */
    public static SequencedMap<String, RawTensor> read(Path file, ModelConfig model, Arena arena) {
        return StateDict.find(open(file, arena), null).weights(model);
    }

    /** What a file holds, as a value; of safetensors a dict of its tensors and of the texts beside them. */
    public static Located open(Path file, Arena arena) {
        if (!file.toString().endsWith(".safetensors")) {
            return new Located(file.toString(), Pth.read(file, arena));
        }
        Value.Dict dict = Value.Dict.empty(true);
        Safetensors opened = Safetensors.open(file, arena);
        opened.tensors().forEach((name, raw) -> dict.put(name, Value.Tensor.of(raw)));
        opened.metadata().forEach((name, text) -> {
            // save_model names a tensor that it left out, and the other name of it that it kept.
            Value kept = dict.get(text);
            if (dict.get(name) == null) {
                dict.put(name, kept instanceof Value.Tensor ? kept : new Value.Text(text));
            }
        });
        return new Located(file.toString(), dict);
    }
}
