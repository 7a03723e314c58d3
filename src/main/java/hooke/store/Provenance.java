package hooke.store;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import hooke.Jvm;
import hooke.tensor.Libtorch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where numbers come from: which program on which machine, asked how, and when. A run has one for each process that worked on it.
 *
 * @param hooke version
 * @param commit of the program's own sources, or empty
 * @param cores that this process may use
 * @param libtorch version with what else tells builds apart
 * @param instructions of the processor that the libraries and Java compute with, as {@code OpenBLAS Zen, Java 256 bits}; empty where an older
 *     Hooke stored none
 * @param command line as typed, or what takes its place
 * @param at with the zone of the machine
 */
public record Provenance(
        String hooke,
        String commit,
        String java,
        String os,
        String cpu,
        int cores,
        String libtorch,
        String openblas,

        @JsonSetter(nulls = Nulls.AS_EMPTY) String instructions,

        String command,
        OffsetDateTime at) {
    private static final Pattern OF_LIBTORCH = Pattern.compile("\\((\\w+)\\)$");
    private static final Pattern OF_OPENBLAS = Pattern.compile("(\\w+) MAX_THREADS");

    /** This machine and moment; the rest only the caller knows. */
    public static Provenance here(
            String hooke, String commit, String libtorch, String openblas, String command, Clock clock) {
        return new Provenance(
                hooke,
                commit,
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                cpuModel(),
                Runtime.getRuntime().availableProcessors(),
                libtorch,
                openblas,
                Libtorch.instructions() + ", " + Jvm.instructions(),
                command,
                OffsetDateTime.now(clock));
    }

    /** This provenance at another moment: of a process that works on several runs. */
    public Provenance at(OffsetDateTime moment) {
        return new Provenance(hooke, commit, java, os, cpu, cores, libtorch, openblas, instructions, command, moment);
    }

    /**
     * What machines must have in common for equal experiments to give equal bytes. Whoever hands out the runs of a sweep can ask for it to
     * be the same on all of them.
     */
    public String likeness() {
        return instructions.isEmpty()
                ? Stream.of(part("libtorch", OF_LIBTORCH, libtorch), part("OpenBLAS", OF_OPENBLAS, openblas))
                        .flatMap(Optional::stream)
                        .collect(Collectors.joining(", "))
                : instructions;
    }

    private static Optional<String> part(String name, Pattern pattern, String description) {
        Matcher found = pattern.matcher(description);
        return found.find() ? Optional.of(name + " " + found.group(1)) : Optional.empty();
    }

    /** As the machine calls its processor: Linux tells in a file, Windows in the environment, and elsewhere the architecture must do. */
    private static String cpuModel() {
        Path linux = Path.of("/proc/cpuinfo");
        if (Files.isReadable(linux)) {
            try (Stream<String> lines = Files.lines(linux)) {
                return lines.filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse(System.getProperty("os.arch"));
            } catch (IOException e) {
                return System.getProperty("os.arch");
            }
        }
        String windows = System.getenv("PROCESSOR_IDENTIFIER");
        return windows == null ? System.getProperty("os.arch") : windows;
    }
}
