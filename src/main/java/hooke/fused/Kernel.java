package hooke.fused;

/** In what the kernels are written. */
public enum Kernel {
    /** The Vector API, an incubating module. */
    VECTOR,
    /** Plain loops, which every Java runs. */
    PLAIN;

    /** The faster one that this JVM has. */
    public static Kernel best() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() ? VECTOR : PLAIN;
    }

    Kernels kernels() {
        return switch (this) {
            case VECTOR -> new VectorKernels();
            case PLAIN -> new PlainKernels();
        };
    }

    SmallProduct smallProduct() {
        return switch (this) {
            case VECTOR -> new VectorProduct();
            case PLAIN -> new PlainProduct();
        };
    }
}
