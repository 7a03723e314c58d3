package hooke.cli.runs;

import hooke.Amounts;
import hooke.Check;
import hooke.cli.arguments.RunTags;
import hooke.cli.arguments.RunsNamed;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.store.Run;
import hooke.store.Store;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke tag}: words that find runs again. */
@Command(
        name = "tag",
        description = {
            "Tag runs, remove tags, or show them.",
            "Tags are kept beside a run and do not change what it is; ls --tag finds runs by them. Tags from the "
                    + "experiment's file belong to the run for good, and ls --tag finds those too."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke tag quick-grok/0 baseline figure-2",
            "  ./hooke tag 'quick-grok*' sunday",
            "  ./hooke tag quick-grok/0 figure-2 --remove",
            "  ./hooke tag quick-grok"
        })
public final class Tag implements Callable<Exit> {
    private static final int SHOWN = 20;

    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "name/seed, a name for all of its seeds, a pattern with *, a sweep or one of its cells.")
    private String runs = "";

    @Parameters(
            index = "1..*",
            paramLabel = "TAG",
            description = "The tags; if none is given, the run's tags are shown.")
    private List<String> tags = List.of();

    @Option(names = "--remove", description = "Remove these tags.")
    private boolean remove;

    public Tag(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Override
    public Exit call() {
        Check.that(!(remove && tags.isEmpty()), "which tags are to be removed? name them after the run");
        // A store that is not there is not to be made.
        try (Store store = Store.openReadOnly(folder.get())) {
            List<Run> found = RunsNamed.whole(store, runs, "tag");
            if (tags.isEmpty()) {
                show(store, found);
                return Exit.DONE;
            }
        }
        try (Store store = Store.open(folder.get())) {
            List<Run> found = RunsNamed.whole(store, runs, "tag");
            if (remove) {
                checkRemovable(new RunTags(store), found);
                store.untag(found, tags);
            } else {
                store.tag(found, tags);
            }
            show(store, found);
        }
        return Exit.DONE;
    }

    private void checkRemovable(RunTags before, List<Run> found) {
        Set<String> given = new TreeSet<>();
        Set<String> all = new TreeSet<>();
        for (Run run : found) {
            given.addAll(before.given(run));
            all.addAll(before.of(run));
        }
        for (String tag : tags) {
            Check.that(
                    given.contains(tag) || !all.contains(tag),
                    "the tag '%s' is in the experiment of %s and cannot be removed",
                    tag,
                    runs);
            Check.that(given.contains(tag), "%s has no tag '%s'%s", runs, tag, Check.didYouMean(tag, given));
        }
    }

    private void show(Store store, List<Run> found) {
        var now = new RunTags(store);
        var table = TextTable.headless(2);
        found.stream()
                .limit(SHOWN)
                .forEach(run ->
                        table.row(run.address(), now.of(run).isEmpty() ? "no tags" : String.join(" ", now.of(run))));
        terminal.out().print(table.text(""));
        if (found.size() > SHOWN) {
            terminal.out().println("and " + Amounts.of(found.size() - SHOWN, "run", "runs") + " more");
        }
    }
}
