package hooke.cli;

import java.lang.reflect.InvocationTargetException;
import java.util.Objects;

/** {@code hooke java FILE.java}: what {@code java FILE.java} does, once the error stream is what the user sees. */
final class SourceProgram {
    /** Java's own, which the launcher lets us see. */
    private static final String LAUNCHER = "com.sun.tools.javac.launcher.SourceLauncher";

    private SourceProgram() {}

    public static void main(String[] args) throws Throwable {
        StandardError.takeBack();
        try {
            Class.forName(LAUNCHER).getMethod("main", String[].class).invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }
}
