package hooke.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ./hooke} itself, as a process: from anywhere, silent but for what it has to say, and interrupted. */
@DisabledOnOs(OS.WINDOWS)
final class LauncherTest {
    private static final Path HOOKE = Path.of("hooke").toAbsolutePath();

    @TempDir
    private static Path folder = Path.of("");

    private static final String TINY = """
            task: {kind: modular-arithmetic, operation: add, modulus: 5, train_fraction: 0.8}
            model: {n_layers: 1, d_model: 16, n_heads: 2}
            train: {steps: 100000000, threads: 1, checkpoint_every: 1000}
            """;

    @BeforeAll
    static void build() throws Exception {
        Files.writeString(folder.resolve("tiny study.yaml"), "name: tiny\n" + TINY);
        // Builds the launcher's copy, which may say so.
        assertThat(finish(start(HOOKE.toString(), "--version")).status()).isZero();
    }

    private static Process start(String... words) throws IOException {
        return new ProcessBuilder(words).directory(folder.toFile()).start();
    }

    private static Session finish(Process process) throws Exception {
        return new Session(
                process.waitFor(),
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
                new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatAFullDiskLosesIsSaidAndWhatNobodyReadsIsNot() throws Exception {
        String explain = "'" + HOOKE + "' explain 'tiny study.yaml'";

        Session full = finish(start("sh", "-c", explain + " >/dev/full"));
        Session closed = finish(start("sh", "-c", "{ " + explain + "; echo $? >&2; } | true"));

        assertThat(full.status()).isEqualTo(1);
        assertThat(full.err()).isEqualTo("hooke: standard output could not be written to its end: is its disk full?\n");
        assertThat(closed.err()).isEqualTo("0\n");
    }

    @Test
    void itIsFoundThroughLinksAndReadsFilesWhereTheUserStands() throws Exception {
        Path first = Files.createSymbolicLink(folder.resolve("first"), HOOKE);
        Path second = Files.createSymbolicLink(folder.resolve("second"), first.getFileName());

        Session session = finish(start(second.toString(), "explain", "tiny study.yaml"));

        assertThat(session.status()).isZero();
        assertThat(session.out()).startsWith("tiny/0\n");
        assertThat(session.err()).isEmpty();
    }

    @Test
    void aCommandThatComputesSaysNothingElseEither() throws Exception {
        Session session = finish(start(HOOKE.toString(), "ask", "nothing", "1", "2", "--store", "nowhere"));

        assertThat(session)
                .isEqualTo(
                        new Session(
                                2,
                                "",
                                "hooke: there is no store in nowhere: train something first, or name another folder with --store\n"));
    }

    /** Closed streams, nobody at home, few open files: what shells, services and containers do. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "$1" run finite.yaml --store a --no-report 2>&-             | 0
            "$1" run finite.yaml --store b --no-report >&-              | 1
            "$1" run finite.yaml --store c --no-report <&- 2>&-         | 0
            env -u HOME "$1" run finite.yaml --store d --no-report      | 0
            HOME=/nowhere "$1" run finite.yaml --store e --no-report    | 0
            mkdir "a b"; TMPDIR="a b" "$1" run finite.yaml --store f --no-report | 0
            TMPDIR=finite.yaml "$1" run finite.yaml --store g --no-report        | 2
            ulimit -n 32; "$1" ls --store a                             | 2
            """)
    void oddSurroundingsNeitherStopARunNorLeaveAnythingBehind(String line, int status) throws Exception {
        Files.writeString(
                folder.resolve("finite.yaml"), "name: finite\n" + TINY.replace("steps: 100000000", "steps: 20"));

        Session session = finish(start("sh", "-c", line, "sh", HOOKE.toString()));

        assertThat(session.status()).as(session.err()).isEqualTo(status);
        assertThat(session.err()).doesNotContain("Exception", "WARNING");
        assertThat(HOOKE.resolveSibling("target/launch").toFile().list((_, name) -> name.startsWith("errors.")))
                .isEmpty();
    }

    @Test
    void aProgramOfTheUsersSaysNothingButItsOwn() throws Exception {
        Files.writeString(folder.resolve("Wide.java"), """
                import jdk.incubator.vector.FloatVector;

                void main(String[] words) {
                    IO.println(words[0] + " " + (FloatVector.SPECIES_PREFERRED.length() > 0));
                    System.err.println("told");
                }
                """);

        assertThat(finish(start(HOOKE.toString(), "java", "Wide.java", "vectors")))
                .isEqualTo(new Session(0, "vectors true\n", "told\n"));
        assertThat(finish(start(HOOKE.toString(), "java", "-Xmx99m", "Wide.java", "vectors")))
                .isEqualTo(new Session(0, "vectors true\n", "told\n"));
        assertThat(finish(start(HOOKE.toString(), "java", "--version")).err()).isEmpty();
    }

    @Test
    void aRunThatIsAskedToEndSavesAndTheSameCommandGoesOn() throws Exception {
        List<String> before = interruptOnceItTrains();
        List<String> after = interruptOnceItTrains();

        assertThat(before.getFirst()).isEqualTo("tiny/0 on cpu, 1 thread");
        assertThat(before.getLast()).isEqualTo("tiny/0 is saved; the same command continues it");
        assertThat(after.getFirst()).isEqualTo("tiny/0 goes on on cpu, 1 thread");
        Session shown = finish(start(HOOKE.toString(), "ls"));
        assertThat(shown.out()).containsPattern("tiny/0 +stopped ");
    }

    /** What it said. It is asked as Ctrl-C would, with the signal that a process in the background hears, too. */
    private static List<String> interruptOnceItTrains() throws Exception {
        Process process = start(HOOKE.toString(), "run", "tiny study.yaml");
        List<String> lines = new ArrayList<>();
        try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
            for (String line = err.readLine(); line != null; line = err.readLine()) {
                lines.add(line);
                if (line.contains("/100,000,000")) {
                    finish(start("kill", "-TERM", Long.toString(process.pid())));
                }
            }
        }
        assertThat(process.waitFor()).isEqualTo(128 + 15);
        return lines;
    }
}
