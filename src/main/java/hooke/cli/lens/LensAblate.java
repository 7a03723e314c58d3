package hooke.cli.lens;

import hooke.Amounts;
import hooke.Check;
import hooke.Decimals;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.lens.Examples;
import hooke.lens.OpenedModel;
import hooke.lens.Score;
import hooke.lens.intervene.Ablation;
import hooke.lens.intervene.Intervened;
import hooke.lens.intervene.Intervention;
import hooke.lens.intervene.InterventionFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke lens RUN ablate}: how well the model answers without a part of it, or with interventions of a file. */
@Command(
        name = "ablate",
        description = {
            "Remove parts of the model, one at a time, and measure accuracy and loss without them.",
            "With --with, all interventions in the given files are applied together. Mean and resample ablation "
                    + "draw on the same examples that are measured."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke lens list-copy/0 ablate",
            "  ./hooke lens list-copy/0 ablate edges",
            "  ./hooke lens list-copy/0 ablate --with no-positions.yaml",
            "  ./hooke lens list-copy-grid ablate --with no-positions.yaml --every-run"
        })
final class LensAblate implements Callable<Exit> {
    /** What can be taken away, by the word for it. */
    enum What {
        HEADS,
        POSITIONS,
        EDGES,
        W_POS,
        MEAN_PATTERNS
    }

    private static final String AS_IT_IS = "the model as it is";

    private final Terminal terminal;
    private final LensCommand lens;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "WHAT",
            description = "heads (default), positions, edges, w_pos or mean_patterns.")
    private What what = What.HEADS;

    @Option(names = "--with", paramLabel = "FILE", description = "A file of interventions; several files are combined.")
    private List<Path> files = List.of();

    @Option(
            names = "--examples",
            paramLabel = "N",
            description = "How many examples of the test set to use (default: all).")
    private int most = Integer.MAX_VALUE;

    @Option(
            names = "--every-run",
            description = "Do it to every seed of the run's name, of every name that fits where it has a *, or to every"
                    + " run of the sweep (or SWEEP.CELL) of that name.")
    private boolean everyRun;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    LensAblate(Terminal terminal, LensCommand lens) {
        this.terminal = terminal;
        this.lens = lens;
    }

    @Override
    public Exit call() {
        Check.that(most >= 1, "--examples (%s) must be at least 1", most);
        if (everyRun) {
            Check.that(!files.isEmpty(), "--every-run needs interventions: name a file of them with --with");
            List<LensChanges.Change> runs = new ArrayList<>();
            Exit status = lens.lookAtAll(looked -> runs.add(change(looked)));
            var changes = new LensChanges(runs);
            terminal.out().print(json ? changes.json() : changes.text());
            return status;
        }
        return lens.look(looked -> {
            Examples examples = Examples.test(looked.opened()).first(most);
            print(looked, examples, rows(looked.opened(), examples));
        });
    }

    private List<Row> rows(OpenedModel opened, Examples examples) {
        List<Row> rows = new ArrayList<>();
        rows.add(new Row(AS_IT_IS, "", Score.of(opened, examples)));
        if (files.isEmpty()) {
            ablations(opened, examples).forEach(a -> rows.add(new Row(a.part(), a.method(), a.score())));
        } else {
            List<Intervention> all = interventions(opened);
            String names = files.stream().map(Path::toString).collect(Collectors.joining(" and "));
            Score score = Intervened.of(opened, all, examples).score(examples);
            rows.add(new Row("with " + names, Amounts.of(all.size(), "change", "changes"), score));
        }
        return rows;
    }

    private List<Intervention> interventions(OpenedModel opened) {
        return files.stream()
                .flatMap(file -> InterventionFile.read(file, opened).stream())
                .toList();
    }

    private LensChanges.Change change(LensCommand.Looked looked) {
        OpenedModel opened = looked.opened();
        Examples examples = Examples.test(opened).first(most);
        Score clean = Score.of(opened, examples);
        Score with = Intervened.of(opened, interventions(opened), examples).score(examples);
        return new LensChanges.Change(
                looked.address(),
                looked.reader().run().name(),
                examples.n(),
                clean.accuracy(),
                with.accuracy(),
                clean.loss(),
                with.loss());
    }

    private record Row(String part, String method, Score score) {}

    private List<Ablation> ablations(OpenedModel opened, Examples examples) {
        return switch (what) {
            case HEADS -> Ablation.heads(opened, examples);
            case POSITIONS -> Ablation.positions(opened, examples);
            case EDGES -> Ablation.edges(opened, examples);
            case W_POS -> Ablation.positionalEmbedding(opened, examples);
            case MEAN_PATTERNS -> Ablation.meanPatterns(opened, examples);
        };
    }

    private void print(LensCommand.Looked looked, Examples examples, List<Row> rows) {
        String address = looked.address();
        if (json) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("run", address);
            map.put("examples", examples.name());
            map.put("n", examples.n());
            map.put("rows", rows);
            terminal.out().print(Json.text(map));
            return;
        }
        terminal.out().println("%s on %s, n = %s".formatted(address, examples.name(), Amounts.count(examples.n())));
        TextTable table = TextTable.of(
                "without",
                "by",
                "accuracy",
                "change",
                "loss (" + looked.opened().experiment().task().lossUnit() + ")");
        Score clean = rows.getFirst().score();
        for (Row row : rows) {
            double change = row.score().accuracy() - clean.accuracy();
            table.row(
                    row.part(),
                    row.method(),
                    Decimals.format("%.4f", row.score().accuracy()),
                    row.part().equals(AS_IT_IS) ? "" : Decimals.format("%+.4f", change),
                    Amounts.figure(row.score().loss()));
        }
        terminal.out().print(table.text("  "));
    }
}
