package hooke.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** How OpenMP's threads, which compute libtorch's loops, wait for work. */
final class OpenMp {
    private static final String POLICY = "OMP_WAIT_POLICY";

    private OpenMp() {}

    /**
     * Lets threads without work sleep, unless the environment says otherwise. By default they spin for milliseconds: beside other busy
     * processes, or on one core, that makes small operations several times slower. OpenMP reads its environment when it is loaded, so this
     * comes before; Java cannot set it, the C library can.
     */
    static void sleepWhenIdle() {
        Linker linker = Linker.nativeLinker();
        linker.defaultLookup()
                .find("setenv")
                .ifPresent(
                        symbol -> { // Windows has none.
                            MethodHandle setenv = linker.downcallHandle(
                                    symbol,
                                    FunctionDescriptor.of(
                                            ValueLayout.JAVA_INT,
                                            ValueLayout.ADDRESS,
                                            ValueLayout.ADDRESS,
                                            ValueLayout.JAVA_INT));
                            try (Arena arena = Arena.ofConfined()) {
                                int keep = 0; // what is set already
                                int _ = (int) setenv.invokeExact(
                                        arena.allocateFrom(POLICY), arena.allocateFrom("passive"), keep);
                            } catch (Throwable e) {
                                throw new IllegalStateException(e);
                            }
                        });
    }
}
