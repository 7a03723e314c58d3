package hooke.cli;

import hooke.config.Difference;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.store.Provenance;
import hooke.store.RunReader;
import hooke.store.Store;
import java.nio.file.Path;
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
            "Show the settings in which two experiments differ, and where the numbers of two runs come from.",
            "name/seed is a run; a file, or a name alone, is an experiment."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke diff list-copy list-copy-d8",
            "  ./hooke diff quick-grok quick-grok/0",
            "  ./hooke diff quick-grok/0 quick-grok/1"
        })
final class Diff implements Callable<Integer> {
    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Parameters(index = "0", paramLabel = "A", description = "An experiment or a run.")
    private String a = "";

    @Parameters(index = "1", paramLabel = "B", description = "Another.")
    private String b = "";

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    Diff(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    /** @param provenance of each process that worked on it; none where it is no run */
    private record Side(Experiment experiment, List<Provenance> provenance) {}

    @Override
    public Integer call() {
        Side left = side(a);
        Side right = side(b);
        var table = Table.of("setting", a, b);
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
        }
        if (json) {
            terminal.out().print(Json.text(table.asMaps("setting", "a", "b")));
        } else {
            terminal.out().print(table.isEmpty() ? "no difference\n" : table.text(""));
        }
        return Main.DONE;
    }

    private static void row(Table table, String what, String x, String y) {
        if (!x.equals(y)) {
            table.row(what, x, y);
        }
    }

    private Side side(String name) {
        if (!name.matches("[^/@\\s]+(/[0-9]+)(@[0-9]+)?")) {
            Experiment experiment = Experiments.named(name, ExperimentArgument.folder(), List.of());
            return new Side(experiment.resolved(Runtime.getRuntime().availableProcessors()), List.of());
        }
        try (Store store = Store.openReadOnly(folder.get())) {
            RunReader reader = store.read(WholeRun.find(store, name, "diff"));
            return new Side(reader.experiment(), reader.provenance());
        }
    }
}
