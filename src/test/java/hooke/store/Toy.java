package hooke.store;

import hooke.config.EventKind;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.store.files.Checkpoint;
import hooke.store.sqlite.Database;
import hooke.tensor.DType;
import hooke.tensor.RawTensor;
import hooke.tensor.Safetensors;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** A training without a model: its weights are a chaotic function of all steps before, so that a step left out or done twice shows. */
public final class Toy {
    public static final OffsetDateTime NOON = OffsetDateTime.parse("2026-03-01T12:00:00+01:00");
    public static final Provenance HERE =
            new Provenance("0.1.0", "abc", "25", "os", "cpu", 2, "2.10", "0.3.31", "", "train", NOON);
    private static final int SIZE = 300;

    private Toy() {}

    public static Experiment experiment(String name, long seed, String... sets) {
        String yaml = """
                name: %s
                seed: %s
                task: {kind: modular-arithmetic, operation: add, modulus: 7}
                model: {n_layers: 1, d_model: 8, n_heads: 2}
                train: {steps: 100, batch: full, optimizer: {kind: adamw, lr: 0.001, weight_decay: 1}}
                """.formatted(name, seed);
        return Experiments.parse(yaml, name, List.of(sets)).resolved(1);
    }

    /** What a process of its own does: trains a run of this store to the end, printing where it begins and every checkpoint. */
    public static void main(String[] args) throws Throwable {
        Path folder = Path.of(args[0]);
        if (args.length > 4) {
            // Loads SQLite, which unpacks itself, while there is still room.
            Store.openReadOnly(folder).close();
            limitFiles(Long.parseLong(args[4]));
        }
        try (Store store = Store.open(folder)) {
            Experiment experiment = experiment(args[1], 0);
            train(store, experiment, Integer.parseInt(args[2]), Integer.parseInt(args[3]), Long.MAX_VALUE, System.out);
        }
    }

    /** {@code setrlimit(RLIMIT_FSIZE)}: from now on every write behind that many bytes of a file fails. */
    private static void limitFiles(long bytes) throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle setrlimit = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setrlimit"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            int failed = (int) setrlimit.invokeExact(1, arena.allocateFrom(ValueLayout.JAVA_LONG, bytes, bytes));
            if (failed != 0) {
                throw new AssertionError("setrlimit failed");
            }
        }
    }

    /** Trains for so many steps, or until a step where it stops as if struck. */
    public static void train(
            Store store, Experiment experiment, int steps, int checkpointEvery, long struckAt, PrintStream out) {
        try (RunWriter run = store.claim(experiment, HERE)) {
            train(run, steps, checkpointEvery, struckAt, out);
        }
    }

    public static void train(RunWriter run, int steps, int checkpointEvery, long struckAt, PrintStream out) {
        if (run.run().status() == Run.Status.DONE) {
            return;
        }
        RunWriter.Start start = run.begin();
        out.println(start.step());
        float[] weights = new float[SIZE];
        float[] moments = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            weights[i] = i / (float) SIZE;
        }
        Checkpoint checkpoint = start.checkpoint();
        if (checkpoint != null && checkpoint.state() != null) {
            try (Arena arena = Arena.ofConfined()) {
                weights = floats(checkpoint.weights().open(arena), "w");
                moments = floats(checkpoint.state().open(arena), "m");
            }
        } else {
            run.log(0, "loss", loss(weights));
            run.checkpoint(0, one("w", weights), one("m", moments));
        }
        for (long step = start.step() + 1; step <= steps && step < struckAt; step++) {
            for (int i = 0; i < SIZE; i++) {
                moments[i] = 0.9f * moments[i] + 0.1f * (float) Math.sin(step + weights[(i + 1) % SIZE]);
                weights[i] = 3.9f * weights[i] * (1 - weights[i]) * 0.99f + 1e-4f * moments[i];
            }
            run.log(step, "loss", loss(weights));
            if (step % 10 == 0) {
                run.log(step, "accuracy", moments[0]);
            }
            if (Long.numberOfTrailingZeros(step) >= 5) {
                run.log(step, "rare", weights[1]);
                run.event(step, EventKind.MILESTONE, "{\"value\": " + weights[1] + "}");
            }
            if (step % checkpointEvery == 0 || step == steps) {
                run.checkpoint(step, one("w", weights), one("m", moments));
                out.println(step);
                out.flush();
            } else if (step % 7 == 0) {
                run.flush();
            }
        }
        if (struckAt > steps) {
            run.finish("{\"loss\": " + loss(weights) + "}", NOON);
        }
    }

    private static double loss(float[] weights) {
        double sum = 0;
        for (float w : weights) {
            sum += w * w;
        }
        return sum;
    }

    static SequencedMap<String, RawTensor> one(String name, float... values) {
        SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
        tensors.put(name, new RawTensor(DType.F32, List.of((long) values.length), MemorySegment.ofArray(values)));
        return tensors;
    }

    static float[] floats(Safetensors file, String name) {
        return file.get(name).data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    /** Everything stored about a run that must not depend on how often it was interrupted, as text. */
    static List<String> dump(Path folder, long run) {
        List<String> lines = new ArrayList<>();
        try (Database database = Database.openReadOnly(folder.resolve("hooke.db"))) {
            lines.addAll(database.query(
                    """
                    SELECT s.name, c.first_step, c.points, c.stride, coalesce(c.steps, x''), c.vals
                    FROM series s JOIN chunks c ON c.series = s.id WHERE s.run = ? ORDER BY s.id, c.first_step
                    """,
                    row -> "chunk %s %s %s %s %s %s"
                            .formatted(
                                    row.text(1),
                                    row.number(2),
                                    row.number(3),
                                    row.textOrNull(4),
                                    hex(row.bytes(5)),
                                    hex(row.bytes(6))),
                    run));
            lines.addAll(database.query(
                    """
                    SELECT s.name, p.level, p.buckets, p.points
                    FROM series s JOIN pyramid p ON p.series = s.id WHERE s.run = ? ORDER BY s.id, p.level
                    """,
                    row -> "level %s %s %s %s".formatted(row.text(1), row.number(2), row.number(3), hex(row.bytes(4))),
                    run));
            lines.addAll(database.query(
                    "SELECT nr, step, kind, detail FROM events WHERE run = ? ORDER BY nr",
                    row -> "event %s %s %s %s".formatted(row.number(1), row.number(2), row.text(3), row.text(4)),
                    run));
            lines.addAll(database.query(
                    "SELECT step, bytes, sha256, state_bytes, state_sha256 FROM checkpoints WHERE run = ? ORDER BY step",
                    row -> "checkpoint %s %s %s %s %s"
                            .formatted(row.number(1), row.number(2), row.text(3), row.textOrNull(4), row.textOrNull(5)),
                    run));
            lines.addAll(database.query(
                    "SELECT state, step, outcome FROM runs WHERE id = ?",
                    row -> "run %s %s %s".formatted(row.text(1), row.number(2), row.textOrNull(3)),
                    run));
        }
        return lines;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
