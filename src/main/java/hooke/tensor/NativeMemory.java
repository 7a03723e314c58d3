package hooke.tensor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the process holds outside the Java heap, by two witnesses that see different things.
 *
 * @param allocated bytes that the C allocator says are in use ({@code mallinfo2}): tensors, their handles and what autograd keeps; -1
 *     where the C library has no such call
 * @param resident bytes of memory that the whole process occupies, Java heap included; -1 where the system does not say
 */
public record NativeMemory(long allocated, long resident) {
    /** Ten size_t: arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost. */
    private static final MemoryLayout MALLINFO2 = MemoryLayout.structLayout(
            MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG).withName("fields"));

    /** As it is now. */
    public static NativeMemory now() {
        return new NativeMemory(mallocInUse(), residentSize());
    }

    private static long mallocInUse() {
        Linker linker = Linker.nativeLinker();
        var function = linker.defaultLookup().find("mallinfo2");
        if (function.isEmpty()) {
            return -1;
        }
        try (Arena arena = Arena.ofConfined()) {
            var info = (MemorySegment) linker.downcallHandle(function.get(), FunctionDescriptor.of(MALLINFO2))
                    .invoke((SegmentAllocator) arena);
            long mapped = info.getAtIndex(ValueLayout.JAVA_LONG, 4);
            long inArenas = info.getAtIndex(ValueLayout.JAVA_LONG, 7);
            return mapped + inArenas;
        } catch (Throwable e) {
            throw new IllegalStateException("mallinfo2 failed", e);
        }
    }

    private static long residentSize() {
        Path statm = Path.of("/proc/self/statm");
        try {
            return Files.isReadable(statm)
                    ? Long.parseLong(Files.readString(statm).split(" ")[1]) * 4096
                    : -1;
        } catch (IOException e) {
            return -1;
        }
    }
}
