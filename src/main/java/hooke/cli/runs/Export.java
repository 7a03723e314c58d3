package hooke.cli.runs;

import hooke.Check;
import hooke.InputException;
import hooke.cli.arguments.LogOption;
import hooke.cli.arguments.Target;
import hooke.cli.arguments.WholeRun;
import hooke.cli.terminal.Csv;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.interop.RunExport;
import hooke.interop.RunExport.Form;
import hooke.store.Address;
import hooke.store.RunReader;
import hooke.store.Store;
import hooke.store.files.Checkpoint;
import hooke.store.series.Series;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke export}: every point of a run's series, for other programs. */
@Command(
        name = "export",
        description = {
            "Print a run's points, write its weights for other programs, or send runs to a tracker.",
            "Series are printed as CSV (series, step, value) or JSON, the log as JSON lines. --as writes the weights, or the whole run, "
                    + "in a format that other programs read."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke export quick-grok > quick-grok.csv",
            "  ./hooke export quick-grok/0 --json --series train_loss,test_loss",
            "  ./hooke export quick-grok/0 --log-json > quick-grok.jsonl",
            "  ./hooke export quick-grok capacity-small --tensorboard logs",
            "  ./hooke export capacity-small --mlflow http://127.0.0.1:5000",
            "  ./hooke export quick-grok/0@500 --as transformer-lens -o quick-grok.pth",
            "  ./hooke export modmul-113 --as modmul -o mod_mult_grokking.pth"
        })
public final class Export implements Callable<Exit> {
    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Parameters(
            paramLabel = "RUN",
            arity = "1..*",
            description = {
                "name, or name/seed; a name alone means its smallest seed. With --as also name/seed@step.",
                "For trackers any number, and a name, sweep or cell means all its runs."
            })
    private List<String> words = List.of();

    @Option(names = "--csv", description = "Print CSV (the default).")
    private boolean csv;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(
            names = "--log-json",
            description = "Print the run's log: its events as JSON lines, as run --log-json writes them.")
    private boolean log;

    @Option(names = "--series", paramLabel = "NAME", split = ",", description = "Only these series; may be repeated.")
    private List<String> names = List.of();

    @Mixin
    private TrackerOptions trackers = new TrackerOptions();

    @Option(
            names = "--as",
            paramLabel = "FORM",
            description = {
                "pth or safetensors: the weights of a checkpoint, under Hooke's names;",
                "transformer-lens, nanogpt or x-transformers: the weights as that library loads them;",
                "modmul: the whole run, in the layout of the published modular multiplication model."
            })
    private @Nullable String form;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "The file that --as writes.")
    private @Nullable Path file;

    public Export(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Override
    public Exit call() {
        Check.that(
                Stream.of(csv, json, log).filter(chosen -> chosen).count() <= 1,
                "export prints one of --csv, --json and --log-json");
        Check.that(!log || names.isEmpty(), "--series chooses from --csv or --json; --log-json prints the whole log");
        if (trackers.isGiven()) {
            Check.that(
                    !csv && !json && !log && names.isEmpty() && form == null && file == null,
                    "a tracker gets whole runs: leave out --csv, --json, --log-json, --series, --as and -o");
            try (Store store = Store.openReadOnly(folder.get())) {
                trackers.send(terminal, store, words);
            }
            return Exit.DONE;
        }
        Check.that(words.size() == 1, "export prints or writes one run at a time, except for trackers");
        String address = words.getFirst();
        if (form != null || file != null) {
            write(address, form, file);
            return Exit.DONE;
        }
        try (Store store = Store.openReadOnly(folder.get())) {
            RunReader reader = store.read(WholeRun.find(store, address, "export"));
            if (log) {
                LogOption.print(terminal, reader);
                return Exit.DONE;
            }
            List<String> wanted = names.isEmpty() ? reader.seriesNames() : names;
            List<Series> all = wanted.stream().map(reader::series).toList();
            if (json) {
                terminal.out().print(Json.text(asMap(reader.run().address(), all)));
            } else {
                print(all);
            }
        }
        return Exit.DONE;
    }

    private void write(String address, @Nullable String word, @Nullable Path target) {
        if (word == null) {
            throw new InputException("-o names a file for weights: give their form, too, with --as");
        }
        Form wanted = form(word);
        if (target == null) {
            throw new InputException("--as " + word + " writes a file: name it with -o");
        }
        Target.checkFile(target);
        Check.that(
                !csv && !json && !log && names.isEmpty(),
                "--as writes weights; --csv, --json, --log-json and --series are for series");
        try (Store store = Store.openReadOnly(folder.get())) {
            if (wanted == Form.MODMUL) {
                RunReader reader = store.read(WholeRun.find(store, address, "export --as modmul"));
                RunExport.modmul(reader, target);
                terminal.out().println(reader.run().address() + ": " + target);
                return;
            }
            Address found = store.find(address);
            RunReader reader = store.read(found.run());
            Checkpoint checkpoint = found.step().isPresent()
                    ? reader.checkpoint(found.step().getAsLong())
                    : reader.lastCheckpoint()
                            .orElseThrow(() -> new InputException(
                                    "run " + found.run().address() + " has no checkpoint to export yet"));
            RunExport.weights(reader, checkpoint, wanted, target);
            terminal.out().println(found.run().address() + "@" + checkpoint.step() + ": " + target);
        }
    }

    private static Form form(String word) {
        List<String> words = Arrays.stream(Form.values()).map(Export::word).toList();
        return Arrays.stream(Form.values())
                .filter(f -> word(f).equals(word))
                .findFirst()
                .orElseThrow(() -> new InputException("--as %s is not a known form%s: the forms are %s"
                        .formatted(word, Check.didYouMean(word, words), String.join(", ", words))));
    }

    private static String word(Form form) {
        return form.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void print(List<Series> all) {
        PrintStream out = terminal.out();
        out.print("series,step,value\n");
        for (Series series : all) {
            String name = Csv.cell(series.name());
            for (int i = 0; i < series.size(); i++) {
                out.print(name + "," + series.steps()[i] + "," + series.values()[i] + "\n");
            }
        }
    }

    private static Map<String, Object> asMap(String run, List<Series> all) {
        var series = new LinkedHashMap<String, Object>();
        all.forEach(s -> series.put(s.name(), Map.of("steps", s.steps(), "values", s.values())));
        var map = new LinkedHashMap<String, Object>();
        map.put("run", run);
        map.put("series", series);
        return map;
    }
}
