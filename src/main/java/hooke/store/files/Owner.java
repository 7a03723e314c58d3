package hooke.store.files;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * The process that took a run's lock, as the database remembers it: for sentences and lists alone, for it may be dead. Whether a run is
 * free, the lock tells.
 *
 * @param process differs between any two processes, also where one got the number of the other
 * @param started when the process did, as its machine tells
 */
public record Owner(long pid, String process, Instant started) {
    private static final String THIS_PROCESS = UUID.randomUUID().toString();

    /** A process' start is reckoned from the machine's, by a clock that is corrected now and then. */
    private static final Duration TOLERANCE = Duration.ofSeconds(10);

    public static Owner self() {
        ProcessHandle self = ProcessHandle.current();
        return new Owner(self.pid(), THIS_PROCESS, started(self));
    }

    public static Owner parse(String text) {
        String[] words = text.split(" ", 3);
        return new Owner(Long.parseLong(words[0]), words[1], Instant.parse(words[2]));
    }

    @Override
    public String toString() {
        return pid + " " + process + " " + started;
    }

    public boolean isThisProcess() {
        return process.equals(THIS_PROCESS);
    }

    /** Whether it still runs, as seen from this machine: a process of that number that started then. */
    public boolean isAlive() {
        return isThisProcess()
                || ProcessHandle.of(pid)
                        .filter(ProcessHandle::isAlive)
                        .filter(p -> Duration.between(started(p), started).abs().compareTo(TOLERANCE) <= 0)
                        .isPresent();
    }

    private static Instant started(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }
}
