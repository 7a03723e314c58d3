package hooke.cli;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores and archives that somebody has altered: every command does its work or says one sentence, and nothing is half added. */
final class AlteredStoreTest {
    private static final int ROUNDS = Integer.getInteger("hooke.rounds", 30);

    private static final List<String> JUNK = List.of(
            "",
            "x",
            "<script>",
            "null",
            "[]",
            "{}",
            "7",
            "-1",
            "9223372036854775807",
            "{\"a\":",
            "\u001b[2J",
            "a\n9,9,9");

    @TempDir
    private static Path dir = Path.of("");

    private static Path archive = Path.of("");

    @BeforeAll
    static void train() throws IOException {
        Path file = dir.resolve("tiny.yaml");
        Files.writeString(file, """
                task: {kind: modular-arithmetic, operation: add, modulus: 5, train_fraction: 0.8}
                model: {n_layers: 1, d_model: 16, n_heads: 2}
                train: {steps: 20, evaluate_every: 5, checkpoint_every: 10, optimizer: {lr: 0.01}}
                """);
        for (String seed : List.of("0", "1")) {
            assertThat(in("good", "run", file.toString(), "--seed", seed, "--no-report")
                            .status())
                    .isZero();
        }
        archive = dir.resolve("two.zip");
        assertThat(in("good", "export-runs", archive.toString(), "tiny").status())
                .isZero();
    }

    private static Session in(String store, String... words) {
        String[] args = java.util.Arrays.copyOf(words, words.length + 2);
        args[words.length] = "--store";
        args[words.length + 1] = dir.resolve(store).toString();
        return Session.of(args);
    }

    private static void commandsStand(String store, String as) {
        Stream.of(
                        "ls",
                        "ls --json",
                        "show tiny/0",
                        "show tiny/0 --json",
                        "card tiny/0",
                        "export tiny/0",
                        "export tiny/0 --json",
                        "ask tiny/0 1 2",
                        "du",
                        "sweeps",
                        "report tiny/0 --out " + dir.resolve("reports"))
                .forEach(command -> {
                    Session session = in(store, command.split(" "));
                    assertThat(session.err()).as("%s: %s", as, command).doesNotContain("\tat ", "Exception");
                    assertThat(session.status())
                            .as("%s: %s", as, command)
                            .isIn(Exit.DONE.status(), Exit.WRONG_INPUT.status());
                    assertThat(session.out() + session.err())
                            .as("%s: %s", as, command)
                            .doesNotContain("\u001b");
                });
    }

    private static void copyStore(String name) throws IOException {
        Path from = dir.resolve("good");
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, dir.resolve(name).resolve(from.relativize(file).toString()));
            }
        }
    }

    private static Connection database(String store) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + dir.resolve(store).resolve("hooke.db"));
    }

    @Test
    void oneAlteredRunIsListedAsDamagedAndCanBeRemoved() throws IOException, SQLException {
        for (String change :
                List.of("created = ''", "ended = '+999999999-01-01T00:00Z'", "state = 'x'", "outcome = '<'")) {
            String store = "one" + change.length();
            copyStore(store);
            try (var connection = database(store);
                    var statement = connection.createStatement()) {
                statement.execute("UPDATE runs SET " + change + " WHERE seed = 0");
            }
            assertThat(in(store, "ls").out())
                    .as(change)
                    .containsPattern("tiny/0 +damaged")
                    .containsPattern("tiny/1 +done");
            String column = change.substring(0, change.indexOf(' '));
            Session shown = in(store, "show", "tiny/0");
            assertThat(shown.status()).isEqualTo(Exit.WRONG_INPUT.status());
            assertThat(shown.err())
                    .contains("the " + column + " of run tiny/0 cannot be read")
                    .hasLineCount(1);
            assertThat(in(store, "rm", "tiny/0", "--yes").status()).as(change).isZero();
            assertThat(in(store, "ls").out()).doesNotContain("tiny/0");
        }
    }

    @Test
    void whateverARowSaysItIsReadOrNamed() throws IOException, SQLException {
        String[][] columns = {
            {"runs", "seed hash experiment state step created ended outcome owner"},
            {"cells", "name base hash"},
            {"provenance", "part from_step detail"},
            {"events", "step kind detail"},
            {"checkpoints", "step bytes sha256"},
            {"series", "name"},
            {"chunks", "first_step points stride steps vals"},
            {"pyramid", "level buckets points"}
        };
        for (int round = 0; round < ROUNDS; round++) {
            var random = new Random(round);
            String[] table = columns[random.nextInt(columns.length)];
            String[] names = table[1].split(" ");
            String column = names[random.nextInt(names.length)];
            String junk = JUNK.get(random.nextInt(JUNK.size()));
            String store = "altered" + round;
            copyStore(store);
            String as = "round %s, %s.%s = '%s'".formatted(round, table[0], column, junk);
            try (var connection = database(store);
                    var statement =
                            connection.prepareStatement("UPDATE OR IGNORE %s SET %s = ?".formatted(table[0], column))) {
                if (List.of("chunks vals", "chunks steps", "pyramid points").contains(table[0] + " " + column)) {
                    statement.setBytes(1, junk.getBytes(StandardCharsets.UTF_8));
                } else {
                    statement.setString(1, junk);
                }
                statement.execute();
            } catch (SQLException wrongType) {
                continue;
            }
            commandsStand(store, as);
        }
    }

    @Test
    void whateverAnArchiveSaysAllOfItIsAddedOrNone() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            String store = "imported" + round;
            Path altered = altered(new Random(round));
            Session session = in(store, "import-runs", altered.toString());
            assertThat(session.err()).as("round %s", round).doesNotContain("\tat ", "Exception");
            if (session.status() == Exit.DONE.status()) {
                commandsStand(store, "round " + round);
            } else {
                assertThat(session.status()).as("round %s", round).isEqualTo(Exit.WRONG_INPUT.status());
                assertThat(session.err()).as("round %s", round).endsWith("; nothing was added\n");
                assertThat(in(store, "ls", "--json").out())
                        .as("round %s", round)
                        .isEqualTo("[ ]\n");
            }
        }
    }

    /** With one value in what it says of its second run replaced, or one byte of an entry. */
    private static Path altered(Random random) throws IOException {
        Path altered = dir.resolve("altered.zip");
        boolean text = random.nextInt(4) > 0;
        try (var in = new ZipInputStream(Files.newInputStream(archive));
                var out = new ZipOutputStream(Files.newOutputStream(altered))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                byte[] bytes = in.readAllBytes();
                if (text && entry.getName().equals("runs/1/run.json")) {
                    bytes = replaced(new String(bytes, StandardCharsets.UTF_8), random)
                            .getBytes(StandardCharsets.UTF_8);
                } else if (!text && entry.getName().startsWith("runs/1/") && bytes.length > 0) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
                out.putNextEntry(new ZipEntry(entry.getName()));
                out.write(bytes);
            }
        }
        return altered;
    }

    private static String replaced(String json, Random random) {
        var values = java.util.regex.Pattern.compile(
                        "(?<=[:\\[,])(\"(?:[^\"\\\\]|\\\\.)*\"|-?[0-9.]+|\\[\\])(?=[,\\]}])")
                .matcher(json)
                .results()
                .toList();
        var value = values.get(random.nextInt(values.size()));
        String junk = JUNK.get(random.nextInt(JUNK.size()));
        String by = random.nextBoolean() ? Json.line(junk) : junk.isEmpty() ? "null" : junk;
        return json.substring(0, value.start()) + by + json.substring(value.end());
    }
}
