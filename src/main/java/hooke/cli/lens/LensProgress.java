package hooke.cli.lens;

import hooke.Amounts;
import hooke.cli.terminal.Csv;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.lens.fourier.Dissection;
import hooke.lens.fourier.Film;
import hooke.lens.fourier.Frame;
import hooke.lens.fourier.Phases;
import hooke.lens.fourier.ProgressLosses;
import hooke.lens.fourier.ProgressLosses.Definition;
import hooke.lens.fourier.Snapshot;
import hooke.store.RunReader;
import hooke.store.files.Checkpoint;
import hooke.train.StoredTraining;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hooke lens RUN progress}: the progress measures of a grokking run at every checkpoint. */
@Command(
        name = "progress",
        description = {
            "Measure a run of modular arithmetic or permutations at every checkpoint.",
            "Loss, restricted and excluded loss with the key frequencies of the last checkpoint, Gini "
                    + "coefficients, the sum of squared weights; and the phases of the run."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke lens quick-grok progress",
            "  ./hooke lens quick-grok progress --per-key --csv > progress.csv"
        })
final class LensProgress implements Callable<Exit> {
    private final Terminal terminal;
    private final LensCommand lens;

    @Mixin
    private final LensSpectrum.KeyOptions keys = new LensSpectrum.KeyOptions();

    @Option(names = "--csv", description = "Print CSV.")
    private boolean csv;

    @Option(names = "--json", description = "Print JSON: every spectrum of every checkpoint.")
    private boolean json;

    LensProgress(Terminal terminal, LensCommand lens) {
        this.terminal = terminal;
        this.lens = lens;
    }

    /** A series of the time series, by its name. */
    private record Column(String name, ToDoubleFunction<Snapshot> value) {}

    @Override
    public Exit call() {
        hooke.Check.that(!(csv && json), "progress prints --csv or --json, not both");
        return lens.whole("RUN progress", reader -> {
            Dissection dissection = Dissection.of(reader.experiment(), StoredTraining.split(reader));
            List<Snapshot> snapshots = film(terminal, dissection, reader.checkpoints(), keys).stream()
                    .map(Frame::snapshot)
                    .toList();
            List<Column> columns = columns(dissection, snapshots.getLast());
            if (json) {
                printJson(reader, dissection, snapshots);
            } else if (csv) {
                printCsv(columns, snapshots);
            } else {
                print(reader, dissection, columns, snapshots);
            }
        });
    }

    /** Measures every checkpoint on all cores, and says how far it is where a terminal shows that. */
    static List<Frame> film(
            Terminal terminal, Dissection dissection, List<Checkpoint> checkpoints, LensSpectrum.KeyOptions keys) {
        int[] done = new int[1];
        return Film.of(
                dissection,
                checkpoints,
                keys.keys(),
                keys.perKey(),
                Runtime.getRuntime().availableProcessors(),
                frame -> {
                    done[0]++;
                    if (terminal.errShown()) {
                        terminal.err()
                                .print("\r\u001b[Kmeasured %s of %s checkpoints".formatted(done[0], checkpoints.size())
                                        + (done[0] == checkpoints.size() ? "\n" : ""));
                        terminal.err().flush();
                    }
                });
    }

    static Phases phases(RunReader reader) {
        return Phases.of(
                reader.series("train_accuracy"),
                reader.series("test_loss"),
                reader.series("test_accuracy"),
                reader.experiment().train().milestones().threshold());
    }

    private static List<Column> columns(Dissection dissection, Snapshot last) {
        var columns = new ArrayList<>(List.of(
                new Column("train_loss", s -> s.full().train()),
                new Column("test_loss", s -> s.full().test())));
        for (ProgressLosses l : last.losses()) {
            Definition of = l.definition();
            String name = of == Definition.LOGITS ? "" : "_neurons";
            columns.add(new Column("restricted" + name, s -> losses(s, of).restricted()));
            columns.add(new Column("excluded" + name, s -> losses(s, of).excluded()));
            for (int i = 0; i < l.excludedPerKey().length; i++) {
                int key = i;
                String part = dissection
                        .group()
                        .group()
                        .irreps()
                        .get(last.keys().get(i))
                        .name();
                columns.add(
                        new Column("without_" + part + name, s -> losses(s, of).excludedPerKey()[key]));
            }
        }
        columns.add(new Column("gini_W_E", s -> s.embedding().gini()));
        if (last.neuronLogit().isPresent()) {
            columns.add(
                    new Column("gini_W_L", s -> s.neuronLogit().orElseThrow().gini()));
        }
        columns.add(new Column("logits_explained", s -> s.fit().explained()));
        columns.add(new Column("squared_weights", Snapshot::sumOfSquares));
        return columns;
    }

    private static ProgressLosses losses(Snapshot snapshot, Definition definition) {
        return snapshot.losses(definition).orElseThrow();
    }

    private void print(RunReader reader, Dissection dissection, List<Column> columns, List<Snapshot> snapshots) {
        var head = new ArrayList<>(List.of("step"));
        columns.forEach(c -> head.add(c.name().replace('_', ' ')));
        TextTable table = TextTable.of(head.toArray(String[]::new));
        for (Snapshot snapshot : snapshots) {
            var row = new ArrayList<>(List.of(Amounts.count(snapshot.step())));
            columns.forEach(c -> row.add(Amounts.figure(c.value().applyAsDouble(snapshot))));
            table.row(row);
        }
        terminal.out().print(table.text(""));
        Snapshot last = snapshots.getLast();
        terminal.out()
                .println(
                        last.keys().isEmpty()
                                ? "no restricted or excluded loss: nothing is key at the last checkpoint; --keys names what to take for it"
                                : "key at the last checkpoint: "
                                        + String.join(
                                                ", ",
                                                last.keys().stream()
                                                        .map(k -> dissection
                                                                .group()
                                                                .group()
                                                                .irreps()
                                                                .get(k)
                                                                .name())
                                                        .toList()));
        Phases phases = phases(reader);
        terminal.out()
                .println("memorization ends at %s, circuit formation at %s, clean-up at %s"
                        .formatted(
                                phases.ended(phases.memorized(), Amounts::count),
                                phases.ended(phases.formed(), Amounts::count),
                                phases.ended(phases.cleanedUp(), Amounts::count)));
        terminal.out().println(phases.rule());
    }

    private void printCsv(List<Column> columns, List<Snapshot> snapshots) {
        var out = terminal.out();
        out.print("step," + Csv.line(columns.stream().map(Column::name).toList()));
        for (Snapshot snapshot : snapshots) {
            var line = new StringBuilder(Long.toString(snapshot.step()));
            columns.forEach(c -> line.append(',')
                    .append(String.format(Locale.ROOT, "%s", c.value().applyAsDouble(snapshot))));
            out.print(line.append('\n'));
        }
    }

    private void printJson(RunReader reader, Dissection dissection, List<Snapshot> snapshots) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("run", reader.run().address());
        map.put("axis", dissection.group().axis());
        map.put("phases", phases(reader));
        map.put("checkpoints", snapshots.stream().map(LensSpectrum::measures).toList());
        terminal.out().print(Json.text(map));
    }
}
