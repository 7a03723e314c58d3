package hooke.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

/**
 * Holds back signals to the calling thread while oneDNN computes. Its kernels for processors without AVX-512 keep their stack pointer in
 * memory of the heap, so that a signal's frame, such as a profiler's, would be written over what lies there.
 */
final class Signals {
    private static final int BLOCK = 0;
    private static final int UNBLOCK = 1;
    /** What profilers, terminals and timers send, by Linux' numbers; faults of the thread itself are not among them. */
    private static final int[] HELD = {1, 2, 10, 12, 14, 15, 17, 23, 26, 27, 28, 29};
    /** Bytes of a set of signals in glibc. */
    private static final int SET = 128;

    private static final MemorySegment ALL = all();
    private static final Optional<MethodHandle> MASK = mask();

    private Signals() {}

    private static MemorySegment all() {
        MemorySegment set = Arena.global().allocate(SET, Long.BYTES);
        long bits = 0;
        for (int signal : HELD) {
            bits |= 1L << (signal - 1);
        }
        set.set(ValueLayout.JAVA_LONG, 0, bits);
        return set;
    }

    private static Optional<MethodHandle> mask() {
        if (!Loader.getPlatform().startsWith("linux")) {
            return Optional.empty();
        }
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find("pthread_sigmask")
                .map(symbol -> linker.downcallHandle(
                        symbol,
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
                        Linker.Option.critical(false)));
    }

    static void hold() throws Throwable {
        change(BLOCK);
    }

    static void release() throws Throwable {
        change(UNBLOCK);
    }

    private static void change(int how) throws Throwable {
        if (MASK.isPresent()) {
            int _ = (int) MASK.get().invokeExact(how, ALL, MemorySegment.NULL);
        }
    }
}
