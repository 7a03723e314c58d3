package hooke.cli.train;

import hooke.Amounts;
import hooke.InputException;
import hooke.cli.arguments.Target;
import hooke.cli.arguments.WholeRun;
import hooke.cli.report.RunReports;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Terminal;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.Store;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke rm}: removes runs for good. */
@Command(
        name = "rm",
        description = "Remove runs with all their points and checkpoints, after asking for confirmation.",
        footer = {"", "Examples:", "  ./hooke rm quick-grok/0", "  ./hooke rm quick-grok/0 quick-grok/1 --yes"})
public final class Rm implements Callable<Exit> {
    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Parameters(
            paramLabel = "RUN",
            arity = "1..*",
            description = "name/seed; a name alone is enough if it has only one seed.")
    private List<String> addresses = List.of();

    @Option(names = "--yes", description = "Do not ask for confirmation.")
    private boolean yes;

    public Rm(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Override
    public Exit call() {
        // A store that is not there is not to be made.
        Store.openReadOnly(folder.get()).close();
        try (Store store = Store.open(folder.get())) {
            List<Run> runs =
                    addresses.stream().map(a -> exactly(store, a)).distinct().toList();
            long bytes = runs.stream().mapToLong(run -> bytes(store.read(run))).sum();
            String names = runs.stream().map(Run::address).collect(Collectors.joining(", "));
            if (!yes && !agreed("remove %s (%s)? [y/N] ".formatted(names, Amounts.bytes(bytes)))) {
                terminal.err().println("nothing was removed");
                return Exit.DONE;
            }
            for (Run run : runs) {
                store.delete(run, RunReports.page(Target.reports(folder.get()), run));
            }
            terminal.out().println("removed %s; %s are free again".formatted(names, Amounts.bytes(bytes)));
        }
        return Exit.DONE;
    }

    /** What is to be deleted must be named without doubt: no smallest seed, no step. */
    private static Run exactly(Store store, String address) {
        Run found = WholeRun.find(store, address, "rm");
        List<String> seeds = store.runs().stream()
                .filter(run -> run.name().equals(found.name()))
                .map(Run::address)
                .toList();
        if (!address.contains("/") && seeds.size() > 1) {
            throw new InputException("which of %s? name the runs to remove".formatted(String.join(", ", seeds)));
        }
        return found;
    }

    private static long bytes(RunReader reader) {
        RunReader.DiskUse use = reader.diskUse();
        return use.checkpoints() + use.points();
    }

    private boolean agreed(String question) {
        String answer = terminal.ask(question)
                .orElseThrow(() -> new InputException("rm asks before it removes; without a terminal, give --yes"));
        return List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
    }
}
