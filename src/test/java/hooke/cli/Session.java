package hooke.cli;

import hooke.cli.terminal.Output;
import hooke.cli.terminal.Terminal;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/** What one command line did: its exit status and what it printed. */
public record Session(int status, String out, String err) {
    /** Runs a command line in this process, its streams shown by no terminal. */
    public static Session of(String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status;
        var nobody = new BufferedReader(Reader.nullReader());
        try (var outStream = Output.to(out, true, Terminal.PLAIN);
                var errStream = Output.to(err, true, Terminal.PLAIN)) {
            var terminal = new Terminal(nobody, outStream, errStream, false, false, Terminal.PLAIN_WIDTH, false);
            status = Main.run(terminal, args);
        }
        return new Session(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
