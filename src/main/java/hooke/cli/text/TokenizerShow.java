package hooke.cli.text;

import hooke.Amounts;
import hooke.InputException;
import hooke.NotAFile;
import hooke.NotText;
import hooke.Reason;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.text.Tokenizer;
import hooke.text.Tokenizer.Span;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke tokenizer show}: the tokens of a text, and the characters that each covers. */
@Command(
        name = "show",
        description = "Show how a tokenizer cuts a text: each token, its number, and the characters it covers.",
        footer = {"", "Examples:", "  ./hooke tokenizer show tokenizer.json 'Show HN: My side project'"})
final class TokenizerShow implements Callable<Exit> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "FILE", description = "A tokenizer.json.")
    private Path file = Path.of("tokenizer.json");

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "TEXT",
            description = "What to cut; several words are joined by a space.")
    private List<String> words = List.of();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    TokenizerShow(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * A token of the text.
     *
     * @param from the first character that it covers, counted in code points from 0
     * @param to behind the last one
     */
    private record Row(int id, String token, int from, int to) {}

    @Override
    public Exit call() {
        Tokenizer tokenizer = read();
        byte[] text = String.join(" ", words).getBytes(StandardCharsets.UTF_8);
        List<Row> rows =
                tokenizer.spans(text).stream().map(span -> row(tokenizer, span)).toList();
        if (json) {
            terminal.out().print(Json.text(rows));
            return Exit.DONE;
        }
        var table = TextTable.of("id", "token", "from", "to");
        rows.forEach(row -> table.row(
                Integer.toString(row.id()), row.token(), Integer.toString(row.from()), Integer.toString(row.to())));
        terminal.out().print(table.text(""));
        if (tokenizer.lost(text) > 0) {
            terminal.out()
                    .println("(bytes that have no token and are left out: %s)"
                            .formatted(Amounts.count(tokenizer.lost(text))));
        }
        return Exit.DONE;
    }

    private static Row row(Tokenizer tokenizer, Span span) {
        return new Row(span.token(), tokenizer.label(span.token()), span.from(), span.to());
    }

    private Tokenizer read() {
        NotAFile.why(file).ifPresent(why -> {
            throw new InputException(file + " " + why + "; name a tokenizer.json");
        });
        try {
            byte[] bytes = Files.readAllBytes(file);
            NotText.why(bytes).ifPresent(why -> {
                throw new InputException(file + " " + why);
            });
            return Tokenizer.parse(bytes, file.toString());
        } catch (IOException e) {
            throw new InputException(file + " cannot be read: " + Reason.of(e), e);
        }
    }
}
