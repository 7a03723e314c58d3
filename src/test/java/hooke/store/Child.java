package hooke.store;

import hooke.JavaProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process of its own that runs {@link Toy#main}: the real thing to kill, and to share a store with. */
record Child(Process process, BufferedReader lines) implements AutoCloseable {
    static Child train(Path store, String name, int steps, int checkpointEvery, String... jvm) {
        List<String> command = command(store, name, steps, checkpointEvery);
        command.addAll(1, List.of(jvm));
        return start(command);
    }

    /** The same, where no file may grow beyond so many bytes: what a full disk is like. */
    static Child trainWithFileLimit(long bytes, Path store, String name, int steps, int checkpointEvery) {
        List<String> command = command(store, name, steps, checkpointEvery);
        command.add(Long.toString(bytes));
        return start(command);
    }

    private static List<String> command(Path store, String name, int steps, int checkpointEvery) {
        return JavaProcess.command(
                List.of("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xmx200m"),
                "hooke.store.Toy",
                store.toString(),
                name,
                Integer.toString(steps),
                Integer.toString(checkpointEvery));
    }

    private static Child start(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return new Child(process, process.inputReader(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next line that it prints; null at its end. */
    @Nullable
    String line() {
        try {
            return lines.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that it still prints, until it ends. */
    List<String> rest() {
        return lines.lines().toList();
    }

    /** Waits until it ends, and returns its exit status. */
    int await() {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Kills it so many nanoseconds from now; false if it ends by itself before. */
    boolean killAfter(long nanos) {
        try {
            if (process.waitFor(nanos, TimeUnit.NANOSECONDS)) {
                return false;
            }
            kill();
            return true;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** SIGKILL: nothing in it gets a chance to tidy up. */
    void kill() {
        process.destroyForcibly();
        await();
    }

    @Override
    public void close() {
        kill();
    }
}
