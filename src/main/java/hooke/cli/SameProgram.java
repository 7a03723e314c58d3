package hooke.cli;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** How to start this program again as a process of its own: the same Java, flags and classes. */
final class SameProgram {
    private SameProgram() {}

    /** The words of a command line, those behind the program's name given. */
    static List<String> words(String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(ProcessHandle.current().info().command().orElse("java"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                // The launcher's knowledge of this process' streams, and agents that watch it.
                .filter(flag -> !flag.matches("-D(hooke\\.(stderr|shown|width)|surefire\\.).*|-agent.*|-javaagent.*"))
                .forEach(words::add);
        words.add("-cp");
        words.add(System.getProperty("java.class.path"));
        words.add(Main.class.getName());
        words.addAll(List.of(arguments));
        return words;
    }
}
