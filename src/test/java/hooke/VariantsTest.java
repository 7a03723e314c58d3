package hooke;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Variants fail closed: what is new must not pass for something that was there before. Each sealed type and each enum of {@code config}
 * gets one variant more in a copy of its source, and the classes that ask for its variants must not compile against it any more.
 */
final class VariantsTest {
    private static final Path SOURCES = Path.of("src/main/java/hooke");
    private static final Path CONFIG = SOURCES.resolve("config");
    private static final Pattern TYPE =
            Pattern.compile("\\b(sealed interface|enum) (\\w+)\\s+(?:(?:implements|permits) [^{]*)?\\{");
    private static final Pattern FIRST_CONSTANT =
            Pattern.compile("\\{(?:\\s|/\\*\\*.*?\\*/)*\\w+(\\([^)]*\\))?", Pattern.DOTALL);

    /** By type the classes that must say what a new variant means to them, by room. */
    private static final Map<String, String> ASKED_BY = Map.ofEntries(
            Map.entry(
                    "Activation",
                    "config/ContextCoverage config/FusedCoverage fused/Activated"
                            + " interop/TransformerLensConfig model/Mlp"),
            Map.entry("Aim", "cli/Ending view/StoredRun"),
            Map.entry("AttentionOrder", "model/InitialWeights"),
            Map.entry(
                    "Batch",
                    "config/Estimates config/Experiment config/FusedCoverage config/TrainConfig task/Batches train/TorchEngine train/Trainer"),
            Map.entry("BiasGroup", "config/ContextCoverage"), // For others one that a part asks for is there or not.
            Map.entry("Biases", "config/FusedCoverage"),
            Map.entry("Blocks", "task/Text"),
            Map.entry("Decay", "config/FusedCoverage config/OptimizerConfig"),
            Map.entry("Density", "config/LifeConfig task/LifeExamples"),
            Map.entry("Device", "config/Experiment config/FusedCoverage train/TorchEngine train/Training"),
            Map.entry("Engine", "cli/Explain config/Experiment train/Training"),
            Map.entry("EventKind", "config/Aim view/StoredRun"),
            Map.entry("EquationFormat", "task/Equation"),
            Map.entry("GradientFilter", "config/FusedCoverage config/GradientFilter fused/FlatGrokfast train/Grokfast"),
            Map.entry("Identity", "config/FusedCoverage"),
            Map.entry("Init", "model/InitialWeights"),
            Map.entry("LossDtype", "config/FusedCoverage fused/FusedModel train/ContextEngine train/TorchEngine"),
            Map.entry(
                    "Mask",
                    "config/ContextCoverage config/FusedCoverage config/Mask config/NoEffect interop/FileConfig"
                            + " interop/TransformerLensConfig"),
            Map.entry("Metric", ""), // A metric is the series of its name.
            Map.entry(
                    "Norm",
                    "config/ContextCoverage config/FusedCoverage config/Norm fused/ColumnNorm"
                            + " fused/ContextLayer fused/RowNorm interop/FileConfig"
                            + " interop/TransformerLensConfig interop/TransformerLensNames lens/ProcessedWeights"
                            + " lens/ResidualStack model/Norms"),
            Map.entry("Operation", "task/ModularArithmetic"),
            Map.entry(
                    "OptimizerConfig",
                    "config/FusedCoverage config/OptimizerConfig fused/FlatRule fused/FlatUpdates train/Optimizer"
                            + " train/Rule"),
            Map.entry("Order", "config/FusedCoverage"),
            Map.entry("Overlap", "config/LifeConfig"),
            Map.entry(
                    "Pairs",
                    "config/ContextCoverage fused/ContextModel interop/TransformerLensConfig" + " model/Rotary"),
            Map.entry("Plain", "fused/Visible reach/Tiles"),
            Map.entry("Placement", "config/ContextCoverage config/FusedCoverage config/Norm"),
            Map.entry(
                    "Positions",
                    "config/ContextCoverage config/FusedCoverage config/ModelConfig config/Parameter"
                            + " fused/ColumnPass fused/ContextEmbedding fused/ContextModel fused/RowPass"
                            + " interop/FileConfig interop/NanoGptNames interop/TransformerLensConfig"
                            + " interop/TransformerLensNames lens/Activations lens/ProcessedWeights"
                            + " lens/ResidualStack model/InitialWeights model/Rotary model/Transformer"),
            Map.entry("Precision", "config/ContextCoverage config/FusedCoverage train/ContextEngine train/Training"),
            Map.entry(
                    "Recompute",
                    "cli/Explain config/ContextCoverage config/Estimates config/FusedCoverage train/ContextEngine"
                            + " train/TorchEngine"),
            Map.entry("Reduction", "config/FusedCoverage train/Training"),
            Map.entry("Relation", "config/Milestone"),
            Map.entry("Schedule", "config/FusedCoverage config/Schedule config/TrainConfig"),
            Map.entry("Scored", ""),
            Map.entry("Source", "config/LifeConfig task/Life task/LifeExamples"),
            Map.entry("Splitting", "config/TableConfig config/TableRows task/EqualRows task/UnequalRows"),
            Map.entry("Stop", "config/Aim config/TrainConfig"),
            Map.entry(
                    "TaskConfig",
                    "cli/Explain cli/LensReport config/ContextCoverage"
                            + " config/Estimates config/FusedCoverage config/TaskConfig lens/TaskGroup task/Task"),
            Map.entry("TextLoss", ""),
            Map.entry("Tokenizing", "config/TextTokens"),
            Map.entry("Tokens", "config/TableRows task/TableWords"),
            Map.entry("Topology", "config/LifeConfig"),
            Map.entry("TrainedOn", "config/TextTokens"),
            Map.entry("Tree", "config/Schema config/Tree config/Values sweep/Choice sweep/Expansion"),
            Map.entry(
                    "Weighting",
                    "config/ContextCoverage config/FusedCoverage config/NoEffect fused/ChosenShares fused/KeyChoice"
                            + " model/ChosenKeys"));

    /** Where each type is declared. */
    private static Map<String, Path> types() throws IOException {
        Map<String, Path> types = new HashMap<>();
        for (Path file : sources(CONFIG)) {
            TYPE.matcher(Files.readString(file)).results().forEach(found -> types.put(found.group(2), file));
        }
        return types;
    }

    private static List<Path> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(f -> f.toString().endsWith(".java")).toList();
        }
    }

    @Test
    void aNewVariantBreaksTheBuildOfWhoAsks() throws IOException {
        Map<String, Path> types = types();
        assertThat(types).containsOnlyKeys(ASKED_BY.keySet());
        Map<Path, String> texts = new HashMap<>();
        Set<String> askers =
                new TreeSet<>(List.of(String.join(" ", ASKED_BY.values()).split(" ")));
        for (Path file : sources(SOURCES)) {
            if (askers.contains(name(file))) {
                texts.put(file, Files.readString(file));
            }
        }
        for (Map.Entry<String, Path> type : types.entrySet()) {
            Path file = type.getValue();
            texts.put(file, withOneMore(type.getKey(), texts.getOrDefault(file, Files.readString(file))));
        }

        Map<String, Set<String>> expected = new TreeMap<>();
        ASKED_BY.forEach((type, by) -> {
            if (!by.isEmpty()) {
                expected.put(type, new TreeSet<>(List.of(by.split(" "))));
            }
        });
        assertThat(failures(texts)).isEqualTo(expected);
    }

    /** The source with another variant of the type, which nobody knows. */
    private static String withOneMore(String type, String source) {
        Matcher declared = Pattern.compile(
                        "\\b(sealed interface|enum) " + type + "\\s+((?:implements|permits) )?[^{]*\\{")
                .matcher(source);
        assertThat(declared.find()).isTrue();
        String novel;
        if (declared.group(1).equals("enum")) {
            Matcher first = FIRST_CONSTANT.matcher(source);
            assertThat(first.find(declared.end() - 1)).isTrue();
            novel = " NOVEL" + (first.group(1) == null ? "" : first.group(1)) + ",";
        } else {
            novel = " non-sealed interface Novel extends " + type + " {}";
        }
        String before = source.substring(0, declared.end());
        if ("permits ".equals(declared.group(2))) {
            before = source.substring(0, declared.end(2)) + type + ".Novel, "
                    + source.substring(declared.end(2), declared.end());
        }
        return before + novel + source.substring(declared.end());
    }

    /** By type the classes, as {@code room/Name}, in which a switch does not cover it any more; fails on any other mistake. */
    private Map<String, Set<String>> failures(Map<Path, String> texts) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var said = new DiagnosticCollector<JavaFileObject>();
        List<JavaFileObject> sources = new ArrayList<>();
        texts.forEach((file, text) -> sources.add(source(file, text)));
        Map<String, Set<String>> failures = new TreeMap<>();
        try (var files = compiler.getStandardFileManager(said, Locale.ROOT, null)) {
            List<String> options = List.of(
                    "-proc:none",
                    "-nowarn",
                    "-Xmaxerrs",
                    "1000",
                    "-XDshould-stop.ifError=FLOW", // Look at the classes behind the first that fails, too.
                    "--add-modules",
                    "jdk.incubator.vector");
            var javac = (JavacTask) compiler.getTask(null, files, said, options, null, sources);
            Iterable<? extends CompilationUnitTree> units = javac.parse();
            javac.analyze();
            Map<String, Set<Long>> places = new HashMap<>();
            for (Diagnostic<? extends JavaFileObject> mistake : said.getDiagnostics()) {
                if (mistake.getKind() == Diagnostic.Kind.ERROR) {
                    assertThat(mistake.getCode()).as(mistake.toString()).contains("not.exhaustive");
                    places.computeIfAbsent(name(mistake.getSource()), _ -> new TreeSet<>())
                            .add(mistake.getStartPosition());
                }
            }
            Trees trees = Trees.instance(javac);
            for (CompilationUnitTree unit : units) {
                String name = name(unit.getSourceFile());
                new TreePathScanner<@Nullable Void, @Nullable Void>() {
                    @Override
                    public @Nullable Void visitSwitchExpression(SwitchExpressionTree tree, @Nullable Void nothing) {
                        note(tree, tree.getExpression());
                        return super.visitSwitchExpression(tree, nothing);
                    }

                    @Override
                    public @Nullable Void visitSwitch(SwitchTree tree, @Nullable Void nothing) {
                        note(tree, tree.getExpression());
                        return super.visitSwitch(tree, nothing);
                    }

                    private void note(Tree tree, ExpressionTree of) {
                        long at = trees.getSourcePositions().getStartPosition(unit, tree);
                        if (places.getOrDefault(name, Set.of()).contains(at)) {
                            String type = trees.getTypeMirror(new TreePath(getCurrentPath(), of))
                                    .toString();
                            failures.computeIfAbsent(type.replaceFirst(".*\\.", ""), _ -> new TreeSet<>())
                                    .add(name);
                        }
                    }
                }.scan(unit, null);
            }
        }
        return failures;
    }

    private static String name(JavaFileObject source) {
        return name(SOURCES.toAbsolutePath().relativize(Path.of(source.toUri())));
    }

    /** {@code room/Name}, in whatever chamber of the room. */
    private static String name(Path file) {
        Path inside = file.startsWith(SOURCES) ? SOURCES.relativize(file) : file;
        return inside.getName(0) + "/" + inside.getFileName().toString().replace(".java", "");
    }

    private static JavaFileObject source(Path file, String text) {
        return new SimpleJavaFileObject(file.toUri(), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }

    /** An {@code instanceof} takes whatever is new for something else; a method of the sealed type, or a switch, does not. */
    @Test
    void onlyConfigAsksForSingleVariantsOfSettings() throws IOException {
        Set<String> variants = new TreeSet<>();
        for (Path file : sources(CONFIG)) {
            Pattern.compile("\\brecord (\\w+)\\([^{]*\\)\\s+implements (\\w+)")
                    .matcher(Files.readString(file))
                    .results()
                    .filter(found -> !found.group(2).equals("Tree")) // What a file says is no setting yet.
                    .forEach(found -> variants.add(found.group(2) + "." + found.group(1)));
        }
        assertThat(variants).contains("Norm.LayerNorm", "TaskConfig.ListCopy", "Batch.Mini");

        List<String> guesses = new ArrayList<>();
        for (Path file : sources(SOURCES)) {
            String text = file.startsWith(CONFIG) ? "" : Files.readString(file);
            Set<String> names = variants.stream()
                    .flatMap(v -> {
                        String alone = v.substring(v.indexOf('.') + 1);
                        boolean imported = Pattern.compile(
                                        "import hooke\\.config\\.[\\w.]*\\b" + Pattern.quote(v) + ";")
                                .matcher(text)
                                .find();
                        return imported ? Stream.of(v, alone) : Stream.of(v);
                    })
                    .map(Pattern::quote)
                    .collect(Collectors.toSet());
            Pattern.compile("(instanceof (\\w+\\.)*(" + String.join("|", names) + ")\\b|\\b(" + String.join("|", names)
                            + ")\\.class::is)")
                    .matcher(text)
                    .results()
                    .map(MatchResult::group)
                    .forEach(guess -> guesses.add(file + ": " + guess));
        }
        assertThat(guesses).isEmpty();
    }
}
