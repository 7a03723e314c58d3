package hooke.cli.runs;

import hooke.Amounts;
import hooke.Check;
import hooke.cli.arguments.RunTags;
import hooke.cli.arguments.RunsNamed;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.config.Milestone;
import hooke.config.task.ByToken;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.Store;
import hooke.train.ResultJson;
import hooke.train.Trainer;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke ls}: the runs of a store, the oldest first. */
@Command(
        name = "ls",
        description = {
            "List runs: their progress, when they came to their milestones, and the settings that differ.",
            "--where and --sort take a setting, as --set does; run, name, seed, state, step, begun or took; a milestone: "
                    + "memorized, grokked, reached (the goal), or one that an experiment names; or a series, which means "
                    + "its last value. For milestones, =yes and =no ask whether, a number asks when."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke ls",
            "  ./hooke ls quick-grok --sort grokked",
            "  ./hooke ls --where model.d_model=64 --where 'grokked<5000'",
            "  ./hooke ls --where 'test_accuracy<0.9' --sort test_accuracy --reverse",
            "  ./hooke ls --sweep list-copy-grid --json"
        })
public final class Ls implements Callable<Exit> {
    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Parameters(
            paramLabel = "RUN",
            arity = "0..*",
            description =
                    "Only these runs: every run of an experiment (NAME, NAME-2, ...), name/seed, a pattern with *, a sweep or one of its cells.")
    private List<String> names = List.of();

    @Option(names = "--sweep", paramLabel = "SWEEP", description = "Only the runs of this sweep.")
    private String sweep = "";

    @Option(names = "--tag", paramLabel = "TAG", description = "Only runs with this tag; may be repeated.")
    private List<String> tags = List.of();

    @Option(
            names = "--where",
            paramLabel = "CONDITION",
            description = "Only runs known to meet this: KEY=VALUE, or with != < <= > >=; may be repeated.")
    private List<String> where = List.of();

    @Option(
            names = "--sort",
            paramLabel = "KEY",
            split = ",",
            description = "Sort by these keys; runs without a value come last.")
    private List<String> sort = List.of();

    @Option(names = "--reverse", description = "Reverse the order.")
    private boolean reverse;

    @Option(names = "--wide", description = "Show every column, even if the table is wider than the terminal.")
    private boolean wide;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    public Ls(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Override
    public Exit call() {
        List<RunCondition> conditions = where.stream().map(RunCondition::parse).toList();
        try (Store store = Store.openReadOnly(folder.get())) {
            var facts = new RunFacts(store);
            RunTags given = new RunTags(store);
            List<Run> runs = runs(store).stream()
                    .filter(run -> given.of(run).containsAll(tags))
                    .toList();
            checkTags(given);
            for (RunCondition condition : conditions) {
                Function<Run, Fact> fact = facts.by(condition.key(), runs);
                runs = runs.stream()
                        .filter(run -> condition.holds(fact.apply(run)))
                        .toList();
            }
            runs = sorted(runs, facts);
            boolean together = !names.isEmpty() || !sweep.isEmpty();
            Map<Long, SequencedMap<String, String>> differing = facts.differing(runs, together);
            if (json) {
                terminal.out()
                        .print(Json.text(runs.stream()
                                .map(run -> asMap(run, given.of(run), differing))
                                .toList()));
            } else {
                print(runs, facts, given, differing, together);
            }
        }
        return Exit.DONE;
    }

    private List<Run> runs(Store store) {
        if (!sweep.isEmpty()) {
            store.sweep(sweep);
        }
        List<Run> all = sweep.isEmpty() ? store.runs() : store.runsOfSweep(sweep);
        if (names.isEmpty()) {
            return all;
        }
        Set<Long> wanted = names.stream()
                .flatMap(name -> named(store, name).stream())
                .map(Run::id)
                .collect(Collectors.toSet());
        return all.stream().filter(run -> wanted.contains(run.id())).toList();
    }

    /** What an experiment of a name became is listed together: that is where settings differ. */
    private static List<Run> named(Store store, String name) {
        List<Run> ofName = store.runs().stream()
                .filter(run -> run.name().equals(name) || run.base().equals(name))
                .toList();
        return ofName.isEmpty() ? RunsNamed.whole(store, name, "ls") : ofName;
    }

    private void checkTags(RunTags given) {
        Set<String> all = given.all();
        tags.forEach(tag -> Check.that(
                all.contains(tag), "no run in %s has the tag '%s'%s", folder.get(), tag, Check.didYouMean(tag, all)));
    }

    private List<Run> sorted(List<Run> runs, RunFacts facts) {
        Comparator<Run> order = (_, _) -> 0;
        for (String key : sort) {
            Function<Run, Fact> fact = facts.by(key, runs);
            Comparator<Run> value = Comparator.<Run>comparingDouble(
                            run -> fact.apply(run).rank())
                    .thenComparing(run -> fact.apply(run).word());
            order = order.thenComparing((Run run) -> !fact.apply(run).isKnown())
                    .thenComparing(reverse ? value.reversed() : value);
        }
        List<Run> sorted = runs.stream().sorted(order).toList();
        return sort.isEmpty() && reverse ? sorted.reversed() : sorted;
    }

    private void print(
            List<Run> runs,
            RunFacts facts,
            RunTags given,
            Map<Long, SequencedMap<String, String>> differing,
            boolean together) {
        SequencedMap<String, Function<Run, String>> columns = new LinkedHashMap<>();
        columns.put("run", Run::address);
        columns.put("state", run -> state(run) + (facts.isDamaged(run) ? " (outcome damaged)" : ""));
        columns.put("step", run -> Amounts.count(run.step()));
        List<String> milestones = milestones(columns, runs, facts);
        boolean differ = facts.tokensDiffer(runs);
        columns.put(
                "test accuracy",
                run -> facts.result(run)
                        .filter(_ -> !differ || !facts.isText(run))
                        .map(r -> Ending.percent(r.last().test()))
                        .orElse(""));
        List<String> settings = settings(columns, differing, together);
        List<String> sorted = sort.stream()
                .filter(key -> Stream.of(key, key.replace('_', ' '), key.substring(key.lastIndexOf('.') + 1))
                        .noneMatch(columns::containsKey))
                .filter(key -> !RunFacts.OWN.contains(key))
                .distinct()
                .toList();
        for (String key : sorted) {
            Function<Run, Fact> fact = facts.by(key, runs);
            columns.put(key, run -> facts.shown(key, run, fact.apply(run)));
        }
        columns.put("tags", run -> String.join(" ", given.given(run)));
        columns.put("begun", run -> run.status() == Run.Status.DAMAGED ? "" : MINUTES.format(run.created()));
        columns.put("took", run -> took(run).map(Amounts::duration).orElse(""));
        if (runs.stream().allMatch(run -> given.given(run).isEmpty())) {
            columns.remove("tags");
        }
        List<String> names = List.copyOf(columns.keySet());
        var table = TextTable.of(names.toArray(String[]::new));
        runs.forEach(run ->
                table.row(columns.values().stream().map(of -> of.apply(run)).toList()));
        List<String> worth = Stream.of(
                        List.of("run"),
                        sorted,
                        List.of(Milestone.GROKKED, Milestone.REACHED, "test accuracy"),
                        settings.stream().limit(3).toList(),
                        List.of("state", "tags"),
                        milestones,
                        settings,
                        names)
                .flatMap(List::stream)
                .distinct()
                .filter(names::contains)
                .toList();
        List<Integer> kept = wide || !terminal.outShown()
                ? worth.stream().map(names::indexOf).sorted().toList()
                : table.fitting(
                        terminal.width(), worth.stream().map(names::indexOf).toList());
        terminal.out().print(table.of(kept).text(""));
        if (differ) {
            terminal.out().println(terminal.wrapped("not shown: " + ByToken.DIFFERS));
        }
        if (kept.size() < names.size()) {
            List<String> hidden = new ArrayList<>(names);
            kept.forEach(column -> hidden.remove(names.get(column)));
            terminal.out()
                    .println("not shown, for lack of space: " + String.join(", ", hidden) + " (--wide shows all)");
        }
    }

    /** A column for each milestone that one of the runs has. Returns their names. */
    private static List<String> milestones(
            SequencedMap<String, Function<Run, String>> columns, List<Run> runs, RunFacts facts) {
        Map<String, Map<Long, String>> cells = new LinkedHashMap<>();
        for (Run run : runs) {
            facts.milestones(run)
                    .forEach((name, outcome) -> cells.computeIfAbsent(name, _ -> new HashMap<>())
                            .put(run.id(), outcome.map(Ending::cell).orElse("")));
        }
        cells.forEach((name, ofRuns) -> columns.put(name, run -> ofRuns.getOrDefault(run.id(), "")));
        return List.copyOf(cells.keySet());
    }

    /** A column a setting where runs were asked for together; else what is special about each run in one. Returns the columns' names. */
    private static List<String> settings(
            SequencedMap<String, Function<Run, String>> columns,
            Map<Long, SequencedMap<String, String>> differing,
            boolean together) {
        Set<String> keys = new TreeSet<>();
        differing.values().forEach(settings -> keys.addAll(settings.keySet()));
        if (keys.isEmpty()) {
            return List.of();
        }
        Map<String, String> titles = titles(keys);
        if (!together) {
            columns.put(
                    "differs in",
                    run -> differing.getOrDefault(run.id(), new LinkedHashMap<>()).entrySet().stream()
                            .map(setting -> titles.get(setting.getKey()) + "=" + setting.getValue())
                            .collect(Collectors.joining(" ")));
            return List.of("differs in");
        }
        keys.forEach(key -> columns.put(
                titles.getOrDefault(key, key),
                run -> differing.getOrDefault(run.id(), new LinkedHashMap<>()).getOrDefault(key, "-")));
        return keys.stream().map(key -> titles.getOrDefault(key, key)).toList();
    }

    /** The last part of each key, or all of it where another ends alike. */
    private static Map<String, String> titles(Collection<String> keys) {
        Map<String, String> titles = new LinkedHashMap<>();
        for (String key : keys) {
            String end = key.substring(key.lastIndexOf('.') + 1);
            boolean isAlone = !RunFacts.OWN.contains(end)
                    && keys.stream()
                                    .filter(k -> k.equals(end) || k.endsWith("." + end))
                                    .count()
                            == 1;
            titles.put(key, isAlone ? end : key);
        }
        return titles;
    }

    static String state(Run run) {
        return run.status().name().toLowerCase(Locale.ROOT);
    }

    /** How it ended, of a run that is done. */
    static Optional<Trainer.Result> result(Run run) {
        return run.status() == Run.Status.DONE
                ? Optional.ofNullable(run.outcome()).map(ResultJson::read)
                : Optional.empty();
    }

    /** Seconds from its making to its end, of a run that one process trained without a pause. */
    static Optional<Double> took(Run run) {
        OffsetDateTime ended = run.ended();
        return ended == null || run.parts() != 1
                ? Optional.empty()
                : Optional.of(java.time.Duration.between(run.created(), ended).toMillis() / 1e3);
    }

    /** Seconds that a run took in one process without a pause; none if another program trained it. */
    static Optional<Double> took(RunReader reader) {
        return reader.isImported() ? Optional.empty() : took(reader.run());
    }

    private static Map<String, Object> asMap(
            Run run, Set<String> tags, Map<Long, SequencedMap<String, String>> differing) {
        Map<String, Object> map = asMap(run);
        map.put("tags", new LinkedHashSet<>(tags));
        map.put("differs_in", differing.getOrDefault(run.id(), new LinkedHashMap<>()));
        return map;
    }

    static Map<String, Object> asMap(Run run) {
        var map = new LinkedHashMap<String, Object>();
        map.put("run", run.address());
        map.put("state", state(run));
        map.put("step", run.step());
        map.put("hash", run.hash());
        map.put("cell", run.cellHash());
        if (run.fault() != null) {
            map.put("damaged", run.fault());
            return map;
        }
        map.put("begun", run.created().toString());
        Optional.ofNullable(run.ended()).ifPresent(ended -> map.put("ended", ended.toString()));
        Optional.ofNullable(run.outcome()).ifPresent(outcome -> map.put("result", Json.tree(outcome)));
        return map;
    }
}
