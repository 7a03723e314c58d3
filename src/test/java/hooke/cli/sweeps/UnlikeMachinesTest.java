package hooke.cli.sweeps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import hooke.JavaProcess;
import hooke.cli.Session;
import hooke.store.Likeness;
import hooke.store.Store;
import hooke.tensor.Libtorch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One sweep whose runs were computed by processes that use different instructions, as processors of different makes do. */
final class UnlikeMachinesTest {
    @TempDir
    Path folder;

    @Test
    void aSweepTellsWhichRunsWereComputedOtherwise() throws Exception {
        // What users can limit the library to, on this make of processor.
        assumeThat(System.getProperty("os.arch")).isEqualTo("amd64");
        String here = Libtorch.instructions();
        String other = here.contains("OpenBLAS Nehalem") ? "Prescott" : "Nehalem";
        String core = here.replaceAll(".*OpenBLAS (\\w+).*", "$1");
        String sweep = Files.writeString(folder.resolve("tiny.yaml"), """
                base:
                  task: {kind: modular-arithmetic, operation: add, modulus: 5, train_fraction: 0.8}
                  model: {n_layers: 1, d_model: 8, n_heads: 2}
                  train: {steps: 20}
                grid: {model.d_model: {a: 8, b: 16}}
                seeds: [0, 1]
                """).toString();

        Session first = hooke("sweep", sweep, "--workers", "1", "--seeds", "1");
        assertThat(first.status()).as(first.err()).isZero();
        assertThat(hooke("table", sweep).out()).doesNotContain("different instructions");
        assertThat(elsewhere(other, "sweep", sweep, "--like-machines").waitFor())
                .isEqualTo(2);
        assertThat(Files.readString(folder.resolve("said")))
                .contains("this machine computes with", "OpenBLAS " + other, "and the runs that are there", core);
        Process process = elsewhere(other, "sweep", sweep, "--workers", "1");
        assertThat(process.waitFor())
                .as(Files.readString(folder.resolve("said")))
                .isZero();

        String names = "OpenBLAS " + core;
        assertThat(line(hooke("table", sweep).out()))
                .contains("These runs were computed with different instructions", names, "OpenBLAS " + other)
                .containsPattern("OpenBLAS " + other + "[^(;]*\\([^)]*/1, [^)]*/1\\)");
        assertThat(line(hooke("table", sweep, "--compare", "a,b").out())).contains(names, "OpenBLAS " + other);
        assertThat(hooke("report", sweep, "--out", folder.resolve("pages").toString())
                        .status())
                .isZero();
        assertThat(Files.readString(folder.resolve("pages/tiny.html")))
                .contains("These runs were computed with different instructions");
        try (Store store = Store.openReadOnly(folder.resolve("runs"))) {
            List<String> stored = store.runs().stream()
                    .map(run -> store.read(run).provenance().getFirst().likeness())
                    .distinct()
                    .toList();
            assertThat(stored).hasSize(2);
            assertThat(Likeness.isLike(stored.get(0), stored.get(1))).isFalse();
        }
    }

    @Test
    void whatAnOlderHookeDidNotStoreIsNoDifference() {
        assertThat(Likeness.isLike(
                        "libtorch AVX2, OpenBLAS Zen", "libtorch AVX2, OpenBLAS Zen, oneDNN AVX2, Java 256 bits"))
                .isTrue();
        assertThat(Likeness.isLike("libtorch AVX512, OpenBLAS Zen", "libtorch AVX2, OpenBLAS Zen, oneDNN AVX2"))
                .isFalse();
        assertThat(Likeness.isLike("Java 256 bits", "Java 512 bits")).isFalse();
    }

    /** Lines are broken for the terminal. */
    private static String line(String text) {
        return text.replaceAll("\\s+", " ");
    }

    private Session hooke(String... words) {
        return Session.of(Stream.concat(Arrays.stream(words), Stream.of("--store", store()))
                .toArray(String[]::new));
    }

    private String store() {
        return folder.resolve("runs").toString();
    }

    private Process elsewhere(String core, String... words) throws Exception {
        List<String> command =
                JavaProcess.command(List.of("--add-modules=jdk.incubator.vector"), "hooke.cli.Main", words);
        command.addAll(List.of("--store", store()));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile());
        builder.environment().put("OPENBLAS_CORETYPE", core);
        return builder.start();
    }
}
