package hooke.cli;

import hooke.Check;
import hooke.store.RunReader;
import hooke.store.Series;
import hooke.store.Store;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke export}: every point of a run's series, for other programs. */
@Command(
        name = "export",
        description = "Print every point of a run's series, as CSV (series, step, value) or JSON.",
        footer = {
            "",
            "Examples:",
            "  ./hooke export quick-grok > quick-grok.csv",
            "  ./hooke export quick-grok/0 --json --series train_loss,test_loss"
        })
final class Export implements Callable<Integer> {
    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Parameters(paramLabel = "RUN", description = "name, or name/seed; name alone is the smallest of its seeds.")
    private String address = "";

    @Option(names = "--csv", description = "Print CSV (the default).")
    private boolean csv;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--series", paramLabel = "NAME", split = ",", description = "Only these; may be repeated.")
    private List<String> names = List.of();

    Export(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Override
    public Integer call() {
        Check.that(!(csv && json), "export prints --csv or --json, not both");
        try (Store store = Store.openReadOnly(folder.get())) {
            RunReader reader = store.read(WholeRun.find(store, address, "export"));
            List<String> wanted = names.isEmpty() ? reader.seriesNames() : names;
            List<Series> all = wanted.stream().map(reader::series).toList();
            if (json) {
                terminal.out().print(Json.text(asMap(reader.run().address(), all)));
            } else {
                print(all);
            }
        }
        return Main.DONE;
    }

    private void print(List<Series> all) {
        PrintStream out = terminal.out();
        out.print("series,step,value\n");
        for (Series series : all) {
            for (int i = 0; i < series.size(); i++) {
                out.print(series.name() + "," + series.steps()[i] + "," + series.values()[i] + "\n");
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
