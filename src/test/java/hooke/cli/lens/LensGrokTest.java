package hooke.cli.lens;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.cli.Session;
import hooke.cli.terminal.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lenses on grokking runs, on runs too short to have grokked. */
class LensGrokTest {
    @TempDir
    private static Path folder = Path.of("");

    @BeforeAll
    static void train() throws Exception {
        train("add", "kind: modular-arithmetic, operation: divide, modulus: 11, train_fraction: 0.4", "d_mlp: 16");
        train("s3", "kind: permutation, elements: 3, train_fraction: 0.5", "d_mlp: 16");
        train("attn", "kind: modular-arithmetic, operation: add, modulus: 7, train_fraction: 0.5", "attn_only: true");
        train("copy", "kind: list-copy, list_length: 2, n_digits: 4, train_fraction: 0.5", "attn_only: true");
    }

    private static void train(String name, String task, String model) throws Exception {
        Path file = folder.resolve(name + ".yaml");
        Files.writeString(file, """
                task: {%s}
                model: {n_layers: 1, d_model: 8, n_heads: 2, %s}
                train: {steps: 20, batch: full, checkpoint_every: 10, evaluate_every: 5, threads: 1}
                """.formatted(task, model));
        assertThat(hooke("run", file.toString()).status()).isZero();
    }

    private static Session hooke(String... words) {
        String[] all = java.util.Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--store";
        all[words.length + 1] = folder.resolve("runs").toString();
        return Session.of(all);
    }

    @Test
    void a_spectrum_names_its_axis_and_what_is_left_out() {
        Session session = hooke("lens", "add@10", "spectrum", "--keys", "2,5", "--per-key");
        assertThat(session.err()).isEmpty();
        assertThat(session.out())
                .contains("spectrum of add/0@10 on the cyclic group of order 10 (discrete log, root 2)")
                .contains("left out: 10 pairs with a zero")
                .contains("logits (the paper)")
                .contains("neurons without 5 alone");
    }

    @Test
    void progress_has_a_line_a_checkpoint_and_the_rule() {
        Session session = hooke("lens", "add", "progress", "--keys", "1");
        assertThat(session.status()).isZero();
        assertThat(session.out().lines().filter(line -> line.matches(" *(0|10|20) .*")))
                .hasSize(3);
        assertThat(session.out()).contains("Memorization ends when").contains("key at the last checkpoint: 1");
        assertThat(hooke("lens", "add", "progress", "--keys", "1", "--csv").out())
                .startsWith("step,train_loss,test_loss,restricted,excluded,restricted_neurons,excluded_neurons,");
        assertThat(Json.tree(hooke("lens", "add", "progress", "--json").out())
                        .path("checkpoints")
                        .size())
                .isEqualTo(3);
    }

    @Test
    void representations_are_measured_of_permutations() {
        Session session = hooke("lens", "s3", "spectrum");
        assertThat(session.out())
                .contains("representation")
                .contains("standard")
                .contains("sign");
    }

    @Test
    void a_report_is_written_for_every_group() {
        for (String run : new String[] {"add", "s3", "attn"}) {
            Session session = hooke(
                    "lens",
                    run,
                    "report",
                    "--svg",
                    "--out",
                    folder.resolve("out").toString());
            assertThat(session.err()).isEmpty();
            assertThat(session.out().lines())
                    .hasSizeGreaterThan(8)
                    .doesNotHaveDuplicates()
                    .allMatch(line -> Files.exists(Path.of(line)));
        }
    }

    @Test
    void what_makes_no_sense_is_refused_with_the_reason() {
        assertThat(hooke("lens", "copy", "spectrum"))
                .satisfies(s -> assertThat(s.status()).isEqualTo(2))
                .satisfies(s -> assertThat(s.err()).contains("Fourier measures do not apply to list copy"));
        assertThat(hooke("lens", "add@10", "progress").err()).contains("takes whole runs");
        assertThat(hooke("lens", "add", "spectrum", "--keys", "6").err()).contains("key 6 does not exist for");
        assertThat(hooke("lens", "attn", "spectrum").out()).contains("--keys names what to take for it");
    }
}
