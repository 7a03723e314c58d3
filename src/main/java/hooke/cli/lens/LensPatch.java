package hooke.cli.lens;

import hooke.Amounts;
import hooke.Check;
import hooke.Decimals;
import hooke.InputException;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.hook.Point;
import hooke.lens.Examples;
import hooke.lens.intervene.Pairs;
import hooke.lens.intervene.Patching;
import hooke.task.FiniteTask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke lens RUN patch}: where the answer is on its way through the model. */
@Command(
        name = "patch",
        description = {
            "Restore one activation at a time: how much of the clean answer comes back?",
            "The model runs on corrupted examples. 0 means nothing is recovered, 1 everything, measured by the "
                    + "difference between the logits of the two answers."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke lens list-copy/0 patch",
            "  ./hooke lens list-copy/0 patch attn.hook_z",
            "  ./hooke lens list-copy/0 patch hook_resid_pre --gradient",
            "  ./hooke lens list-copy/0 patch paths"
        })
final class LensPatch implements Callable<Exit> {
    private static final String PATHS = "paths";

    /** Positions that a terminal has columns for; more stand in rows. */
    private static final int READABLE = 16;

    private final Terminal terminal;
    private final LensCommand lens;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "POINT",
            description = {
                "A hook point without its block, patched in every layer: with heads by head, else by position",
                "(default: hook_resid_pre). Or paths: from each head to each later head's q, k and v."
            })
    private String point = "hook_resid_pre";

    @Option(names = "--gradient", description = "Attribution patching: a first-order estimate, from one backward pass.")
    private boolean gradient;

    @Option(names = "--positions", description = "Patch by position, even at a hook point that has heads.")
    private boolean positions;

    @Option(
            names = "--examples",
            paramLabel = "N",
            defaultValue = "200",
            description =
                    "How many examples of the test set to use, each paired with another (default: ${DEFAULT-VALUE}).")
    private int most;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed that pairs the examples (default: 0).")
    private long seed;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    LensPatch(Terminal terminal, LensCommand lens) {
        this.terminal = terminal;
        this.lens = lens;
    }

    @Override
    public Exit call() {
        Check.that(most >= 2, "--examples (%s) must be at least 2", most);
        Check.that(seed >= 0, "--seed (%s) must be at least 0", seed);
        Point kind = point.equals(PATHS) ? Point.Z : parse(point);
        Check.that(
                !point.equals(PATHS) || !gradient && !positions,
                "paths are patched from head to head: leave out --gradient and --positions");
        return lens.look(looked -> {
            Pairs pairs = Pairs.of(Examples.test(looked.opened()).first(most), seed);
            var patching = Patching.of(looked.opened(), pairs);
            if (point.equals(PATHS)) {
                int layers = looked.opened().model().config().nLayers();
                Check.that(layers > 1, "a model of 1 layer has no path from a head to a later one");
                print(looked.address(), pairs.n(), patching.paths());
                return;
            }
            boolean heads = kind.axes().contains("head") && !positions;
            Patching.Grid grid = gradient
                    ? heads ? patching.attributionByHead(kind) : patching.attributionByPosition(kind)
                    : heads ? patching.byHead(kind) : patching.byPosition(kind);
            print(looked, patching, grid);
        });
    }

    private static Point parse(String name) {
        List<String> names = new ArrayList<>();
        for (Point candidate : Point.values()) {
            String its = name(candidate);
            if (its.equals(name)) {
                return candidate;
            }
            names.add(its);
        }
        names.add(PATHS);
        throw new InputException("hook point '%s' does not exist%s: they are %s"
                .formatted(name, Check.didYouMean(name, names), String.join(", ", names)));
    }

    private static String name(Point point) {
        return point.inBlock()
                ? point.at(0).toString().substring("blocks.0.".length())
                : point.at().toString();
    }

    private void print(LensCommand.Looked looked, Patching patching, Patching.Grid grid) {
        String address = looked.address();
        if (json) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("run", address);
            map.put("clean", patching.clean());
            map.put("corrupted", patching.corrupted());
            map.put("grid", grid);
            terminal.out().print(Json.text(map));
            return;
        }
        terminal.out().println("%s: %s, n = %s pairs".formatted(address, grid.what(), Amounts.count(grid.n())));
        terminal.out()
                .println(
                        "logit of the clean answer less that of the corrupted one, mean: %s on the clean examples (1 below), %s on the corrupted (0 below)"
                                .formatted(
                                        figures(looked.opened().task(), patching.clean()),
                                        figures(looked.opened().task(), patching.corrupted())));
        if (grid.columns().size() > READABLE) {
            print("of all answers", grid.rows(), grid.columns(), turned(grid.values()));
        } else {
            print("of all answers", grid.columns(), grid.rows(), grid.values());
        }
        if (grid.byAnswer().length > READABLE) {
            terminal.out()
                    .println(
                            "\n%s answers are not shown one by one: --json has them".formatted(grid.byAnswer().length));
        } else if (grid.byAnswer().length > 1) {
            for (int i = 0; i < grid.byAnswer().length; i++) {
                print("of answer " + (i + 1), grid.columns(), grid.rows(), grid.byAnswer()[i]);
            }
        }
    }

    private static double[][] turned(double[][] values) {
        return IntStream.range(0, values[0].length)
                .mapToObj(column ->
                        Arrays.stream(values).mapToDouble(row -> row[column]).toArray())
                .toArray(double[][]::new);
    }

    /** Of several answers each with the label of its position; of many their mean. */
    private static String figures(FiniteTask task, double[] values) {
        if (values.length > READABLE) {
            return Amounts.figure(Arrays.stream(values).average().orElseThrow()) + " over " + values.length
                    + " positions";
        }
        return IntStream.range(0, values.length)
                .mapToObj(i -> Amounts.figure(values[i])
                        + (values.length == 1
                                ? ""
                                : " at " + task.positionLabels().get(task.answerPositions()[i])))
                .collect(Collectors.joining(" and "));
    }

    private void print(String title, List<String> columns, List<String> rows, double[][] values) {
        if (Arrays.stream(values).flatMapToDouble(Arrays::stream).noneMatch(Double::isFinite)) {
            terminal.out()
                    .println("\n" + terminal.bold(title)
                            + "\n  nothing to bring back: the clean and the corrupted examples do not differ here");
            return;
        }
        List<String> head = new ArrayList<>(List.of("brought back"));
        head.addAll(columns);
        TextTable table = TextTable.of(head.toArray(String[]::new));
        for (int row = 0; row < rows.size(); row++) {
            List<String> cells = new ArrayList<>(List.of(rows.get(row)));
            for (double value : values[row]) {
                cells.add(share(value));
            }
            table.row(cells);
        }
        terminal.out().print("\n" + terminal.bold(title) + "\n" + table.text("  "));
    }

    private void print(String address, int n, Map<String, Double> paths) {
        if (json) {
            terminal.out().print(Json.text(Map.of("run", address, "n", n, "paths", paths)));
            return;
        }
        terminal.out().println("%s: paths from head to later head, n = %s pairs".formatted(address, Amounts.count(n)));
        TextTable table = TextTable.of("path (layer.head)", "brought back");
        paths.forEach((path, value) -> table.row(path, share(value)));
        terminal.out().print(table.text("  "));
    }

    private static String share(double value) {
        return Decimals.format("%.3f", value);
    }
}
