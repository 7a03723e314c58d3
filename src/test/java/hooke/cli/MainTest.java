package hooke.cli;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.cli.process.Version;
import hooke.cli.terminal.Terminal;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

final class MainTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                | which command? ./hooke --help lists them
            docter            | there is no command 'docter' (did you mean 'doctor'?); ./hooke --help lists them
            fly               | there is no command 'fly'; ./hooke --help lists them
            help fly          | there is no command 'fly'; ./hooke --help lists them
            doctor --hlep     | doctor has no option --hlep (did you mean '--help'?)
            doctor --quick=1  | doctor has no option --quick
            tokenizer train -o x | tokenizer train has no option -o
            bench x --threads y | invalid value for option '--threads': 'y' is not a whole number; see ./hooke bench --help
            run               | run needs EXPERIMENT; see ./hooke run --help
            explain quick-grok --seed x | --set seed=x: seed (x) must be a whole number
            doctor now        | doctor does not know what to do with 'now'; see ./hooke doctor --help
            """)
    void aWrongCommandLineIsOneSentenceAndStatus2(String line, String sentence) {
        Session session = Session.of(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(session).isEqualTo(new Session(2, "", "hooke: " + sentence + System.lineSeparator()));
    }

    static String[] commands() {
        return Main.commandLine(terminal(false)).getSubcommands().entrySet().stream()
                .filter(command ->
                        !command.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandExplainsItselfWithAnExample(String command) {
        Session session = Session.of(command, "--help");

        assertThat(session.status()).isZero();
        assertThat(session.err()).isEmpty();
        assertThat(session.out()).contains("./hooke " + command);
        assertThat(Session.of("help", command)).isEqualTo(session);
    }

    @Test
    void helpListsEveryCommand() {
        assertThat(Session.of("--help").out()).contains(commands());
    }

    /** Lists of commands show the first line alone. */
    @Test
    void theFirstLineOfEveryDescriptionIsAWholeSentence() {
        var all = new ArrayDeque<>(List.of(Main.commandLine(terminal(false))));
        while (!all.isEmpty()) {
            CommandLine command = all.pop();
            all.addAll(command.getSubcommands().values());
            assertThat(command.getCommandSpec().usageMessage().description()[0])
                    .as(command.getCommandName())
                    .matches(".*[.?]")
                    .hasSizeLessThan(100);
        }
    }

    @Test
    void coloursAreForTerminals() {
        assertThat(Session.of("--help").out()).doesNotContain("\u001b[");
        assertThat(help(terminal(true))).contains("\u001b[");
    }

    @Test
    void theVersionIsThePoms() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));

        assertThat(pom).contains("<artifactId>hooke</artifactId>\n  <version>" + Version.number() + "</version>");
        assertThat(Session.of("--version").out()).startsWith("hooke " + Version.number() + " (Java 25");
    }

    private static Terminal terminal(boolean shown) {
        var nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return new Terminal(
                new BufferedReader(Reader.nullReader()), nowhere, nowhere, shown, shown, Terminal.PLAIN_WIDTH, true);
    }

    private static String help(Terminal terminal) {
        return Main.commandLine(terminal).getUsageMessage();
    }
}
