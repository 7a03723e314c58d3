package hooke.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** The OpenBLAS that libtorch multiplies with, spoken to directly: it is loaded already, and found by its name. */
final class OpenBlas {
    private static final Linker LINKER = Linker.nativeLinker();
    private final SymbolLookup symbols;

    private OpenBlas(SymbolLookup symbols) {
        this.symbols = symbols;
    }

    /** Empty where libtorch brought another library for its products. */
    static Optional<OpenBlas> loaded() {
        for (String name : new String[] {"libopenblas.so.0", "libopenblas.0.dylib", "libopenblas.dll"}) {
            try {
                return Optional.of(new OpenBlas(SymbolLookup.libraryLookup(name, Arena.global())));
            } catch (IllegalArgumentException absent) {
                // Another platform's name.
            }
        }
        return Optional.empty();
    }

    void setThreads(int threads) {
        try {
            LINKER.downcallHandle(
                            symbols.findOrThrow("openblas_set_num_threads"),
                            FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT))
                    .invoke(threads);
        } catch (Throwable e) {
            throw new IllegalStateException("openblas_set_num_threads failed", e);
        }
    }

    /** What it was built for, as {@code OpenBLAS 0.3.31 ... SapphireRapids}. */
    String config() {
        try {
            var text = (MemorySegment) LINKER.downcallHandle(
                            symbols.findOrThrow("openblas_get_config"), FunctionDescriptor.of(ValueLayout.ADDRESS))
                    .invoke();
            return text.reinterpret(1024).getString(0).strip();
        } catch (Throwable e) {
            throw new IllegalStateException("openblas_get_config failed", e);
        }
    }
}
