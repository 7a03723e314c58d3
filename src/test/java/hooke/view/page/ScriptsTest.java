package hooke.view.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.NativeArray;
import org.mozilla.javascript.ScriptableObject;

/** The page's scripts pass JSHint, which runs here in Rhino: as one, in the order of the page, because they share their names. */
class ScriptsTest {
    private static final Path FOLDER = Path.of("src/main/resources/hooke/view/page");
    private static final String JSHINT = "/META-INF/resources/webjars/jshint/2.13.6/dist/jshint.js";

    /**
     * {@code laxbreak}: lines may begin with an operator. {@code loopfunc}: functions in loops see the loop's own {@code const}.
     * {@code -W018}: {@code !(a >= b)} is true of NaN, {@code a < b} is not.
     */
    private static final String LINT = """
            JSHINT(source, {
              esversion: 11, browser: true, predef: ['ResizeObserver'], undef: true, unused: true, eqeqeq: true, varstmt: true,
              laxbreak: true, loopfunc: true, '-W018': true, maxerr: 1000
            });
            JSHINT.errors.map(e => e.line + ' ' + e.reason);
            """;

    /** What a script does wrong, each fault behind its file and line. */
    private static List<String> faults(String... more) throws IOException {
        List<String> lines = new ArrayList<>();
        List<String> places = new ArrayList<>();
        for (String script : Page.SCRIPTS) {
            add(script, Files.readAllLines(FOLDER.resolve(script)), lines, places);
        }
        add("more", List.of(more), lines, places);
        try (Context context = Context.enter();
                InputStream jshint = Objects.requireNonNull(ScriptsTest.class.getResourceAsStream(JSHINT))) {
            context.setLanguageVersion(Context.VERSION_ES6);
            context.setInterpretedMode(true); // its methods are too long for bytecode
            ScriptableObject scope = context.initStandardObjects();
            String linter = new String(jshint.readAllBytes(), StandardCharsets.UTF_8);
            context.evaluateString(scope, "const window = {};" + linter, "jshint", 1, null);
            ScriptableObject.putProperty(scope, "source", String.join("\n", lines));
            var said = (NativeArray) context.evaluateString(scope, LINT, "lint", 1, null);
            List<String> faults = new ArrayList<>();
            for (Object fault : said) {
                String[] parts = fault.toString().split(" ", 2);
                faults.add(places.get(Integer.parseInt(parts[0]) - 1) + " " + parts[1]);
            }
            return faults;
        }
    }

    private static void add(String name, List<String> script, List<String> lines, List<String> places) {
        for (int i = 0; i < script.size(); i++) {
            lines.add(script.get(i));
            places.add(name + ":" + (i + 1));
        }
    }

    @Test
    void allPassAndWhatIsWrongIsFound() throws IOException {
        assertThat(faults(
                        "function planted(a) {",
                        "  const unused = 1;",
                        "  if (a == 'x') a = undeclared;",
                        "  if (a = 2) return;",
                        "  var old = a;",
                        "  return old;",
                        "}"))
                .containsExactlyInAnyOrder(
                        "more:3 Expected '===' and instead saw '=='.",
                        "more:4 Expected a conditional expression and instead saw an assignment.",
                        "more:5 `var` declarations are forbidden. Use `let` or `const` instead.",
                        "more:3 'undeclared' is not defined.",
                        "more:2 'unused' is defined but never used.",
                        "more:1 'planted' is defined but never used.");
    }

    @Test
    void everyScriptIsOnThePage() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".js")))
                    .containsExactlyInAnyOrderElementsOf(Page.SCRIPTS);
        }
    }
}
