package hooke.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import hooke.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What README and docs/ say can be done is done here: each command of their {@code sh} blocks, page by page, in one store, with shorter
 * trainings; the slow ones are only parsed. Links lead somewhere, and Java programs run.
 */
final class DocsTest {
    private static final Set<String> PARSED_ONLY = Set.of("verify", "verify-resume", "bench");
    private static final List<String> SHORT =
            List.of("--set", "train.steps=20", "--set", "train.stop=never", "--threads", "1");
    private static final Pattern COMMAND = Pattern.compile("\\./hooke ((?:'[^'\n]*'|[^')|>#\n])+)");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(#[^)]*)?\\)");

    @TempDir
    private static Path folder = Path.of("");

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")));
        try (Stream<Path> docs = Files.list(Path.of("docs"))) {
            docs.filter(p -> p.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages;
    }

    @TestFactory
    List<DynamicTest> everyCommandRuns() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path page : pages()) {
            for (String line :
                    blocks(page, "sh").stream().flatMap(String::lines).toList()) {
                var command = COMMAND.matcher(line);
                while (command.find()) {
                    String words = command.group(1).strip();
                    tests.add(DynamicTest.dynamicTest(page + ": hooke " + words, () -> run(words)));
                }
            }
        }
        assertThat(tests).isNotEmpty();
        return tests;
    }

    private static void run(String line) {
        List<String> words = Stream.of(line.split(" +"))
                .map(word -> inFolder(word.replace("'", "")))
                .collect(Collectors.toList());
        String name = words.getFirst();
        if (name.equals("java")) {
            return; // The launcher's own; the programs run below.
        }
        if (PARSED_ONLY.contains(name) || name.equals("rm") && !words.contains("--yes")) {
            assertThatCode(() -> Main.commandLine(terminal()).parseArgs(words.toArray(String[]::new)))
                    .doesNotThrowAnyException();
            return;
        }
        if (name.equals("run")) {
            words.addAll(SHORT);
        }
        if (name.equals("sweep")) {
            words.addAll(List.of("--set", "train.steps=20"));
        }
        if (!words.contains("--store")) {
            words.addAll(List.of("--store", folder.resolve("runs").toString()));
        }
        Session session = Session.of(words.toArray(String[]::new));
        assertThat(session.status()).as(session.err()).isZero();
        assertThat(session.out()).isNotBlank();
    }

    /** Files that the pages write go into the temporary folder. */
    private static String inFolder(String word) {
        boolean isFile = word.matches(
                "[a-z0-9-]+\\.(yaml|html|md|csv|zip|pth|safetensors|jsonl?)|pictures|other-runs|shared-runs");
        return isFile ? folder.resolve(word).toString() : word;
    }

    private static Terminal terminal() {
        var nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return new Terminal(
                new java.io.BufferedReader(java.io.Reader.nullReader()), nowhere, nowhere, false, false, 100, false);
    }

    @TestFactory
    List<DynamicTest> everyCommandInTheTextParses() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path page : pages()) {
            var inline = Pattern.compile("`\\./hooke ([^`<>|]+)`").matcher(Files.readString(page));
            while (inline.find()) {
                String[] words = inline.group(1).strip().split(" +");
                if (words.length == 1) {
                    tests.add(DynamicTest.dynamicTest(
                            page + ": hooke " + words[0],
                            () -> assertThat(words[0])
                                    .isIn(Main.commandLine(terminal())
                                            .getSubcommands()
                                            .keySet())));
                } else if (!words[0].equals("java")) {
                    tests.add(DynamicTest.dynamicTest(
                            page + ": hooke " + inline.group(1),
                            () -> assertThatCode(
                                            () -> Main.commandLine(terminal()).parseArgs(words))
                                    .doesNotThrowAnyException()));
                }
            }
        }
        return tests;
    }

    @Test
    void everyLensIsInThePageOfTheLens() throws IOException {
        Path page = Path.of("docs/lens.md");
        String commands = String.join("\n", blocks(page, "sh"));
        for (String lens : Main.commandLine(terminal())
                .getSubcommands()
                .get("lens")
                .getSubcommands()
                .keySet()) {
            assertThat(Files.readString(page)).contains("| `" + lens + "` |");
            assertThat(commands).containsPattern("hooke lens [^ ]+ " + lens + "\\b");
        }
    }

    @TestFactory
    List<DynamicTest> everyLinkLeadsToAFile() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path page : pages()) {
            var link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                Path target = page.resolveSibling(link.group(1));
                tests.add(DynamicTest.dynamicTest(
                        page + ": " + link.group(1), () -> assertThat(target).exists()));
            }
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> everyProgramRuns() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path page : pages()) {
            for (String program : blocks(page, "java")) {
                int number = tests.size();
                tests.add(DynamicTest.dynamicTest(
                        page + ", program " + number, () -> runJava(program, "Program" + number)));
            }
        }
        assertThat(tests).isNotEmpty();
        return tests;
    }

    /** Compiles a compact source file against the program, and runs its main method. */
    private static void runJava(String program, String name) throws Exception {
        Path source = Files.writeString(folder.resolve(name + ".java"), program);
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-d",
                        folder.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        source.toString());
        assertThat(status).as("compiling %s", source).isZero();
        try (var loader = new URLClassLoader(new java.net.URL[] {folder.toUri().toURL()})) {
            Class<?> type = loader.loadClass(name);
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            var main = type.getDeclaredMethod("main");
            main.setAccessible(true);
            main.invoke(constructor.newInstance());
        }
    }

    private static List<String> blocks(Path page, String language) throws IOException {
        var block = Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$").matcher(Files.readString(page));
        return block.results().map(match -> match.group(1)).toList();
    }
}
