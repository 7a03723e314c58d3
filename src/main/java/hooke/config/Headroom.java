package hooke.config;

import com.sun.management.OperatingSystemMXBean;
import hooke.InputException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The memory that there is, against what an experiment will need: what cannot fit is refused before anything is begun, since running out
 * of it takes minutes and leaves a run behind.
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

    /** The same with this share of the machine, for one of so many processes side by side. */
    public Headroom sharedBy(int processes) {
        return new Headroom(heap, machine / Math.max(1, processes), outside);
    }

    /** Refuses an experiment that cannot fit; engine and threads must have been resolved. */
    public void check(Experiment experiment) {
        lack(experiment).ifPresent(lack -> {
            throw new InputException(experiment.name() + "/" + experiment.seed() + " does not fit: " + lack);
        });
    }

    /** What it needs and there is not, and what would help, as the end of a sentence; empty where it fits. */
    public Optional<String> lack(Experiment experiment) {
        Estimates.Memory needs = Estimates.of(experiment).memory();
        boolean onGpu = experiment.train().device() == TrainConfig.Device.CUDA;
        String smaller = experiment.train().batch().isFull() && needs.activations() > needs.total() / 2
                ? "; a smaller model or mini-batches (train.batch) need less"
                : "; a smaller model needs less";
        if (!onGpu && needs.total() > machine) {
            return Optional.of("it needs about %s of memory, and this machine has %s%s"
                    .formatted(bytes(needs.total()), bytes((double) machine), smaller));
        }
        if (!onGpu && needs.outside() > outside) {
            return Optional.of(
                    "it needs about %s outside the Java heap, and the address-space limit (ulimit -v) leaves %s%s"
                            .formatted(bytes(needs.outside()), bytes((double) outside), smaller));
        }
        if (needs.heap() > heap) {
            return Optional.of("it needs about %s of Java heap, and only %s are available; %s gives it enough"
                    .formatted(bytes(needs.heap()), bytes((double) heap), larger(needs.heap())));
        }
        return Optional.empty();
    }

    /** Refuses to look into a model that cannot be held with what it computes of one example. */
    public void checkLook(Experiment experiment) {
        check("looking into " + experiment.name() + "/" + experiment.seed(), 0, Estimates.look(experiment.model()), "");
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
        String end = help.isEmpty() ? "" : "; " + help;
        if (ofHeap + ofRest > machine) {
            throw new InputException("%s needs about %s of memory, and this machine has %s%s"
                    .formatted(what, bytes(ofHeap + ofRest), bytes((double) machine), end));
        }
        if (ofRest > outside) {
            throw new InputException(
                    "%s needs about %s outside the Java heap, and the address-space limit (ulimit -v) leaves %s%s"
                            .formatted(what, bytes(ofRest), bytes((double) outside), end));
        }
        if (ofHeap > heap) {
            throw new InputException("%s needs about %s of Java heap, and only %s are available; %s gives it enough%s"
                    .formatted(what, bytes(ofHeap), bytes((double) heap), larger(ofHeap), end));
        }
    }

    private static String larger(double heap) {
        return "HOOKE_OPTS=-Xmx%dm".formatted((long) (heap * 1.25 / (1 << 20)) + 64);
    }

    /** The sentence for memory that ran out all the same. */
    public InputException ranOut(Experiment experiment, Throwable cause) {
        Estimates.Memory needs = Estimates.of(experiment).memory();
        return new InputException(
                "memory ran out: this needs about %s of Java heap and %s outside it, and there are %s of heap in %s of memory; the run is saved up to its last checkpoint and can be continued with more memory (HOOKE_OPTS=-Xmx8g for more heap)"
                        .formatted(bytes(needs.heap()), bytes(needs.outside()), bytes((double) heap), bytes((double)
                                machine)),
                cause);
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
    private static String bytes(double n) {
        return n >= 1e9
                ? String.format(Locale.ROOT, "%.1f GB", n / 1e9)
                : String.format(Locale.ROOT, "%.0f MB", n / 1e6);
    }
}
