package hooke.fused.kernels;

import hooke.Jvm;

/** In what the kernels are written. */
public enum Kernel {
    /** The Vector API, an incubating module. */
    VECTOR,
    /** Plain loops, which every Java runs. */
    PLAIN;

    /** The faster one that this JVM has on this processor. */
    public static Kernel best() {
        return hasVectors() && Jvm.fusesMultiplyAdd() ? VECTOR : PLAIN;
    }

    /** Whether this JVM was started with the module. */
    public static boolean hasVectors() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
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
