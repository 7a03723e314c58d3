package hooke.sweep.work;

import hooke.JavaProcess;
import hooke.store.Provenance;
import hooke.store.Store;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A worker as the program has them, with faults planted in it: arguments are the store, a folder for notes, and LABEL=FAULT. */
public final class PlantedWorker {
    public static final Provenance HERE = new Provenance(
            "test",
            "",
            "java",
            "os",
            "cpu",
            1,
            "torch",
            "blas",
            "",
            "test",
            OffsetDateTime.parse("2026-01-01T00:00:00Z"));

    private PlantedWorker() {}

    /** The command that starts it; what begins with a dash is for the JVM. */
    static List<String> command(Path store, Path notes, String... faults) {
        List<String> command = JavaProcess.command(
                Stream.of(faults).filter(f -> f.startsWith("-")).toList(),
                PlantedWorker.class.getName(),
                store.toString(),
                notes.toString());
        Stream.of(faults).filter(f -> !f.startsWith("-")).forEach(command::add);
        return command;
    }

    public static void main(String[] args) throws IOException {
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        var asked = new AtomicInteger();
        var fault = new String[] {""};
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)) {
            @Override
            public String readLine() throws IOException {
                String line = super.readLine();
                fault[0] = "";
                asked.set(0);
                for (int i = 2; line != null && i < args.length; i++) {
                    String[] planted = args[i].split("=");
                    if (line.contains("\"" + planted[0] + "\"")) {
                        fault[0] = planted[1];
                        Files.writeString(Path.of(args[1], planted[0] + "-" + System.nanoTime()), "");
                        act(planted[1], Path.of(args[1], planted[0] + ".once"));
                    }
                }
                return line;
            }
        };
        try (Store store = Store.open(Path.of(args[0]))) {
            Worker.work(store, HERE, in, out::println, (_, recorder) -> recorder, () -> {
                // Asked once before the training, and then once a step.
                if (fault[0].equals("throw") && asked.incrementAndGet() > 2) {
                    throw new IllegalStateException("planted");
                }
                return false;
            });
        }
    }

    private static void act(String fault, Path once) throws IOException {
        boolean first = !Files.exists(once);
        Files.writeString(once, "");
        if (fault.equals("die") || fault.equals("die-once") && first) {
            System.err.println("a planted death");
            Runtime.getRuntime().halt(134);
        }
    }
}
