package hooke;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The memory that there is. What cannot fit is refused before anything is begun, since running out of it takes minutes and leaves something
 * half done behind.
 *
 * @param heap bytes that the Java heap may grow to
 * @param machine bytes of this machine, or of the container that the process is in
 * @param outside bytes that the process may still take outside the heap ({@code ulimit -v}); {@link Long#MAX_VALUE} for no limit
 */
public record Headroom(long heap, long machine, long outside) {
    /** What this process has. */
    public static Headroom now() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean(); // It knows of containers.
        return new Headroom(Runtime.getRuntime().maxMemory(), system.getTotalMemorySize(), addressesLeft());
    }

    /** The share of one of so many processes side by side. */
    public Headroom sharedBy(int processes) {
        return new Headroom(heap, machine / Math.max(1, processes), outside);
    }

    /**
     * Refuses what cannot fit.
     *
     * @param what needs it, the beginning of a sentence
     * @param ofHeap bytes in the Java heap
     * @param ofRest bytes outside it
     * @param help what would need less, the end of the sentence
     */
    public void check(String what, double ofHeap, double ofRest, String help) {
        lack(ofHeap, ofRest, help).ifPresent(lack -> {
            throw new InputException(what + " needs " + lack);
        });
    }

    /** What there is not, and what would help, as the end of a sentence about what needs this much; empty where it fits. */
    public Optional<String> lack(double ofHeap, double ofRest, String help) {
        String end = help.isEmpty() ? "" : "; " + help;
        if (ofHeap + ofRest > machine) {
            return Optional.of("about %s of memory, and this machine has %s%s"
                    .formatted(bytes(ofHeap + ofRest), bytes((double) machine), end));
        }
        if (ofRest > outside) {
            return Optional.of("about %s outside the Java heap, and the address-space limit (ulimit -v) leaves %s%s"
                    .formatted(bytes(ofRest), bytes((double) outside), end));
        }
        if (ofHeap > heap) {
            return Optional.of("about %s of Java heap, and only %s are available; %s gives it enough%s"
                    .formatted(bytes(ofHeap), bytes((double) heap), larger(ofHeap), end));
        }
        return Optional.empty();
    }

    private static String larger(double heap) {
        return "HOOKE_OPTS=-Xmx%dm".formatted((long) (heap * 1.25 / (1 << 20)) + 64);
    }

    /** Whether a fault says that memory ran out: in the heap, or in libtorch's allocator. */
    public static boolean isMemory(Throwable fault) {
        return fault instanceof OutOfMemoryError
                || fault instanceof RuntimeException
                        && String.valueOf(fault.getMessage()).contains("t allocate memory");
    }

    private static long addressesLeft() {
        try {
            String limits = Files.readString(Path.of("/proc/self/limits"));
            String limit = limits.replaceAll("(?s).*Max address space +(\\S+).*", "$1");
            String status = Files.readString(Path.of("/proc/self/status"));
            String used = status.replaceAll("(?s).*VmSize:\\s+(\\d+) kB.*", "$1");
            return limit.matches("\\d+") && used.matches("\\d+")
                    ? Math.max(0, Long.parseLong(limit) - 1024 * Long.parseLong(used))
                    : Long.MAX_VALUE;
        } catch (IOException e) {
            return Long.MAX_VALUE; // Not a system that has such limits.
        }
    }

    /** {@code 4.3 GB}. */
    public static String bytes(double n) {
        return n >= 1e9
                ? String.format(Locale.ROOT, "%.1f GB", n / 1e9)
                : String.format(Locale.ROOT, "%.0f MB", n / 1e6);
    }
}
