package hooke.interop;

import hooke.Check;
import hooke.config.ModelConfig;
import hooke.tensor.RawTensor;
import hooke.tensor.Safetensors;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;

/** A file with the weights of one model: safetensors or {@code .pth}, under the names of Hooke, TransformerLens or nanoGPT. */
public final class WeightsFile {
    private WeightsFile() {}

    /**
     * The weights under Hooke's names. A state dict may lie below {@code model} or {@code state_dict}, as in checkpoints of nanoGPT and
     * others. Throws {@link hooke.InputException} naming every tensor that does not fit the model.
     */
    public static SequencedMap<String, RawTensor> read(Path file, ModelConfig model, Arena arena) {
        Located stateDict = stateDict(open(file, arena));
        Check.that(!stateDict.tensors().isEmpty(), "%s holds no tensor", stateDict.where());
        return Names.of(stateDict).weights(model, stateDict);
    }

    /** What a file holds, as a value. */
    public static Located open(Path file, Arena arena) {
        if (!file.toString().endsWith(".safetensors")) {
            return new Located(file.toString(), Pth.read(file, arena));
        }
        Value.Dict dict = Value.Dict.empty(true);
        Safetensors.open(file, arena).tensors().forEach((name, raw) -> dict.put(name, Value.Tensor.of(raw)));
        return new Located(file.toString(), dict);
    }

    private static Located stateDict(Located file) {
        for (String key : List.of("model", "state_dict")) {
            if (file.has(key) && file.get(key).value() instanceof Value.Dict) {
                return file.get(key);
            }
        }
        return file;
    }
}
