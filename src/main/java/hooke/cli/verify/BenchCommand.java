package hooke.cli.verify;

import hooke.Check;
import hooke.check.Bench;
import hooke.check.Measured;
import hooke.cli.process.Version;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke bench}: how fast the machine is at work that other programs do, too. */
@Command(
        name = "bench",
        description = {
            "Time a workload that other programs can run too, and print one line of JSON.",
            "sparse-attention instead prints a table of attention by kind, context and engine, and draws it: some minutes.",
            "Workloads: modmul-epoch, modmul-late, listcopy-step-d128-2L, listcopy-step-d128-3L-ln-bias, "
                    + "listcopy-step-d8-3L, listcopy-vmap16-d128-2L, grok-step, run-with-cache-modmul, "
                    + "run-with-cache-listcopy, headlines-step-f32, headlines-step-bf16, headlines-step-f32-drop, "
                    + "lifegpt-train-f32, lifegpt-train-bf16, lifegpt-generate-b1, lifegpt-generate-b32, "
                    + "bpe-train, bpe-encode, logging."
        },
        footer = {"", "Example:", "  ./hooke bench modmul-epoch --threads 1 --seconds 4"})
public final class BenchCommand implements Callable<Exit> {
    private final Terminal terminal;

    @Parameters(paramLabel = "WORKLOAD", description = "One of the names above.")
    private String workload = "";

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "${env:BENCH_THREADS:-2}",
            description = "Compute threads (default: BENCH_THREADS, else 2).")
    private int threads;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "${env:BENCH_SECONDS:-4}",
            description = "Seconds of repetitions after the warm-up (default: BENCH_SECONDS, else 4).")
    private double seconds;

    @Option(
            names = "--contexts",
            paramLabel = "N",
            split = ",",
            defaultValue = "512,1024,2048,4096,8192",
            description = "Of sparse-attention: lengths in tokens (default: ${DEFAULT-VALUE}).")
    private List<Integer> contexts = List.of();

    @Option(
            names = "--plot",
            paramLabel = "FILE",
            defaultValue = "sparse-attention.svg",
            description = "Of sparse-attention: where the picture goes, .svg or .png (default: ${DEFAULT-VALUE}).")
    private Path plot = Path.of("");

    public BenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Exit call() {
        Check.that(threads >= 1 && threads <= 1024, "--threads (%s) must be from 1 to 1024", threads);
        Check.that(seconds > 0 && seconds <= 3600, "--seconds (%s) must be more than 0 and at most 3600", seconds);
        if (workload.equals("sparse-attention")) {
            for (int context : contexts) {
                Check.that(
                        context >= 1 && context <= 65_536, "--contexts (%s) must be from 1 to 65536 tokens", context);
            }
            List<Integer> rising = contexts.stream().distinct().sorted().toList();
            new SparseAttention(terminal, plot).run(threads, rising, seconds / 4);
            return Exit.DONE;
        }
        terminal.out().println(Json.line(asMap(Bench.run(workload, threads, seconds))));
        return Exit.DONE;
    }

    private static Map<String, Object> asMap(Measured measured) {
        double[] sorted = measured.times().clone();
        Arrays.sort(sorted);
        var map = new LinkedHashMap<String, Object>();
        map.put("workload", measured.workload());
        map.put("peer", "hooke");
        map.put("engine", measured.engine());
        map.put("threads", measured.threads());
        map.put("metric", measured.metric());
        map.put("min", sorted[0]);
        map.put("median", sorted[sorted.length / 2]);
        map.put("max", sorted[sorted.length - 1]);
        map.put("n", sorted.length);
        if (!Double.isNaN(measured.cpuMillis())) {
            map.put("cpu_median_ms", measured.cpuMillis());
        }
        map.put("warmup_s", measured.warmupSeconds());
        map.put("check", measured.check());
        new TreeMap<>(measured.more()).forEach(map::put);
        map.put(
                "versions",
                Map.of(
                        "hooke", Version.number(),
                        "java", Runtime.version().toString(),
                        "natives", measured.computedBy()));
        return map;
    }
}
