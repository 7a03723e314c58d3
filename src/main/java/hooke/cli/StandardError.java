package hooke.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/**
 * The process' error stream, of native code too. While Java starts, the launcher lets it pass a filter that drops one warning, and keeps
 * the real one in another descriptor.
 */
final class StandardError {
    private StandardError() {}

    /** Makes descriptor 2 what the launcher's other descriptor is, if there is one; the filter then sees the end of its input, and ends. */
    static void takeBack() {
        Integer descriptor = Integer.getInteger("hooke.stderr");
        if (descriptor == null) {
            return;
        }
        Linker linker = Linker.nativeLinker();
        var dup2 = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        var close = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        try {
            int taken = (int) linker.downcallHandle(linker.defaultLookup().findOrThrow("dup2"), dup2)
                    .invokeExact((int) descriptor, 2);
            int closed = (int) linker.downcallHandle(linker.defaultLookup().findOrThrow("close"), close)
                    .invokeExact((int) descriptor);
            if (taken < 0 || closed < 0) {
                throw new IllegalStateException("descriptor " + descriptor + " is not open");
            }
        } catch (Throwable e) {
            throw new IllegalStateException("the error stream cannot be taken back", e);
        }
    }
}
