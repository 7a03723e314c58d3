package hooke.cli;

import hooke.tensor.Libtorch;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code hooke doctor}: what this machine is and whether all that Hooke stands on works here. */
@Command(
        name = "doctor",
        description = "Show the machine, the JVM, the native libraries and how fast they multiply.",
        footer = {"", "Example:", "  ./hooke doctor"})
final class Doctor implements Callable<Integer> {
    private final Terminal terminal;

    Doctor(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        PrintStream out = terminal.out();
        out.println("hooke    " + Version.number());
        out.println("java     " + Runtime.version() + ", " + System.getProperty("java.vm.name"));
        out.println("system   " + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + System.getProperty("os.arch") + ", " + Runtime.getRuntime().availableProcessors() + " processors");
        out.println("natives  " + Libtorch.description());
        return Main.DONE;
    }
}
