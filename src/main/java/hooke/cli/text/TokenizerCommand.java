package hooke.cli.text;

import hooke.InputException;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code hooke tokenizer}: what can be done with a tokenizer is a command of its own below it. */
@Command(
        name = "tokenizer",
        synopsisSubcommandLabel = "COMMAND",
        description = "Train a tokenizer on a text, or see how one cuts a text into tokens.",
        footer = {
            "",
            "Examples:",
            "  ./hooke tokenizer train titles.txt --vocab-size 16000",
            "  ./hooke tokenizer show tokenizer.json 'Show HN: My side project'"
        })
public final class TokenizerCommand implements Callable<Exit> {
    private TokenizerCommand() {}

    /** The command with those below it. */
    public static CommandLine commandLine(Terminal terminal) {
        return new CommandLine(new TokenizerCommand())
                .addSubcommand(new TokenizerTrain(terminal))
                .addSubcommand(new TokenizerShow(terminal));
    }

    @Override
    public Exit call() {
        throw new InputException("which command? ./hooke tokenizer train FILE, or ./hooke tokenizer show FILE TEXT");
    }
}
