package hooke.cli.report;

import hooke.Amounts;
import hooke.Check;
import hooke.InputException;
import hooke.cli.arguments.RunsNamed;
import hooke.cli.arguments.SweepArgument;
import hooke.cli.arguments.SweepVariation;
import hooke.cli.sweeps.Measuring;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Terminal;
import hooke.store.Address;
import hooke.store.Run;
import hooke.store.Store;
import hooke.sweep.Sweep;
import hooke.sweep.measures.Capacity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hooke report}: a run or a sweep as one page, and its plots as pictures. */
@Command(
        name = "report",
        description = {
            "Write a self-contained HTML page about a run, several runs side by side, or a sweep.",
            "For a run: curves, events, settings, attention patterns, checkpoints, provenance. For several runs: "
                    + "overlaid curves, the settings that differ, outcomes, provenance. For a sweep: cells and seeds, "
                    + "learning curves, survival curves, which settings matter, capacity. --png or --svg also writes the "
                    + "plots as pictures."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke report quick-grok",
            "  ./hooke report quick-grok/0 quick-grok-2/0 --png",
            "  ./hooke report 'quick-grok*'",
            "  ./hooke report list-copy/0@500 --svg --out pages",
            "  ./hooke report capacity.yaml --by model.n_heads"
        })
public final class ReportCommand implements Callable<Exit> {
    private static final List<String> OF_A_RUN = List.of("--out", "--png", "--svg", "--json", "--store");

    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Parameters(
            paramLabel = "RUN|SWEEP",
            arity = "1..*",
            description = {
                "A run: name, name/seed or name/seed@step (attention is shown at that step, else at the last checkpoint). "
                        + "A sweep: its file or name. Several names, or a pattern with *, are runs to compare: "
                        + "name/seed, or a name for all its seeds."
            })
    private List<String> words = List.of();

    private String address = "";

    @Mixin
    private ReportOptions files = new ReportOptions();

    @Option(
            names = "--by",
            paramLabel = "KEY",
            split = ",",
            description =
                    "For sweeps: settings to pool by, one curve per value (default: one curve per cell, coloured by layers and width or by what matters most).")
    private List<String> by = List.of();

    @Option(names = "--runs", description = "For sweeps: also write a page for each run and link to it.")
    private boolean runs;

    @Mixin
    private SweepVariation variation = new SweepVariation();

    @Mixin
    private Measuring measuring = new Measuring();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli fills it
    private CommandSpec spec;

    public ReportCommand(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Override
    public Exit call() {
        files.folder(folder.get());
        files.write(
                words.size() > 1 || words.getFirst().contains("*") ? comparison() : one(words.getFirst()),
                folder.get(),
                terminal);
        return Exit.DONE;
    }

    private Report one(String word) {
        address = word;
        Optional<Sweep> sweep = sweep();
        return sweep.isPresent() ? report(sweep.get()) : report();
    }

    /** Of a pattern that one run fits, the report of that run. */
    private Report comparison() {
        for (String word : words) {
            Check.that(
                    !word.matches("(?i).*\\.ya?ml"),
                    "%s is a file, and a report compares runs: name runs that the store has",
                    word);
        }
        checkOptions("several runs");
        try (Store store = Store.openReadOnly(folder.get())) {
            List<Run> runs = words.stream()
                    .flatMap(word -> RunsNamed.whole(store, word, "a comparison").stream())
                    .distinct()
                    .toList();
            return runs.size() == 1
                    ? RunReports.of(store, new Address(runs.getFirst(), OptionalLong.empty()))
                    : RunReports.of(store, runs, files.folder(folder.get()));
        }
    }

    /** The sweep of that name, if no run has it. */
    private Optional<Sweep> sweep() {
        boolean isFile = address.matches("(?i).*\\.ya?ml");
        if (!isFile && (address.contains("/") || address.contains("@"))) {
            return Optional.empty();
        }
        boolean isRun = false;
        if (!isFile) {
            try (Store store = Store.openReadOnly(folder.get())) {
                isRun = !store.runs(address).isEmpty();
            }
        }
        return isRun ? Optional.empty() : SweepArgument.trained(address, folder.get(), variation.options());
    }

    /** A name that neither a run nor a sweep has, and an option that only sweeps have, are refused. */
    private void checkName(Store store) {
        if (!address.contains("/")
                && !address.contains("@")
                && store.runs(address).isEmpty()) {
            List<String> names = new ArrayList<>(SweepArgument.names(folder.get()));
            store.runs().forEach(run -> names.add(run.name()));
            throw new InputException("there is no run in %s and no sweep called '%s'%s"
                    .formatted(folder.get(), address, Check.didYouMean(address, names)));
        }
        checkOptions("a run, as " + address + " is");
    }

    private void checkOptions(String what) {
        for (OptionSpec given : spec.commandLine().getParseResult().matchedOptions()) {
            Check.that(
                    OF_A_RUN.contains(given.longestName()),
                    "%s is for the report of a sweep, not of %s",
                    given.longestName(),
                    what);
        }
    }

    private Report report(Sweep sweep) {
        Capacity capacity = measuring.capacity();
        Measuring.Measured measured = measuring.measure(sweep, folder.get());
        Path pages = files.folder(folder.get());
        if (runs) {
            List<Run> begun = SweepReports.runs(measured.measures());
            try (Store store = Store.openReadOnly(folder.get())) {
                begun.forEach(
                        run -> RunReports.of(store, store.find(run.address())).writePage(pages));
            }
            terminal.err().println("pages of " + Amounts.of(begun.size(), "run", "runs") + " written to " + pages);
        }
        return SweepReports.of(measured, capacity, by, pages);
    }

    private Report report() {
        try (Store store = Store.openReadOnly(folder.get())) {
            checkName(store);
            return RunReports.of(store, store.find(address));
        }
    }
}
