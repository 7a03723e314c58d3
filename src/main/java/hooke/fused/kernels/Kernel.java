package hooke.fused.kernels;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** In what the kernels are written. */
public enum Kernel {
    /** The Vector API, an incubating module. */
    VECTOR,
    /** Plain loops, which every Java runs. */
    PLAIN;

    /** The faster one that this JVM has on this processor. */
    public static Kernel best() {
        return hasVectors() && hasFusedMultiplyAdd() ? VECTOR : PLAIN;
    }

    /** Whether this JVM was started with the module. */
    public static boolean hasVectors() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    /** The vectors multiply and add in one instruction; where the processor has none, Java does each by {@code BigDecimal}. */
    private static boolean hasFusedMultiplyAdd() {
        var machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        return Boolean.parseBoolean(machine.getVMOption("UseFMA").getValue());
    }

    public Kernels kernels() {
        return switch (this) {
            case VECTOR -> new VectorKernels();
            case PLAIN -> new PlainKernels();
        };
    }

    public SmallProduct smallProduct() {
        return switch (this) {
            case VECTOR -> new VectorProduct();
            case PLAIN -> new PlainProduct();
        };
    }
}
