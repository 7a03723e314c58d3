package hooke.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.check.Bench;
import hooke.check.BenchSparse;
import hooke.cli.Session;
import hooke.cli.terminal.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The commands that hold Hooke against recorded numbers, against itself and against the clock. */
final class VerifyCommandsTest {
    private static final String SET = "golden/listcopy/d8_3L_noLN_noBias_fWV_fWO";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void verifyPrintsTheLargestErrorOfEachQuantity() {
        Session session = Session.of("verify", SET, "--engine", "fused");

        assertThat(session.status()).isZero();
        assertThat(session.out()).containsPattern("init +2,621 +0 +0 +ok\n").endsWith("All 7 quantities agree.\n");
    }

    @Test
    void oneNumberThatIsOffFailsTheSet() throws IOException {
        Path golden = Path.of(SET);
        try (var files = Files.list(golden)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Path tolerances = folder.resolve("golden.json");
        Files.writeString(
                tolerances, Files.readString(tolerances).replaceFirst("\"abs\": *[0-9.e-]+", "\"abs\": 1e-30"));

        Session session = Session.of("verify", folder.toString(), "--engine", "torch", "--json");

        assertThat(session.status()).isEqualTo(1);
        JsonNode json = Json.tree(session.out());
        assertThat(json.path("agrees").asBoolean()).isFalse();
        assertThat(json.path("findings")
                        .valueStream()
                        .filter(f -> !f.path("agrees").asBoolean()))
                .singleElement()
                .satisfies(f -> assertThat(f.path("error").asDouble()).isPositive());
    }

    @Test
    void whatIsSkippedForLackOfDataIsSaid() throws IOException {
        Path alone = Files.createDirectories(folder.resolve("fourier"));
        try (var files = Files.list(Path.of("golden/fourier"))) {
            for (Path file : files.toList()) {
                Files.copy(file, alone.resolve(file.getFileName()));
            }
        }

        assertThat(Session.of("verify", alone.toString()).out())
                .contains("skipped: fourier, measures of modmul113: no set modmul113 with ")
                .endsWith("All 4 quantities agree.\n");
        assertThat(Json.tree(Session.of("verify", alone.toString(), "--json").out())
                        .at("/skipped/0/quantity")
                        .asString())
                .isEqualTo("measures of modmul113");
    }

    @Test
    void whatIsNoGoldenSetIsOneSentence() {
        assertThat(Session.of("verify", folder.toString()).err())
                .isEqualTo("hooke: " + folder + " holds no golden set: no folder in it has a golden.json\n");
    }

    @Test
    void aKeyWithAHugeNumberIsOneSentence() throws IOException {
        try (var files = Files.list(Path.of(SET))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Path golden = folder.resolve("golden.json");
        Files.writeString(golden, Files.readString(golden).replaceFirst("losses_(\\d+)_\\d+", "losses_$1_99999999999"));

        Session session = Session.of("verify", folder.toString(), "--engine", "fused");

        assertThat(session.status()).isEqualTo(2);
        assertThat(session.err())
                .isEqualTo("hooke: " + folder
                        + ": '99999999999' is not a value that the key losses_1_99999999999 can have\n");
    }

    @Test
    void aFolderForAFileIsOneSentence() throws IOException {
        Files.createDirectory(folder.resolve("golden.json"));

        Session session = Session.of("verify", folder.toString());

        assertThat(session.status()).isEqualTo(2);
        assertThat(session.err())
                .startsWith("hooke: ")
                .contains("golden.json is a folder")
                .hasLineCount(1);
    }

    @Test
    void aTrainingThatIsKilledBecomesTheSameRun() throws IOException {
        Path file = folder.resolve("tiny.yaml");
        Files.writeString(file, """
                task: {kind: modular-arithmetic, operation: add, modulus: 7, train_fraction: 0.8}
                model: {n_layers: 1, d_model: 16, n_heads: 2}
                train: {steps: 2000, batch: 13, threads: 1, evaluate_every: 10, checkpoint_every: 25}
                """);

        Session session = Session.of("verify-resume", file.toString(), "--kills", "1");

        assertThat(session.status()).as(session.out() + session.err()).isZero();
        assertThat(session.out())
                // Training that ends before its moment to be interrupted has come is begun once more.
                .matches(
                        "1 interruption \\(KILL 1\\), [01] of them while it trained, in \\d+ trainings?: all equal to the"
                                + " undisturbed one\\R");
    }

    @Test
    void benchOfAttentionPrintsATableAndDrawsIt() throws IOException {
        Path plot = folder.resolve("attention.svg");
        Session session = Session.of(
                "bench",
                "sparse-attention",
                "--contexts",
                "160,130",
                "--seconds",
                "0.01",
                "--threads",
                "1",
                "--plot",
                plot.toString());

        assertThat(session.status()).isZero();
        for (String kind : BenchSparse.names()) {
            for (String engine : List.of("fused", "torch")) {
                for (String context : List.of("130", "160")) {
                    assertThat(session.out())
                            .containsPattern("(?m)^" + context + " +" + kind + " +" + engine + " +[0-9]");
                }
            }
            assertThat(Files.readString(plot).split(">" + Pattern.quote(kind) + "<", -1))
                    .as("once for each engine")
                    .hasSize(3);
        }
        assertThat(session.out()).contains(BenchSparse.MATERIALISED).contains("plot: " + plot);
        assertThat(Session.of("bench", "sparse-attention", "--plot", "attention.pdf")
                        .err())
                .contains("--plot (attention.pdf) must end with .svg or .png");
        assertThat(Session.of("bench", "sparse-attention", "--contexts", "0").err())
                .contains("--contexts (0) must be from 1 to 65536 tokens");
    }

    @Test
    void benchNamesItsWorkloadsAndPrintsOneLineOfJson() {
        assertThat(Session.of("bench", "--help").out().replaceAll("\\s+", " "))
                .contains(String.join(", ", Bench.workloads()));
        assertThat(Session.of("bench", "loging").err()).contains("did you mean 'logging'?");

        Session session = Session.of("bench", "logging", "--seconds", "0.1");

        assertThat(session.out().lines()).hasSize(1);
        JsonNode json = Json.tree(session.out());
        assertThat(json.path("workload").asString()).isEqualTo("logging");
        assertThat(json.path("min").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(json.path("median").asDouble());
    }
}
