package hooke.cli.process;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** How to start this program again as a process of its own, one that trains: the same Java, flags and classes. */
public final class SameProgram {
    /** Given by the launcher: what stands before it only makes this process start sooner, and one that trains gets its value instead. */
    private static final String TRAINING = "-Dhooke.training=";

    /** Stands above this chamber, which cannot name the class itself. */
    private static final String MAIN = "hooke.cli.Main";

    private SameProgram() {}

    /** The words of a command line, those behind the program's name given. */
    public static List<String> words(String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(ProcessHandle.current().info().command().orElse("java"));
        List<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments();
        for (int i = 0; i < flags.size(); i++) {
            if (flags.get(i).startsWith(TRAINING)) {
                words.add(flags.get(i).substring(TRAINING.length()));
                flags = flags.subList(i + 1, flags.size());
            }
        }
        flags.stream()
                // The launcher's knowledge of this process' streams, and agents that watch it.
                .filter(flag -> !flag.matches("-D(hooke\\.(stderr|shown|width)|surefire\\.).*|-agent.*|-javaagent.*"))
                .forEach(words::add);
        words.add("-cp");
        words.add(System.getProperty("java.class.path"));
        words.add(MAIN);
        words.addAll(List.of(arguments));
        return words;
    }
}
