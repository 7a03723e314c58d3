package hooke.track.wandb;

import hooke.Check;
import hooke.InputException;
import hooke.Printable;
import hooke.Reason;
import hooke.store.Event;
import hooke.track.TrackedRun;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** Replays stored runs through the {@code wandb} package of a Python, offline, one after another. */
public final class WandbExport {
    private static final ObjectMapper JSON = JsonMapper.shared();

    private final String python;

    /** @param python the program */
    public WandbExport(String python) {
        this.python = python;
    }

    /**
     * Writes {@code wandb/offline-run-TIME-ID} below a folder for each run; the ID follows from what the run is, so that writing it again
     * replaces it, and syncing it again reaches the same run. A folder appears when it is whole. Throws {@link InputException} where
     * Python or its package is missing, or fails.
     */
    public Path write(TrackedRun run, Path folder) {
        Path runs = folder.resolve("wandb");
        Path work = folder.resolve(
                ".hooke-wandb-" + id(run)); // wandb wants a folder with a long life, and leaves links in it
        try {
            Files.createDirectories(runs);
            remove(work);
            Files.createDirectories(work);
            try {
                replay(run, work);
                return moved(run, work, runs);
            } finally {
                remove(work);
            }
        } catch (IOException e) {
            throw new InputException("%s cannot be written: %s".formatted(folder, Reason.of(e)), e);
        }
    }

    private static String id(TrackedRun run) {
        return run.run().hash().substring(0, 16);
    }

    private void replay(TrackedRun run, Path work) throws IOException {
        Path said = work.resolve("said");
        Process process = start(work, said);
        try (BufferedWriter in = process.outputWriter(StandardCharsets.UTF_8)) {
            in.write(JSON.writeValueAsString(head(run)) + "\n");
            for (Map.Entry<Long, SequencedMap<String, Object>> step : steps(run).entrySet()) {
                in.write(
                        JSON.writeValueAsString(List.of(step.getKey(), run.at(step.getKey()), step.getValue())) + "\n");
            }
        } catch (IOException e) {
            // It has ended early; what it said tells why.
        }
        try {
            int status = process.waitFor();
            String last = Files.readAllLines(said).stream()
                    .filter(line -> !line.isBlank())
                    .reduce((_, line) -> line)
                    .orElse("it said nothing");
            Check.that(
                    !last.startsWith("ModuleNotFoundError"),
                    "%s has no package wandb: install it there (pip install wandb), or name another Python with --python",
                    python);
            Check.that(
                    status == 0, "wandb could not write run %s: %s", run.run().address(), Printable.line(last));
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new InputException("the export was interrupted", e);
        }
    }

    private Process start(Path work, Path said) {
        try (InputStream script = WandbExport.class.getResourceAsStream("/hooke/track/wandb/replay.py")) {
            if (script == null) {
                throw new IllegalStateException("replay.py is missing in this program");
            }
            String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
            var builder = new ProcessBuilder(python, "-c", text, work.toString());
            builder.environment().putAll(Map.of("WANDB_MODE", "offline", "WANDB_SILENT", "true"));
            return builder.redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
        } catch (IOException e) {
            throw new InputException(
                    "the program %s cannot be started: name a Python that has the package wandb with --python"
                            .formatted(python),
                    e);
        }
    }

    private static Map<String, Object> head(TrackedRun run) {
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("id", id(run));
        head.put("project", "hooke");
        head.put("group", run.group());
        head.put("name", run.label() + "/" + run.run().seed());
        head.put("notes", run.note());
        head.put("tags", run.tags());
        head.put("config", run.settings());
        head.put(
                "outcome",
                run.run().outcome() == null ? Map.of() : JSON.readTree(run.run().outcome()));
        head.put("status", run.run().status().name().toLowerCase(Locale.ROOT));
        return head;
    }

    /** What was measured, and what happened, step by step. */
    private static SortedMap<Long, SequencedMap<String, Object>> steps(TrackedRun run) {
        var steps = new TreeMap<Long, SequencedMap<String, Object>>();
        run.bySteps().forEach((step, values) -> steps.put(step, new LinkedHashMap<>(values)));
        for (Event event : run.events()) {
            steps.computeIfAbsent(event.step(), _ -> new LinkedHashMap<>())
                    .put("events/" + event.kind(), event.detail());
        }
        return steps;
    }

    /** To where it belongs, in place of what an earlier export wrote. */
    private static Path moved(TrackedRun run, Path work, Path runs) throws IOException {
        List<Path> made = named(work.resolve("wandb"), "-" + id(run));
        Check.that(
                made.size() == 1,
                "wandb wrote %s folders for run %s",
                made.size(),
                run.run().address());
        Path target = runs.resolve(made.getFirst().getFileName());
        List<Path> before = named(runs, "-" + id(run));
        if (before.contains(target)) {
            remove(target);
        }
        Files.move(made.getFirst(), target);
        for (Path old : before) {
            if (!old.equals(target)) {
                remove(old);
            }
        }
        return target;
    }

    private static List<Path> named(Path folder, String end) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(p -> p.getFileName().toString().matches("offline-run-.*" + end))
                    .toList();
        }
    }

    private static void remove(Path tree) throws IOException {
        if (Files.isDirectory(tree)) {
            try (Stream<Path> all = Files.walk(tree)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
