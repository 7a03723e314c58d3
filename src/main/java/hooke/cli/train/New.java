package hooke.cli.train;

import hooke.Check;
import hooke.InputException;
import hooke.Reason;
import hooke.cli.arguments.ExperimentArgument;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Terminal;
import hooke.config.Experiments;
import hooke.config.Template;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke new}: a first experiment file, which explains itself. */
@Command(
        name = "new",
        description = "Write an experiment file with every key, its value and its meaning.",
        footer = {
            "",
            "Examples:",
            "  ./hooke new my-study.yaml",
            "  ./hooke new my-copy.yaml --task list-copy",
            "  ./hooke new wider.yaml --from quick-grok"
        })
public final class New implements Callable<Exit> {
    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", description = "The file to write; it must not exist yet.")
    private Path file = Path.of("");

    static final class Tasks extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Tasks() {
            super(Template.tasks());
        }
    }

    @Option(
            names = "--task",
            paramLabel = "KIND",
            completionCandidates = Tasks.class,
            description = "The task: ${COMPLETION-CANDIDATES} (default: modular-arithmetic).")
    private String task = "";

    @Option(
            names = "--from",
            paramLabel = "EXPERIMENT",
            description = "Start from another experiment, given by file or name.")
    private String from = "";

    public New(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Exit call() {
        String name = String.valueOf(file.getFileName());
        Check.that(name.endsWith(".yaml"), "%s must be a file whose name ends with .yaml", file);
        Check.that(task.isEmpty() || from.isEmpty(), "--task and --from are two ways to begin: give one");
        String text = from.isEmpty()
                ? Template.first(
                        name.substring(0, name.length() - ".yaml".length()),
                        task.isEmpty() ? "modular-arithmetic" : task)
                : Template.of(Experiments.named(from, ExperimentArgument.folder(), List.of()));
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new InputException(file + " exists already; name another file", e);
        } catch (NoSuchFileException e) {
            throw new InputException(file + " cannot be written: there is no folder " + file.getParent(), e);
        } catch (IOException e) {
            throw new InputException(file + " cannot be written: " + Reason.of(e), e);
        }
        terminal.out().println("wrote %s; ./hooke explain %s shows what it is".formatted(file, file));
        return Exit.DONE;
    }
}
