package hooke.sweep.work;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The other end of a {@link Worker}: a process, what is said to it, what it answers. */
public final class WorkerProcess {
    private static final int LAST_LINES = 5;
    /** From the last word to the end; it has nothing to do any more. */
    private static final int ENDING_SECONDS = 30;

    private final Process process;
    private final BufferedWriter in;
    private final BufferedReader out;
    private final Deque<String> errors = new ArrayDeque<>();
    private final Thread listener;

    private WorkerProcess(Process process) {
        this.process = process;
        this.in = process.outputWriter(StandardCharsets.UTF_8);
        this.out = process.inputReader(StandardCharsets.UTF_8);
        this.listener = Thread.ofVirtual().start(this::listenToErrors);
    }

    public static WorkerProcess start(List<String> command) throws IOException {
        return new WorkerProcess(new ProcessBuilder(command).start());
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public void say(Order order) throws IOException {
        in.write(order.line() + "\n");
        in.flush();
    }

    /** Its next answer; null when it has died. */
    public @Nullable Reply next() throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Optional<Reply> reply = Reply.parse(line);
            if (reply.isPresent()) {
                return reply.get();
            }
        }
        return null;
    }

    /** Ends what it hears, upon which it saves and ends. */
    public void leave() {
        try {
            in.close();
        } catch (IOException e) {
            // It is dead already.
        }
    }

    /** Waits until it has ended, and makes it end if it does not. */
    public void await() {
        try {
            if (!process.waitFor(ENDING_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            listener.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Why it died, as far as that can be told. */
    public String lastWords() {
        await();
        int status = process.isAlive() ? -1 : process.exitValue();
        String how = status > 128 ? "was ended by signal " + (status - 128) : "ended with exit status " + status;
        synchronized (errors) {
            return "its process " + how + (errors.isEmpty() ? "" : ": " + String.join(" / ", errors));
        }
    }

    private void listenToErrors() {
        try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("WARNING: ") && !line.isBlank()) {
                    keep(line.strip());
                }
            }
        } catch (IOException e) {
            // It ends with the process.
        }
    }

    private void keep(String line) {
        synchronized (errors) {
            errors.add(line);
            if (errors.size() > LAST_LINES) {
                errors.remove();
            }
        }
    }
}
