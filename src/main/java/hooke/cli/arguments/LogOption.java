package hooke.cli.arguments;

import hooke.cli.terminal.Terminal;
import hooke.store.RunReader;
import hooke.track.LogFile;
import hooke.track.RunLog;
import hooke.train.Recorder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --log-json}: the training's events as JSON lines, while they happen. */
public final class LogOption {
    private static final String OUT = "-";

    @Option(
            names = "--log-json",
            paramLabel = "FILE",
            arity = "0..1",
            fallbackValue = OUT,
            description = {
                "Add the training's events to FILE as they happen, one JSON object a line;",
                "without FILE, print them to standard output in place of the result."
            })
    private @Nullable Path file;

    public boolean isOnOut() {
        return file != null && file.toString().equals(OUT);
    }

    /** Whether the file can be written, as far as that shows before anything is done. */
    public void check() {
        if (file != null && !isOnOut()) {
            Target.checkFile(file);
        }
    }

    /** The log, opened. */
    public Opened open(Terminal terminal) {
        return isOnOut()
                ? new Opened(Optional.of(LogFile.to(terminal.out(), line -> warn(terminal, line))))
                : open(file, terminal);
    }

    /** A log in a file, or nowhere for null. */
    public static Opened open(@Nullable Path file, Terminal terminal) {
        return new Opened(Optional.ofNullable(file).map(f -> LogFile.append(f, line -> warn(terminal, line))));
    }

    /** Prints the log of a stored run. */
    public static void print(Terminal terminal, RunReader reader) {
        try (var out = LogFile.to(terminal.out(), line -> warn(terminal, line))) {
            RunLog.write(reader, out, OffsetDateTime.now(Clock.system(ZoneId.systemDefault())));
        }
    }

    private static void warn(Terminal terminal, String line) {
        terminal.err().println("hooke: " + line);
    }

    /** A log that training may add to; nowhere where none is asked for. */
    public record Opened(Optional<LogFile> file) implements AutoCloseable {
        /** A recorder that passes everything on, and logs it. */
        public Recorder over(RunReader reader, Recorder recorder) {
            return file.map(f -> RunLog.over(reader, f, () -> System.currentTimeMillis() / 1e3, recorder))
                    .orElse(recorder);
        }

        @Override
        public void close() {
            file.ifPresent(LogFile::close);
        }
    }
}
