package hooke;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Java processes of their own with the classes under test. */
public final class JavaProcess {
    private JavaProcess() {}

    /** This process' class path, also where the test runner hides it in a jar. */
    public static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** The command that starts one, with native access; it can be added to. */
    public static List<String> command(List<String> jvm, String mainClass, String... words) {
        return new ArrayList<>(Stream.of(
                        List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                                .toString()),
                        jvm,
                        List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath(), mainClass),
                        List.of(words))
                .flatMap(List::stream)
                .toList());
    }
}
