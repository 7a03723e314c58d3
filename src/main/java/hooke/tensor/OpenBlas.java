package hooke.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The OpenBLAS that libtorch multiplies with, spoken to directly: it is loaded already, and found by its name. Its number of threads is
 * one for the process.
 */
public final class OpenBlas {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final int ROW_MAJOR = 101;
    private static final int PLAIN = 111;
    private static final int TRANSPOSED = 112;

    private final SymbolLookup symbols;

    private OpenBlas(SymbolLookup symbols) {
        this.symbols = symbols;
    }

    /**
     * A constant, since the JIT compiler compiles only through handles that are. Critical: it reads and writes Java arrays where they
     * lie, and no safepoint passes until it returns.
     */
    private static final class Sgemm {
        static final MethodHandle HANDLE = LINKER.downcallHandle(
                loaded().orElseThrow().symbols.findOrThrow("cblas_sgemm"),
                FunctionDescriptor.ofVoid(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_FLOAT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_FLOAT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT),
                Linker.Option.critical(true));
    }

    /** Empty where libtorch brought another library for its products. */
    public static Optional<OpenBlas> loaded() {
        Libtorch.load();
        return Loaded.ONLY;
    }

    /** Looked up once a process: what a lookup leaves behind would otherwise grow with every training. */
    private static final class Loaded {
        static final Optional<OpenBlas> ONLY = find();
    }

    private static Optional<OpenBlas> find() {
        for (String name : new String[] {"libopenblas.so.0", "libopenblas.0.dylib", "libopenblas.dll"}) {
            try {
                return Optional.of(new OpenBlas(SymbolLookup.libraryLookup(name, Arena.global())));
            } catch (IllegalArgumentException absent) {
                // Another platform's name.
            }
        }
        return Optional.empty();
    }

    /**
     * {@code C = A B + keep C} in row-major order, each matrix a segment that begins with its first value, and its row stride. A is
     * [m, k], or [k, m] if transposed; B is [k, n], or [n, k] if transposed. While it runs the JVM can stop for nothing: keep it short.
     */
    public void product(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            MemorySegment a,
            int aStride,
            MemorySegment b,
            int bStride,
            float keep,
            MemorySegment c,
            int cStride) {
        try {
            Sgemm.HANDLE.invokeExact(
                    ROW_MAJOR,
                    transposeA ? TRANSPOSED : PLAIN,
                    transposeB ? TRANSPOSED : PLAIN,
                    m,
                    n,
                    k,
                    1f,
                    a,
                    aStride,
                    b,
                    bStride,
                    keep,
                    c,
                    cStride);
        } catch (Throwable e) {
            throw new IllegalStateException("cblas_sgemm failed", e);
        }
    }

    /** For every product from now on, in the whole process. */
    public void setThreads(int threads) {
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
    public String config() {
        try {
            var text = (MemorySegment) LINKER.downcallHandle(
                            symbols.findOrThrow("openblas_get_config"), FunctionDescriptor.of(ValueLayout.ADDRESS))
                    .invoke();
            return text.reinterpret(1024).getString(0).strip();
        } catch (Throwable e) {
            throw new IllegalStateException("openblas_get_config failed", e);
        }
    }

    /** The processors whose kernels it has chosen, as {@code Zen}. */
    String core() {
        try {
            var text = (MemorySegment) LINKER.downcallHandle(
                            symbols.findOrThrow("openblas_get_corename"), FunctionDescriptor.of(ValueLayout.ADDRESS))
                    .invoke();
            return text.reinterpret(1024).getString(0).strip();
        } catch (Throwable e) {
            throw new IllegalStateException("openblas_get_corename failed", e);
        }
    }
}
