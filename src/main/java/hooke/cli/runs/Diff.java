package hooke.cli.runs;

import hooke.Check;
import hooke.InputException;
import hooke.cli.arguments.ExperimentArgument;
import hooke.cli.arguments.SweepArgument;
import hooke.cli.arguments.WholeRun;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.config.Difference;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.store.Provenance;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke diff}: in what two experiments, files or runs, differ. */
@Command(
        name = "diff",
        description = {
            "Show the settings in which two runs or experiments differ, and where two runs came from.",
            "name/seed is a run; a file is an experiment. A name alone means the run of that name with the "
                    + "smallest seed. It means the experiment if there is no such run, or if the other side is a run of "
                    + "that name. The table's header says which was taken."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke diff quick-grok/0 quick-grok/1",
            "  ./hooke diff list-copy list-copy-d8",
            "  ./hooke diff quick-grok quick-grok/0     the experiment as its file is now, and the run"
        })
public final class Diff implements Callable<Exit> {
    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Parameters(index = "0", paramLabel = "RUN|EXPERIMENT", description = "A run or an experiment.")
    private String a = "";

    @Parameters(index = "1", paramLabel = "RUN|EXPERIMENT", description = "What to compare it with.")
    private String b = "";

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    public Diff(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    /** @param provenance of each process that worked on it; none where it is no run */
    private record Side(String title, Experiment experiment, List<Provenance> provenance) {}

    @Override
    public Exit call() {
        Side left = side(a, b);
        Side right = side(b, a);
        var table = TextTable.of("setting", left.title(), right.title());
        for (Difference d : Difference.between(left.experiment(), right.experiment())) {
            table.row(d.key(), Objects.requireNonNullElse(d.before(), "-"), Objects.requireNonNullElse(d.after(), "-"));
        }
        if (!left.provenance().isEmpty() && !right.provenance().isEmpty()) {
            Provenance x = left.provenance().getLast();
            Provenance y = right.provenance().getLast();
            row(table, "hooke", x.hooke() + " " + x.commit(), y.hooke() + " " + y.commit());
            row(table, "java", x.java(), y.java());
            row(table, "system", x.os(), y.os());
            row(table, "processor", x.cpu(), y.cpu());
            row(table, "libtorch", x.libtorch(), y.libtorch());
            row(table, "openblas", x.openblas(), y.openblas());
            row(table, "instructions", x.likeness(), y.likeness());
        }
        if (json) {
            terminal.out().print(Json.text(table.asMaps("setting", "a", "b")));
        } else if (table.isEmpty()) {
            terminal.out().println("no difference between %s and %s".formatted(left.title(), right.title()));
        } else {
            terminal.out().print(table.text(""));
        }
        return Exit.DONE;
    }

    private static void row(TextTable table, String what, String x, String y) {
        if (!x.equals(y)) {
            table.row(what, x, y);
        }
    }

    private Side side(String name, String other) {
        boolean isFile = name.matches("(?i).*\\.ya?ml");
        boolean isRun = !isFile && name.matches("[^/@\\s]+(/[0-9]+)(@[0-9]+)?");
        if (isFile || !isRun && other.startsWith(name + "/")) {
            return experiment(name);
        }
        if (!isRun && !Files.exists(folder.get().resolve("hooke.db"))) {
            return experiment(name);
        }
        try (Store store = Store.openReadOnly(folder.get())) {
            if (!isRun && store.runs(name).isEmpty()) {
                checkIsExperiment(name, store);
                return experiment(name);
            }
            RunReader reader = store.read(WholeRun.find(store, name, "diff"));
            return new Side(reader.run().address(), reader.experiment(), reader.provenance());
        }
    }

    private static Side experiment(String nameOrFile) {
        Experiment experiment = Experiments.named(nameOrFile, ExperimentArgument.folder(), List.of());
        return new Side(
                SweepArgument.isPath(nameOrFile) ? nameOrFile : "experiment " + nameOrFile,
                experiment.resolved(Runtime.getRuntime().availableProcessors()),
                List.of());
    }

    /** A misspelt name may have been meant as either. */
    private static void checkIsExperiment(String name, Store store) {
        List<String> names = new ArrayList<>(Experiments.names(ExperimentArgument.folder()));
        boolean isPath = name.contains("/") || Files.exists(Path.of(name));
        if (!isPath && !names.contains(name)) {
            store.runs().stream().map(Run::name).distinct().forEach(names::add);
            throw new InputException("there is no run in %s and no experiment called '%s'%s"
                    .formatted(store.folder(), name, Check.didYouMean(name, names)));
        }
    }
}
