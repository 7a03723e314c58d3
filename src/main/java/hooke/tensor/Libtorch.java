package hooke.tensor;

import hooke.InputException;
import hooke.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The native library: loaded once, told how many threads to use, asked what it is. */
public final class Libtorch {
    private Libtorch() {}

    static {
        OpenMp.sleepWhenIdle();
        // Freeing is the scopes' work: without these three, JavaCPP keeps a phantom reference for each handle and
        // reads the process' resident size at every allocation.
        System.setProperty("org.bytedeco.javacpp.nopointergc", "true");
        System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
        System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        try {
            unpackForGpus();
            torch.set_num_interop_threads(1);
        } catch (UnsatisfiedLinkError e) {
            throw new InputException(
                    "libtorch cannot be loaded (%s): it is unpacked into %s, which must have 1 GB of room and let programs run; HOOKE_OPTS=-Dorg.bytedeco.javacpp.cachedir=FOLDER names another folder. A build with -Pcuda also needs the libraries of CUDA 13.1 with cuDNN 9.19 and NCCL"
                            .formatted(reason(Reason.root(e)), folder()),
                    e);
        }
    }

    /**
     * Unpacks what the part for GPUs needs before that is loaded. JavaCPP unpacks each library just before it loads it and that part first,
     * so that in the first process on a machine it would load too late, and libtorch say that there is no GPU.
     */
    private static void unpackForGpus() {
        for (String library : List.of("libc10.so", "libtorch_cpu.so")) {
            URL found = Libtorch.class.getResource(
                    "/org/bytedeco/pytorch/%s-gpu/%s".formatted(Loader.getPlatform(), library));
            if (found != null) {
                try {
                    Loader.cacheResource(found);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private static String folder() {
        try {
            return Loader.getCacheDir().toString();
        } catch (IOException none) {
            return "a folder that cannot be made";
        }
    }

    /** The first line, without the path of the library, which stands there twice. */
    private static String reason(Throwable e) {
        String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return line.replaceFirst("^(.+): \\1: ", "").strip();
    }

    /** Loads the native library, if nothing has yet (about a second). */
    static void load() {}

    /**
     * Sets the number of compute threads, for libtorch's own loops and for OpenBLAS' products. The first acts on the calling thread's
     * OpenMP, the second on the process: call it on the thread that trains, before the first operation.
     */
    public static void setThreads(int threads) {
        torch.set_num_threads(threads);
        OpenBlas.loaded().ifPresent(blas -> blas.setThreads(threads));
    }

    /**
     * Whether this thread's arithmetic takes subnormal numbers for zero, as PyTorch users set for speed: moments of gradients below
     * 1e-38 change nothing that can be seen, and cost a hundred times as much.
     */
    public static void flushSubnormals(boolean flush) {
        org.bytedeco.pytorch.Context.setFlushDenormal(flush);
    }

    /** Versions and instruction set of what computes. */
    public static String description() {
        return version() + ", " + blas();
    }

    /** {@code libtorch 2.10.0-1.5.13 (AVX512)}: the version of the artifact, and the instructions that it uses here. */
    public static String version() {
        load();
        return "libtorch " + artifactVersion() + " ("
                + torch.get_cpu_capability().getString() + ")";
    }

    /**
     * The processor's instructions that the native libraries compute with, which users can limit: {@code libtorch AVX2, OpenBLAS Zen, oneDNN
     * AVX2}.
     */
    public static String instructions() {
        load();
        return Stream.of(
                        Optional.of("libtorch " + torch.get_cpu_capability().getString()),
                        OpenBlas.loaded().map(blas -> "OpenBLAS " + blas.core()),
                        OneDnn.loaded().map(dnn -> "oneDNN " + dnn.instructions()))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(", "));
    }

    /** The library of its matrix products, as it describes itself. */
    public static String blas() {
        load();
        return OpenBlas.loaded().map(OpenBlas::config).orElse("no OpenBLAS");
    }

    private static String artifactVersion() {
        var properties = new Properties();
        try (InputStream in = torch.class.getResourceAsStream("/META-INF/maven/org.bytedeco/pytorch/pom.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "of unknown version");
    }

    static ScalarType scalarType(DType dtype) {
        return switch (dtype) {
            case F64 -> ScalarType.Double;
            case F32 -> ScalarType.Float;
            case F16 -> ScalarType.Half;
            case BF16 -> ScalarType.BFloat16;
            case I64 -> ScalarType.Long;
            case I32 -> ScalarType.Int;
            case I16 -> ScalarType.Short;
            case I8 -> ScalarType.Char;
            case U8 -> ScalarType.Byte;
            case BOOL -> ScalarType.Bool;
        };
    }

    static DType dtype(ScalarType fromNative) {
        // What comes out of a native call carries the value only; the constant must be looked up.
        ScalarType type = fromNative.intern();
        return switch (type) {
            case Double -> DType.F64;
            case Float -> DType.F32;
            case Half -> DType.F16;
            case BFloat16 -> DType.BF16;
            case Long -> DType.I64;
            case Int -> DType.I32;
            case Short -> DType.I16;
            case Char -> DType.I8;
            case Byte -> DType.U8;
            case Bool -> DType.BOOL;
            default ->
                throw new IllegalArgumentException(
                        "tensors of type " + type.name().toLowerCase(Locale.ROOT) + " are not supported");
        };
    }
}
