package hooke.track;

import hooke.InputException;
import hooke.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where lines of a log go: each is handed to the operating system whole and at once, so that it outlives this process, and several
 * processes may add to one file. When a line cannot be written, one sentence says so, and training goes on without the log.
 */
public final class LogFile implements AutoCloseable {
    private final OutputStream out;
    private final Consumer<String> warn;
    private final String name;
    private final Optional<Path> path;
    private boolean lost;

    private LogFile(OutputStream out, Optional<Path> path, String name, Consumer<String> warn) {
        this.out = out;
        this.path = path;
        this.name = name;
        this.warn = warn;
    }

    /**
     * Adds to what is there; a line that a killed process left unfinished is ended first. Throws {@link InputException} where the file
     * cannot be written.
     *
     * @param warn hears the sentence
     */
    public static LogFile append(Path file, Consumer<String> warn) {
        try {
            boolean unfinished = Files.isRegularFile(file) && !endsWithLine(file);
            OutputStream out = Files.newOutputStream(
                    file, StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.WRITE);
            if (unfinished) {
                out.write('\n');
            }
            return new LogFile(out, Optional.of(file), file.toString(), warn);
        } catch (IOException e) {
            throw new InputException(file + " cannot be written: " + Reason.of(e), e);
        }
    }

    private static boolean endsWithLine(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            var last = java.nio.ByteBuffer.allocate(1);
            return channel.size() == 0 || channel.read(last, channel.size() - 1) == 1 && last.get(0) == '\n';
        }
    }

    /** To a stream that stays open. */
    public static LogFile to(PrintStream stream, Consumer<String> warn) {
        var checked = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                stream.write(bytes, from, length);
                if (stream.checkError()) { // flushes
                    throw new IOException("nobody takes it");
                }
            }
        };
        return new LogFile(checked, Optional.empty(), "standard output", warn);
    }

    /** What it holds; nothing of a stream. */
    List<String> lines() {
        if (path.isEmpty() || !Files.isRegularFile(path.get())) {
            return List.of();
        }
        try {
            return Files.readAllLines(path.get());
        } catch (IOException e) { // Not to be read, or no text of ours: it is added to as it is.
            return List.of();
        }
    }

    void add(String line) {
        if (lost) {
            return;
        }
        try {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            lost = true;
            warn.accept(
                    "the log can no longer be written to %s: %s; training goes on, and export --log-json gives it whole"
                            .formatted(name, Reason.of(e)));
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            lost = true; // Every line had been written before.
        }
    }
}
