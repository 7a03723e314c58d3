package hooke.cli.runs;

import hooke.Amounts;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Sparkline;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.config.Aim;
import hooke.config.Difference;
import hooke.config.EventKind;
import hooke.config.Experiment;
import hooke.config.task.TextConfig;
import hooke.config.task.TextLoss;
import hooke.config.task.TextScore;
import hooke.store.Address;
import hooke.store.Event;
import hooke.store.Provenance;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.Store;
import hooke.store.files.Checkpoint;
import hooke.store.series.Series;
import hooke.train.ResultJson;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke show}: one run, as far as it is. */
@Command(
        name = "show",
        description = "Show a run: its outcome, settings, curves, and what is stored of it.",
        footer = {
            "",
            "Examples:",
            "  ./hooke show quick-grok",
            "  ./hooke show quick-grok/0@0",
            "  ./hooke show quick-grok/0 --json"
        })
public final class Show implements Callable<Exit> {
    private static final int CURVE = 48;
    private static final int POINTS = 4 * CURVE;

    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Parameters(
            paramLabel = "RUN",
            description = "name, name/seed or name/seed@step; a name alone means its smallest seed.")
    private String address = "";

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    public Show(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Override
    public Exit call() {
        try (Store store = Store.openReadOnly(folder.get())) {
            Address found = store.find(address);
            RunReader reader = store.read(found.run());
            if (json) {
                terminal.out().print(Json.text(asMap(reader)));
            } else {
                print(reader, found.step());
            }
        }
        return Exit.DONE;
    }

    private void print(RunReader reader, OptionalLong step) {
        Run run = reader.run();
        Experiment experiment = reader.experiment();
        PrintStream out = terminal.out();
        out.println(terminal.bold(run.address()) + "  " + Ls.state(run) + " at step " + Amounts.count(run.step())
                + " of "
                + Amounts.count(experiment.train().steps())
                + Ls.took(reader).map(s -> ", took " + Amounts.duration(s)).orElse(""));
        if (!reader.tags().isEmpty()) {
            out.println("tags: " + String.join(" ", reader.tags()));
        }
        if (!experiment.note().isEmpty()) {
            out.println(experiment.note());
        }
        out.println();
        out.print(ending(run, experiment));
        if (step.isPresent()) {
            section("at step " + Amounts.count(step.getAsLong()), at(reader, step.getAsLong()));
        }
        if (experiment.task() instanceof TextConfig text) {
            section("loss on the test set", losses(reader, text));
            section("samples", samples(reader));
        }
        section("curves", curves(reader));
        section("events", events(reader.events(), experiment));
        section("settings that are not the defaults", settings(experiment));
        out.println();
        out.print(stored(reader));
    }

    private void section(String title, TextTable table) {
        if (!table.isEmpty()) {
            terminal.out().print("\n" + terminal.bold(title) + "\n" + table.text("  "));
        }
    }

    private static String ending(Run run, Experiment experiment) {
        Optional<String> result = Ls.result(run).map(r -> Ending.of(experiment, r));
        return result.orElseGet(() -> switch (run.status()) {
            case RUNNING -> "a process of this machine is at it\n";
            case STOPPED -> "not done: ./hooke run with the same experiment continues it\n";
            case FAILED ->
                Ending.sentence("done", "not done", ResultJson.readOutcome(Objects.requireNonNull(run.outcome())))
                        + "; ./hooke run tries again from its last checkpoint\n";
            case DONE, DAMAGED -> "";
        });
    }

    /** What was measured at a step, and the checkpoint of it. */
    private static TextTable at(RunReader reader, long step) {
        var table = TextTable.headless(2);
        for (String name : reader.seriesNames()) {
            Series series = reader.series(name);
            int place = Arrays.binarySearch(series.steps(), step);
            if (place >= 0) {
                table.row(name, figure(series, place, unit(name, reader.experiment())));
            }
        }
        return table.row("weights", reader.checkpoint(step).weights().path().toString());
    }

    private static String unit(String series, Experiment experiment) {
        return series.endsWith(TextScore.BITS_PER_BYTE)
                ? "bits/byte"
                : series.endsWith(TextScore.NATS_PER_CHARACTER)
                        ? "nats/character"
                        : Series.isLoss(series) ? experiment.task().lossUnit() : "";
    }

    private static String figure(Series series, int place, String unit) {
        return (Amounts.figure(series.values()[place]) + " " + unit).stripTrailing();
    }

    /** In its three units, of the last evaluation. */
    private static TextTable losses(RunReader reader, TextConfig text) {
        var table = TextTable.headless(3);
        if (reader.seriesNames().contains("test_loss")) {
            double[] losses = reader.series("test_loss").values();
            TextScore score = TextScore.of(text, losses[losses.length - 1]);
            String coverage = "%s of %s tokens, each once"
                    .formatted(Amounts.count(score.scored()), Amounts.count(score.tokens()));
            row(table, score.natsPerToken(), coverage);
            row(table, score.natsPerCharacter(), "");
            row(table, score.bitsPerByte(), "");
        }
        return table;
    }

    private static void row(TextTable table, TextLoss loss, String coverage) {
        table.row(Amounts.figure(loss.value()), loss.unit(), coverage);
    }

    /** Of the last evaluation. */
    private static TextTable samples(RunReader reader) {
        var table = TextTable.headless(1);
        TextFigures.samples(reader).forEach(table::row);
        return table;
    }

    private static TextTable curves(RunReader reader) {
        var table = TextTable.of("series", "points", "first", "last", "", "");
        for (String name : reader.seriesNames()) {
            Series whole = reader.series(name);
            table.row(
                    name,
                    Amounts.count(whole.size()),
                    figure(whole, 0, ""),
                    figure(whole, whole.size() - 1, ""),
                    unit(name, reader.experiment()),
                    Sparkline.of(whole.thinned(POINTS), CURVE));
        }
        return table;
    }

    /** Without those that note an aim which is no story of the task. */
    private static TextTable events(List<Event> events, Experiment experiment) {
        var table = TextTable.of("step", "event", "");
        for (Event e : events) {
            if (e.is(EventKind.SAMPLES) || e.is(EventKind.TOKENIZER)) {
                continue;
            }
            Optional<Aim> aim = Aim.ofEvent(e.type(), experiment);
            if (aim.isPresent() || !Aim.isNotedBy(e.type())) {
                String name = aim.map(a -> a.done(experiment.train())).orElse(Ending.name(e.kind(), e.detail()));
                long step = Ending.happened(e.step(), e.detail());
                String noted = step == e.step() ? "" : ", noted at " + Amounts.count(e.step());
                table.row(Amounts.count(step), name, words(e.detail()) + noted);
            }
        }
        return table;
    }

    /** {@code {"last_below": 100}} as {@code last below 100}. */
    private static String words(String json) {
        return Json.tree(json).properties().stream()
                .filter(p -> !List.of("step", "name").contains(p.getKey())) // They stand before it.
                .filter(p -> !p.getKey().equals("last_below") || p.getValue().asLong() >= 0) // no look came before
                .map(p -> p.getKey().replace('_', ' ') + " " + p.getValue().asString())
                .collect(Collectors.joining(", "));
    }

    private static TextTable settings(Experiment experiment) {
        var table = TextTable.of("setting", "value", "default");
        for (Difference d : Difference.fromDefaults(experiment)) {
            String otherwise = Objects.requireNonNullElse(d.before(), "-");
            if (!List.of("name", "note").contains(d.key()) && !otherwise.equals("auto")) {
                table.row(d.key(), Objects.requireNonNullElse(d.after(), ""), otherwise);
            }
        }
        return table;
    }

    private static String stored(RunReader reader) {
        List<Checkpoint> checkpoints = reader.checkpoints();
        RunReader.DiskUse use = reader.diskUse();
        var table = TextTable.headless(2);
        if (!checkpoints.isEmpty()) {
            Checkpoint last = checkpoints.getLast();
            table.row(
                    "checkpoints",
                    "%s, steps %s to %s; %s with %s of points"
                            .formatted(
                                    Amounts.count(checkpoints.size()),
                                    Amounts.count(checkpoints.getFirst().step()),
                                    Amounts.count(last.step()),
                                    Amounts.bytes(use.checkpoints() + use.points()),
                                    Amounts.bytes(use.points())));
            table.row("newest", last.weights().path().toString());
        }
        for (Provenance part : reader.provenance()) {
            table.row("trained", "%s, %s".formatted(Amounts.moment(part.at()), part.command()));
            table.row("", "hooke %s, %s".formatted((part.hooke() + " " + part.commit()).strip(), part.libtorch()));
            table.row("", "%s, %s".formatted(part.cpu(), part.java()));
            table.row("", part.likeness());
        }
        table.row("experiment", reader.run().hash());
        return table.text("");
    }

    /** Everything that is known of it, for scripts. */
    public static Map<String, Object> asMap(RunReader reader) {
        Map<String, Object> map = Ls.asMap(reader.run());
        map.put("tags", reader.tags());
        map.put("experiment", reader.experiment().toMap());
        map.put(
                "events",
                reader.events().stream().filter(e -> !e.is(EventKind.TOKENIZER)).toList());
        var finals = new LinkedHashMap<String, Object>();
        for (String name : reader.seriesNames()) {
            Series series = reader.series(name);
            finals.put(name, Map.of("points", series.size(), "last", series.values()[series.size() - 1]));
        }
        map.put("series", finals);
        map.put(
                "checkpoints",
                reader.checkpoints().stream()
                        .map(c -> Map.of(
                                "step", c.step(),
                                "file", c.weights().path().toString(),
                                "bytes", c.weights().bytes(),
                                "sha256", c.weights().sha256(),
                                "resumable", c.state() != null))
                        .toList());
        map.put("provenance", reader.provenance());
        return map;
    }
}
