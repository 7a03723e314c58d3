package hooke.interop.pickle;

import hooke.tensor.DType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The storages that a pickle names, each once; their bytes lie behind or beside it, and are found when all are known. */
final class Storages {
    private final Map<String, Value.Storage> byKey = new LinkedHashMap<>();

    /** The storage of that key; null if the file says elsewhere that it is another. */
    Value.@Nullable Storage get(String key, DType dtype, long size) {
        Value.Storage storage = byKey.computeIfAbsent(key, k -> new Value.Storage(k, dtype, size));
        return storage.dtype() == dtype && storage.size() == size ? storage : null;
    }

    Collection<Value.Storage> all() {
        return byKey.values();
    }

    Value.@Nullable Storage find(String key) {
        return byKey.get(key);
    }
}
