package hooke.store;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * The process that took a run's lock, as the database remembers it: for sentences and lists alone, for it may be dead. Whether a run is
 * free, the lock tells.
 *
 * @param process differs between any two processes, also where one got the number of the other
 */
record Owner(long pid, String process, Instant since) {
    private static final String THIS_PROCESS = UUID.randomUUID().toString();

    /** A process' start is known to the second, by a clock that may have been set since. */
    private static final Duration TOLERANCE = Duration.ofSeconds(10);

    static Owner self(Instant now) {
        return new Owner(ProcessHandle.current().pid(), THIS_PROCESS, now);
    }

    static Owner parse(String text) {
        String[] words = text.split(" ", 3);
        return new Owner(Long.parseLong(words[0]), words[1], Instant.parse(words[2]));
    }

    @Override
    public String toString() {
        return pid + " " + process + " " + since;
    }

    boolean isThisProcess() {
        return process.equals(THIS_PROCESS);
    }

    /** Whether it still runs, as seen from this machine: a process of that number that began before it took the lock. */
    boolean isAlive() {
        return isThisProcess()
                || ProcessHandle.of(pid)
                        .filter(ProcessHandle::isAlive)
                        .flatMap(p -> p.info().startInstant())
                        .map(start -> !start.isAfter(since.plus(TOLERANCE)))
                        .orElse(false);
    }
}
