package hooke;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples with which packages introduce themselves are Java that compiles, given what they say they start from. */
final class PackageExamplesTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\n(.*?)\n \\* }</pre>", Pattern.DOTALL);

    /** What examples may start from, by name. */
    private static final Map<String, String> GIVEN = Map.ofEntries(
            Map.entry("answers", "int[][]"),
            Map.entry("batch", "int"),
            Map.entry("checkpoint", "hooke.store.files.Checkpoint"),
            Map.entry("command", "List<String>"),
            Map.entry("config", "hooke.config.ModelConfig"),
            Map.entry("examples", "hooke.lens.Examples"),
            Map.entry("experiment", "hooke.config.Experiment"),
            Map.entry("folder", "Path"),
            Map.entry("labels", "int[]"),
            Map.entry("classes", "int"),
            Map.entry("model", "hooke.model.Transformer"),
            Map.entry("numbers", "int[]"),
            Map.entry("life", "hooke.task.Life"),
            Map.entry("names", "List<String>"),
            Map.entry("opened", "hooke.lens.OpenedModel"),
            Map.entry("optimizer", "hooke.config.OptimizerConfig"),
            Map.entry("optimizerState", "java.util.SequencedMap<String, hooke.tensor.RawTensor>"),
            Map.entry("others", "hooke.stats.Times"),
            Map.entry("parts", "hooke.fused.pass.Parts"),
            Map.entry("pass", "hooke.fused.pass.Pass"),
            Map.entry("plot", "hooke.view.plot.Plot"),
            Map.entry("position", "int"),
            Map.entry("positions", "int[]"),
            Map.entry("prompts", "List<int[]>"),
            Map.entry("provenance", "hooke.store.Provenance"),
            Map.entry("reach", "hooke.reach.Reach"),
            Map.entry("reader", "hooke.store.RunReader"),
            Map.entry("rng", "hooke.tensor.Rng"),
            Map.entry("run", "hooke.store.Run"),
            Map.entry("seed", "long"),
            Map.entry("sequences", "hooke.task.Batch.Sequences"),
            Map.entry("split", "hooke.task.Split"),
            Map.entry("starts", "List<String>"),
            Map.entry("step", "long"),
            Map.entry("store", "hooke.store.Store"),
            Map.entry("sweep", "hooke.sweep.Sweep"),
            Map.entry("task", "hooke.task.FiniteTask"),
            Map.entry("texts", "List<byte[]>"),
            Map.entry("tokens", "int[][]"),
            Map.entry("tracked", "hooke.track.TrackedRun"),
            Map.entry("train", "hooke.config.TrainConfig"),
            Map.entry("watcher", "hooke.sweep.work.Scheduler.Watcher"),
            Map.entry("text", "hooke.task.Text"),
            Map.entry("textConfig", "hooke.config.task.TextConfig"),
            Map.entry("weights", "java.util.SequencedMap<String, hooke.tensor.RawTensor>"));

    @TempDir
    Path folder;

    @Test
    void they_compile() throws IOException {
        Map<String, String> names = names();
        List<File> programs = new ArrayList<>();
        try (Stream<Path> all = Files.walk(SOURCES)) {
            for (Path file :
                    all.filter(p -> p.endsWith("package-info.java")).sorted().toList()) {
                Matcher example = EXAMPLE.matcher(Files.readString(file));
                while (example.find()) {
                    String java = example.group(1).replaceAll("(?m)^ \\* ?", "");
                    if (!java.startsWith("$")) {
                        Path program = folder.resolve("Example" + programs.size() + ".java");
                        programs.add(Files.writeString(program, program(java, program, names, file))
                                .toFile());
                    }
                }
            }
        }
        var said = new DiagnosticCollector<JavaFileObject>();
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(said, null, null)) {
            var options = List.of("-d", folder.toString(), "-proc:none", "-cp", JavaProcess.classPath());
            compiler.getTask(null, files, said, options, null, files.getJavaFileObjectsFromFiles(programs))
                    .call();
        }
        assertThat(programs).hasSizeGreaterThan(20);
        assertThat(said.getDiagnostics().stream()
                        .filter(d -> d.getKind() == javax.tools.Diagnostic.Kind.ERROR)
                        .map(d -> d.getMessage(Locale.ROOT) + "\n" + source(d.getSource())))
                .isEmpty();
    }

    private static String source(JavaFileObject file) {
        try {
            return file.getCharContent(true).toString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** A class around the example, with a parameter for each thing that it uses and does not declare. */
    private static String program(String java, Path program, Map<String, String> names, Path of) {
        String imports = names.entrySet().stream()
                .filter(e -> uses(java, e.getKey()))
                .map(e -> "import " + e.getValue() + "." + e.getKey() + ";\n")
                .collect(Collectors.joining());
        String parameters = GIVEN.entrySet().stream()
                .filter(e -> uses(java, e.getKey())
                        && !Pattern.compile("\\w>? " + e.getKey() + " [=:]")
                                .matcher(java)
                                .find())
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", "));
        String name = program.getFileName().toString().replace(".java", "");
        return """
                // %s
                import java.lang.foreign.Arena;
                import java.nio.file.Path;
                import java.time.OffsetDateTime;
                import java.util.*;
                import static hooke.hook.Point.*;
                %s
                class %s {
                    void example(%s) throws Exception {
                %s
                    }
                }
                """.formatted(of, imports, name, parameters, java);
    }

    private static boolean uses(String java, String name) {
        return Pattern.compile("(?<![\\w.\"])" + name + "\\b").matcher(java).find();
    }

    /** Every public type by its simple name, with its package. */
    private static Map<String, String> names() throws IOException {
        Map<String, String> names = new TreeMap<>();
        try (Stream<Path> all = Files.walk(SOURCES)) {
            for (Path file : all.filter(p -> p.toString().endsWith(".java")).toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                if (Files.readString(file).contains("\npublic ")) {
                    names.put(
                            name,
                            SOURCES.relativize(file.getParent()).toString().replace(File.separatorChar, '.'));
                }
            }
        }
        return names;
    }
}
