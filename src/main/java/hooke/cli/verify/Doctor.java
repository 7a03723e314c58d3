package hooke.cli.verify;

import hooke.Amounts;
import hooke.InputException;
import hooke.cli.process.Version;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.fused.kernels.Kernel;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.Libtorch;
import hooke.tensor.Rng;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hooke doctor}: what this machine is, and whether all that Hooke stands on works here. */
@Command(
        name = "doctor",
        description = "Show the machine, the JVM, the native libraries, and how fast they multiply.",
        footer = {"", "Example:", "  ./hooke doctor"})
public final class Doctor implements Callable<Exit> {
    private static final int SIZE = 1024;
    private static final int REPETITIONS = 8;

    private final Terminal terminal;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    public Doctor(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Exit call() {
        Map<String, String> found = found();
        if (json) {
            terminal.out().print(Json.text(found));
        } else {
            found.forEach((name, text) -> terminal.out().println(String.format(Locale.ROOT, "%-9s%s", name, text)));
        }
        return Exit.DONE;
    }

    private static Map<String, String> found() {
        Runtime jvm = Runtime.getRuntime();
        int cores = jvm.availableProcessors();
        var found = new LinkedHashMap<String, String>();
        found.put("hooke", Version.number());
        found.put("java", "%s, heap up to %s".formatted(Runtime.version(), Amounts.bytes(jvm.maxMemory())));
        found.put("vectors", vectors());
        found.put(
                "system",
                "%s %s, %s, %s"
                        .formatted(
                                System.getProperty("os.name"),
                                System.getProperty("os.version"),
                                System.getProperty("os.arch"),
                                Amounts.of(cores, "processor", "processors")));
        found.put("natives", Libtorch.description());
        found.put("gpu", gpu());
        found.put("products", products(1) + (cores > 1 ? ", " + products(cores) : ""));
        return found;
    }

    private static String vectors() {
        return Kernel.hasVectors()
                ? Kernel.best() == Kernel.VECTOR
                        ? "the Vector API is there"
                        : "the processor cannot multiply and add in one instruction: plain loops compute instead"
                : "the Vector API is missing: start with ./hooke, or give Java --add-modules=jdk.incubator.vector";
    }

    private static String gpu() {
        try {
            return "CUDA: " + Device.CUDA.checkAvailable();
        } catch (InputException e) {
            return "none that this build can use";
        }
    }

    /** The best rate of float32 matrix products, as large ones reach it. */
    private static String products(int threads) {
        Libtorch.setThreads(threads);
        try (var _ = new Scope();
                var rng = Rng.seeded(0)) {
            Tensor a = Tensor.zeros(DType.F32, SIZE, SIZE);
            rng.normal(a, 0, 1);
            double best = Double.POSITIVE_INFINITY;
            for (int i = 0; i < REPETITIONS; i++) {
                try (var _ = new Scope()) {
                    long start = System.nanoTime();
                    a.matmul(a);
                    best = Math.min(best, (System.nanoTime() - start) / 1e9);
                }
            }
            return "%s with %s"
                    .formatted(
                            Amounts.of(2.0 * SIZE * SIZE * SIZE / best, "FLOP/s"),
                            Amounts.of(threads, "thread", "threads"));
        }
    }
}
