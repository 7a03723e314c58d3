package hooke.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.config.form.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a file holds, the answer is an experiment or one sentence. */
class HostileInputTest {
    private static final String NOTHING_GIVEN = """
            x.yaml:1: task.kind is missing: what is to be learned, one of modular-arithmetic, permutation, list-copy, none, table, life, text, own
            x.yaml:1: model.n_layers is missing: blocks
            x.yaml:1: model.d_model is missing: width of the residual stream
            x.yaml:1: model.n_heads is missing: attention heads of a block
            x.yaml:1: train.steps is missing: updates at most""";

    @TempDir
    Path folder;

    private static void refused(String yaml, String sentence) {
        assertThatThrownBy(() -> Experiments.parse(yaml, "x.yaml", List.of()))
                .isInstanceOf(InputException.class)
                .hasMessage(sentence);
    }

    private void refusedFile(Path file, String sentence) {
        assertThatThrownBy(() -> Experiments.read(file, List.of()))
                .isInstanceOf(InputException.class)
                .hasMessage(file + sentence);
    }

    @Test
    void nothing() {
        String sentence = "x.yaml: is empty: an experiment needs task, model and train (hooke new writes a first one)";
        refused("", sentence);
        refused("# only a comment\n\n", sentence);
        refused("---\n...\n", sentence);
        refused("{}", NOTHING_GIVEN);
    }

    @Test
    void notAMapping() {
        refused("hello", "x.yaml: must have keys (task, model, train), but is one value");
        refused("- a\n- b\n", "x.yaml: must have keys (task, model, train), but is a list");
    }

    @Test
    void notYaml() {
        refused("seed: 1\na: b: c", "x.yaml:2: is not YAML: mapping values are not allowed here");
        refused("seed: [1, 2", "x.yaml:1: is not YAML: expected ',' or ']', but got <stream end>");
        refused("name: \u0007", "x.yaml: is not YAML: special characters are not allowed");
        refused(
                "name: a\n---\nname: b",
                "x.yaml:2: has more than one document: keep the first, from its start to '---'");
        refused("name: a\n? [b]\n: c", "x.yaml:2: a key must be a word");
    }

    @Test
    void keyTwice() {
        refused("seed: 1\nname: a\nseed: 2\n", "x.yaml:3: seed is given twice (first in line 1)");
    }

    @Test
    void tagThatNamesAClass() {
        refused(
                "name: !!java.net.URL [a]",
                "x.yaml:1: the tag tag:yaml.org,2002:java.net.URL is not read: leave it out");
    }

    @Test
    void tagsOfYamlItselfAreRead() {
        assertThat(Tree.parse("[!!float 1e-3, !!str 5, !!int \"5\", !!seq [a]]", "x")
                        .yaml())
                .isEqualTo("[1e-3, \"5\", 5, [a]]");
        refused("name: !!seq x", "x.yaml:1: the tag tag:yaml.org,2002:seq is not read: leave it out");
    }

    @Test
    void aliases() {
        refused("tags: &a [*a]", "x.yaml:1: *a names nothing before it: an anchor &a must come first");
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            bomb.append("a%1$d: &a%1$d [%2$s]\n"
                    .formatted(i, String.join(", ", java.util.Collections.nCopies(9, "*a" + (i - 1)))));
        }
        refused(bomb.toString(), "x.yaml:4: holds more than 10000 values, aliases written out");
        refused("a: &a x\ntags: [" + "*a, ".repeat(101) + "]", "x.yaml:2: has more than 100 aliases");
        String anchored =
                "tags: [&a x, *a]\n" + AnyExperiment.of(new Random(1)).toYaml().replaceFirst("tags:.*\n", "");
        assertThat(Experiments.parse(anchored, "x.yaml", List.of()).tags()).containsExactly("x", "x");
    }

    @Test
    void deepNesting() {
        for (String level : List.of("[", "{a: ", "- ")) {
            refused(level.repeat(10_000), "x.yaml:1: is nested more than 32 deep");
        }
        assertThatThrownBy(() -> Experiments.parse("seed: 1", "x.yaml", List.of("a" + ".a".repeat(100) + "=1")))
                .hasMessageEndingWith(": has too many dots");
    }

    @Test
    void tooLarge() throws IOException {
        refused("# " + "x".repeat(1 << 20), "x.yaml: is larger than 256 KiB, which no experiment is");
        Path file = folder.resolve("line.yaml");
        Files.writeString(file, "x".repeat(10_000_000));
        refusedFile(file, ": is larger than 256 KiB, too large for an experiment file");
        refused("tags: [" + "a,".repeat(100_000) + "]", "x.yaml:1: holds more than 10000 values, aliases written out");
    }

    @Test
    void filesThatAreNone() throws IOException {
        refusedFile(folder, ": is a folder; name an experiment file, which ends with .yaml");
        refusedFile(folder.resolve("missing.yaml"), ": does not exist; name an experiment file, which ends with .yaml");
        Path binary = folder.resolve("binary.yaml");
        Files.write(binary, new byte[] {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, 0, 0});
        refusedFile(binary, ": is not text (UTF-8)");
        Files.write(binary, "seed: 1".getBytes(StandardCharsets.UTF_16));
        refusedFile(binary, ": is UTF-16; save it as UTF-8 (iconv -f UTF-16 -t UTF-8)");
        Path zeros = Path.of("/dev/zero");
        Assumptions.assumeTrue(Files.exists(zeros));
        refusedFile(zeros, ": is a pipe or a device, not a file; name an experiment file, which ends with .yaml");
    }

    @Test
    void unreadableFile() throws IOException {
        Path file = folder.resolve("secret.yaml");
        Files.writeString(file, "seed: 1");
        Assumptions.assumeTrue(
                folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        Assumptions.assumeFalse(Files.isReadable(file), "root reads everything");
        refusedFile(file, ": cannot be read: its permissions forbid it");
    }

    @Test
    void nothingThatMovesATerminalsCursorIsSaidAgain() {
        refused(
                "\"\\e[31mred\": 1",
                "x.yaml:1: \\u001b[31mred is not a key: the keys of an experiment are name, note, tags,"
                        + " seed, seeds, task, model, train\n" + NOTHING_GIVEN);
        assertThatThrownBy(() -> Experiments.parse("seed: 1", "\u202Ex\n.yaml", List.of()))
                .hasMessageStartingWith("\\u202ex\\u000a.yaml:1: ");
    }

    @Test
    void longTextIsSaidAgainOnlyInPart() {
        String yaml = AnyExperiment.of(new Random(1)).toYaml();
        assertThatThrownBy(() -> Experiments.parse(yaml, "x.yaml", List.of("name=" + "x".repeat(100_000))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("must be letters, digits")
                .satisfies(e -> assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(600));
        assertThatThrownBy(() -> Experiments.parse(yaml, "x.yaml", List.of("x".repeat(100_000) + "=1")))
                .satisfies(e -> assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(600));
    }

    @Test
    void textThatNoNumberDependsOnHasALimit() {
        String yaml = AnyExperiment.of(new Random(1)).toYaml();
        assertThatThrownBy(() -> Experiments.parse(yaml, "x.yaml", List.of("note=" + "x".repeat(10_001))))
                .hasMessageEndingWith(": note must be at most 10,000 characters, but has 10001");
        assertThatThrownBy(() -> Experiments.parse(yaml, "x.yaml", List.of("tags=[" + "x".repeat(101) + "]")))
                .hasMessageEndingWith(": tags must be at most 100, each of at most 100 characters");
        Experiment worst = Experiments.parse(
                yaml,
                "x.yaml",
                List.of("note=\"" + "\\a".repeat(10_000) + "\"", "tags=[" + "'\u2028',".repeat(100) + "]"));
        assertThat(Experiments.parse(worst.toJson(), "x.yaml", List.of())).isEqualTo(worst);
    }

    /** Files that are nearly right: parts of them cut, doubled, exchanged, and strange characters put in. */
    @Test
    void damagedFilesAreReadOrRefused() {
        var random = new Random(5);
        int read = 0;
        for (int i = 0; i < 500; i++) {
            String yaml = AnyExperiment.of(random).toYaml();
            for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
                yaml = damaged(yaml, random);
            }
            try {
                Experiments.parse(yaml, "x.yaml", List.of());
                read++;
            } catch (InputException e) {
                assertThat(String.valueOf(e.getMessage()).lines())
                        .isNotEmpty()
                        .allMatch(line -> line.startsWith("x.yaml:") && line.length() < 1_000
                                || line.matches("and \\d+ more of this kind"));
            }
        }
        assertThat(read).isBetween(5, 450);
    }

    private static String damaged(String text, Random random) {
        if (text.isEmpty()) {
            return text;
        }
        int a = random.nextInt(text.length());
        int b = Math.min(text.length(), a + random.nextInt(20));
        String strange = "\n:-[]{}&*!|>'\"%@#\t ?,~0.e\u0000\u0085\ufeff\ud800";
        return switch (random.nextInt(4)) {
            case 0 -> text.substring(0, a) + text.substring(b);
            case 1 -> text.substring(0, b) + text.substring(a);
            case 2 -> text.substring(0, a) + strange.charAt(random.nextInt(strange.length())) + text.substring(a);
            default -> text.substring(0, a) + random.nextInt() + text.substring(b);
        };
    }
}
