package hooke.tensor;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.URL;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/**
 * oneDNN's matrix products, spoken to directly: in float32, and of bfloat16 with sums in float32 where the processor multiplies such
 * numbers. Each call computes on the thread that makes it.
 */
public final class OneDnn {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final byte PLAIN = 'N';
    private static final byte TRANSPOSED = 'T';
    /** The bits of {@code dnnl_cpu_isa_avx512_core_bf16}, which later instruction sets have, too. */
    private static final int BF16_INSTRUCTIONS = 0xe7;

    private final SymbolLookup symbols;
    private final boolean multipliesBf16;

    private OneDnn(SymbolLookup symbols, boolean multipliesBf16) {
        this.symbols = symbols;
        this.multipliesBf16 = multipliesBf16;
    }

    /** Empty where this build has none for the platform, or one whose products are not right. */
    public static Optional<OneDnn> loaded() {
        Libtorch.load(); // It brings the OpenMP that both use.
        return Optional.ofNullable(Loaded.ONLY);
    }

    /** Looked up and tested once a process. */
    private static final class Loaded {
        static final @Nullable SymbolLookup SYMBOLS = symbols();
        static final @Nullable OneDnn ONLY = SYMBOLS == null ? null : tested(SYMBOLS);
    }

    /**
     * Constants, since the JIT compiler compiles only through handles that are. Critical: they read and write Java arrays where they lie,
     * and no safepoint passes until they return.
     */
    private static final class Handles {
        static final MethodHandle SGEMM = product("dnnl_sgemm");
        static final MethodHandle OF_BF16 = product("dnnl_gemm_bf16bf16f32");
        static final MethodHandle SET_THREADS =
                find("omp_set_num_threads", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));

        private static MethodHandle product(String name) {
            return find(
                    name,
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_BYTE,
                            ValueLayout.JAVA_BYTE,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_FLOAT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_FLOAT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG));
        }

        private static MethodHandle find(String name, FunctionDescriptor descriptor) {
            SymbolLookup symbols = Loaded.SYMBOLS;
            if (symbols == null) {
                throw new IllegalStateException("there is no oneDNN here");
            }
            return LINKER.downcallHandle(symbols.findOrThrow(name), descriptor, Linker.Option.critical(true));
        }
    }

    private static @Nullable SymbolLookup symbols() {
        String platform = Loader.getPlatform();
        String file = platform.startsWith("windows")
                ? "dnnl.dll"
                : platform.startsWith("macosx") ? "libdnnl.3.dylib" : "libdnnl.so.3";
        URL inside = OneDnn.class.getResource("/org/bytedeco/dnnl/" + platform + "/" + file);
        if (inside == null) {
            return null;
        }
        try {
            return SymbolLookup.libraryLookup(Loader.cacheResource(inside).toPath(), Arena.global());
        } catch (IOException | IllegalArgumentException cannotBeLoaded) {
            return null;
        }
    }

    /** The two symbols are not all in the public headers: another version may lack one, or give it other arguments. */
    private static @Nullable OneDnn tested(SymbolLookup symbols) {
        if (symbols.find("dnnl_sgemm").isEmpty()
                || symbols.find("omp_set_num_threads").isEmpty()) {
            return null;
        }
        boolean bf16 = symbols.find("dnnl_gemm_bf16bf16f32").isPresent() && hasBf16Instructions(symbols);
        var found = new OneDnn(symbols, bf16);
        if (!ProductCheck.passes(found::product, ProductCheck::floats)) {
            return null;
        }
        return bf16 && !ProductCheck.passes(found::productOfBf16, ProductCheck::bf16)
                ? new OneDnn(symbols, false)
                : found;
    }

    /** Without them the library computes such products by a reference, a hundred times slower. */
    private static boolean hasBf16Instructions(SymbolLookup symbols) {
        return Loader.getPlatform().endsWith("x86_64") && (isa(symbols) & BF16_INSTRUCTIONS) == BF16_INSTRUCTIONS;
    }

    /** A bit for each set of instructions; 0 where it does not tell. */
    private static int isa(SymbolLookup symbols) {
        Optional<MemorySegment> isa = symbols.find("dnnl_get_effective_cpu_isa");
        if (isa.isEmpty()) {
            return 0;
        }
        try {
            return (int) LINKER.downcallHandle(isa.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT))
                    .invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("dnnl_get_effective_cpu_isa failed", e);
        }
    }

    /** The best of the processor's instructions that it uses, by {@code dnnl_cpu_isa_t}, whose bits stand in it where it has no name here. */
    String instructions() {
        int bits = isa(symbols);
        return switch (bits) {
            case 0x1 -> "SSE4.1";
            case 0x3 -> "AVX";
            case 0x7 -> "AVX2";
            case 0xf, 0x1f -> "AVX2-VNNI";
            case 0x27 -> "AVX-512";
            case 0x67 -> "AVX-512-VNNI";
            case BF16_INSTRUCTIONS -> "AVX-512-BF16";
            case 0x1ef -> "AVX-512-FP16";
            case 0xfef, 0x1fef -> "AMX";
            default -> "0x" + Integer.toHexString(bits);
        };
    }

    /** Whether it has {@link #productOfBf16}. */
    public boolean multipliesBf16() {
        return multipliesBf16;
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
        int status;
        try {
            Handles.SET_THREADS.invokeExact(1);
            Signals.hold();
            status = (int) Handles.SGEMM.invokeExact(
                    transposeA ? TRANSPOSED : PLAIN,
                    transposeB ? TRANSPOSED : PLAIN,
                    (long) m,
                    (long) n,
                    (long) k,
                    1f,
                    a,
                    (long) aStride,
                    b,
                    (long) bStride,
                    keep,
                    c,
                    (long) cStride);
            Signals.release();
        } catch (Throwable e) {
            throw new IllegalStateException("dnnl_sgemm failed", e);
        }
        check(status, "dnnl_sgemm");
    }

    /** {@code C = A B + keep C}, as {@link #product}, of A and B in bfloat16, the upper halves of floats; C is in float32. */
    public void productOfBf16(
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
        int status;
        try {
            Handles.SET_THREADS.invokeExact(1);
            Signals.hold();
            status = (int) Handles.OF_BF16.invokeExact(
                    transposeA ? TRANSPOSED : PLAIN,
                    transposeB ? TRANSPOSED : PLAIN,
                    (long) m,
                    (long) n,
                    (long) k,
                    1f,
                    a,
                    (long) aStride,
                    b,
                    (long) bStride,
                    keep,
                    c,
                    (long) cStride);
            Signals.release();
        } catch (Throwable e) {
            throw new IllegalStateException("dnnl_gemm_bf16bf16f32 failed", e);
        }
        check(status, "dnnl_gemm_bf16bf16f32");
    }

    private static void check(int status, String function) {
        if (status != 0) {
            throw new IllegalStateException(function + " failed with status " + status);
        }
    }

    /** {@code oneDNN 3.11.0}. */
    public String version() {
        try {
            AddressLayout numbers =
                    ValueLayout.ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(3, ValueLayout.JAVA_INT));
            var version = (MemorySegment)
                    LINKER.downcallHandle(symbols.findOrThrow("dnnl_version"), FunctionDescriptor.of(numbers))
                            .invokeExact();
            return "oneDNN %d.%d.%d"
                    .formatted(
                            version.getAtIndex(ValueLayout.JAVA_INT, 0),
                            version.getAtIndex(ValueLayout.JAVA_INT, 1),
                            version.getAtIndex(ValueLayout.JAVA_INT, 2));
        } catch (Throwable e) {
            throw new IllegalStateException("dnnl_version failed", e);
        }
    }
}
