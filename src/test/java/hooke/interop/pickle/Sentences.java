package hooke.interop.pickle;

import hooke.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A process that reads every file of a folder and prints one line for each: the sentence of the refusal, or what it read. */
final class Sentences {
    private Sentences() {}

    public static void main(String[] args) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of(args[0]))) {
            files = all.sorted().toList();
        }
        for (Path file : files) {
            try (Arena arena = Arena.ofConfined()) {
                System.out.println(file + " read as " + Pth.read(file, arena).kind());
            } catch (InputException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
