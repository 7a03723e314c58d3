package hooke.cli.runs;

import hooke.Amounts;
import hooke.Check;
import hooke.cli.arguments.ArchiveRules;
import hooke.cli.arguments.RunsNamed;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Terminal;
import hooke.place.Place;
import hooke.store.Run;
import hooke.store.Store;
import hooke.store.archive.Archive;
import hooke.sweep.share.SharedRuns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke sync}: finished runs from a place that machines share, or to it. */
@Command(
        name = "sync",
        description = {
            "Bring finished runs from a shared place into the store, or send them there with --to.",
            "A place is a folder, or s3://BUCKET/PREFIX. Runs that are there already are left alone, damaged ones are named "
                    + "and skipped, and it can be repeated at any time."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke sync /mnt/lab/hooke",
            "  ./hooke sync --to s3://lab/hooke quick-grok",
            "",
            "An S3-compatible store is found and entered as by Amazon's own tools: AWS_ENDPOINT_URL, AWS_REGION,",
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE and ~/.aws."
        })
public final class SyncCommand implements Callable<Exit> {
    /** What somebody stores right now has no name yet, and takes less. */
    private static final Duration OLD = Duration.ofDays(1);

    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Parameters(
            paramLabel = "PLACE | RUN",
            arity = "0..*",
            description =
                    "The place to bring runs from; with --to, the runs: name/seed, a name for all its seeds, or a sweep.")
    private List<String> words = List.of();

    @Option(
            names = "--to",
            paramLabel = "PLACE",
            description = "Send runs to this place, which is made if there is none.")
    private @Nullable String to;

    @Option(
            names = "--checkpoints",
            paramLabel = "WHICH",
            description = "Which checkpoints to send: none, last or all (default: last).")
    private Archive.@Nullable Checkpoints checkpoints;

    @Option(
            names = "--tidy",
            description =
                    "Then remove from the place what no run needs any more, such as replaced checkpoints, if it is older than a day.")
    private boolean tidy;

    public SyncCommand(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Override
    public Exit call() {
        if (to != null) {
            Check.that(!words.isEmpty(), "sync --to %s needs the runs to send", to);
            send(to);
            return Exit.DONE;
        }
        Check.that(
                words.size() == 1,
                "sync needs the one place to bring runs from: a folder or s3://BUCKET/PREFIX; --to sends runs to one");
        Check.that(checkpoints == null, "--checkpoints says what --to sends; what comes has those that were sent");
        return bring(words.getFirst());
    }

    private void send(String place) {
        try (Store store = Store.openReadOnly(folder.get())) {
            List<Run> found = words.stream()
                    .flatMap(word -> RunsNamed.whole(store, word, "sync").stream())
                    .distinct()
                    .toList();
            List<Run> done = found.stream()
                    .filter(run -> run.status() == Run.Status.DONE)
                    .toList();
            Check.that(!done.isEmpty(), "none of these runs is done, and only finished runs can be sent");
            try (Place opened = Place.make(place)) {
                var shared = new SharedRuns(opened, temporary());
                var which = checkpoints == null ? Archive.Checkpoints.LAST : checkpoints;
                long sent = done.stream()
                        .filter(run -> shared.send(store, run, which))
                        .count();
                long open = found.size() - done.size();
                terminal.out()
                        .println("%s sent, %s there already%s"
                                .formatted(
                                        Amounts.of(sent, "run", "runs"),
                                        Amounts.count(done.size() - sent),
                                        open == 0 ? "" : "; " + Amounts.count(open) + " more are not done and stay"));
                tidy(opened);
            }
        }
    }

    private Exit bring(String place) {
        try (Place opened = Place.open(place);
                Store store = Store.open(folder.get())) {
            var shared = new SharedRuns(opened, temporary());
            Set<String> here = store.runs().stream()
                    .filter(run -> run.status() == Run.Status.DONE)
                    .map(Run::hash)
                    .collect(Collectors.toSet());
            List<String> all = shared.hashes();
            var counts = new Counts();
            all.stream().filter(hash -> !here.contains(hash)).forEach(hash -> bring(shared, store, hash, counts));
            terminal.out()
                    .println(counts.text(all.stream().filter(here::contains).count()));
            tidy(opened);
            return counts.damaged == 0 ? Exit.DONE : Exit.FAILED;
        }
    }

    private static Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    private void tidy(Place place) {
        if (tidy) {
            int removed = place.tidy(OLD);
            terminal.out()
                    .println(Amounts.of(removed, "object", "objects") + " no longer needed removed from " + place);
        }
    }

    private static final class Counts {
        private int added;
        private int there;
        private int busy;
        private int damaged;

        String text(long before) {
            return Stream.of(
                            Optional.of(Amounts.of(added, "run", "runs") + " added"),
                            Optional.of(Amounts.count(there + before) + " there already"),
                            Optional.of(Amounts.count(busy) + " being trained here right now")
                                    .filter(_ -> busy > 0),
                            Optional.of(Amounts.count(damaged) + " damaged").filter(_ -> damaged > 0))
                    .flatMap(Optional::stream)
                    .collect(Collectors.joining(", "));
        }
    }

    private void bring(SharedRuns shared, Store store, String hash, Counts counts) {
        switch (shared.bring(hash, store, ArchiveRules.all()).orElse(null)) {
            case null -> {} // Somebody has taken it away.
            case Archive.Imported(int added, int there, int busy) -> {
                counts.added += added;
                counts.there += there;
                counts.busy += busy;
            }
            case Archive.Damaged(String why) -> {
                counts.damaged++;
                terminal.err().println("hooke: run " + hash + " was not taken: " + why);
            }
        }
    }
}
