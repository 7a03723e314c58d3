package hooke.cli.life;

import hooke.Amounts;
import hooke.Check;
import hooke.cli.arguments.RunArgument;
import hooke.cli.arguments.Target;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.config.task.LifeConfig;
import hooke.lens.OpenedModel;
import hooke.lens.life.BoardAttention;
import hooke.lens.life.BoardAttention.Place;
import hooke.lens.life.BoardAttention.Score;
import hooke.lens.life.NeighbourProbes;
import hooke.lens.probe.Probe;
import hooke.stats.Estimate;
import hooke.task.Life;
import hooke.task.Split;
import hooke.task.life.Game;
import hooke.task.life.LifeExamples.Example;
import hooke.task.life.LifeText;
import hooke.tensor.Scope;
import hooke.view.lens.LifeLensPage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hooke life look}: how a model of Life comes to its answers. */
@Command(
        name = "look",
        description = {
            "Look into a model of Life: what its layers know, and where its heads look on the board.",
            "From which layer on can the number of a cell's living neighbours be read off, and which heads look at the cells "
                    + "around the one that is predicted?"
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke life look life-small",
            "  ./hooke life look life-small@1000 --width 4 --boards 50"
        })
final class LifeLookCommand implements Callable<Exit> {
    private final Terminal terminal;
    private final LifeCommand life;

    @Mixin
    private RunArgument named = new RunArgument();

    @Option(
            names = "--width",
            paramLabel = "N",
            description = "Width of the test boards to look at (default: the widest).")
    private @Nullable Integer width;

    @Option(names = "--boards", paramLabel = "N", description = "At most so many boards (default: ${DEFAULT-VALUE}).")
    private int most = 100;

    @Option(
            names = "--cells",
            paramLabel = "N",
            description = "At most so many of their cells for the probes (default: ${DEFAULT-VALUE}).")
    private int cells = 2000;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the choice of cells and of the probes (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "The folder to write the page to (default: reports in the store).")
    private @Nullable Path out;

    @Option(names = "--json", description = "Print the numbers and the page's name as JSON.")
    private boolean json;

    LifeLookCommand(Terminal terminal, LifeCommand life) {
        this.terminal = terminal;
        this.life = life;
    }

    @Override
    public Exit call() {
        Check.that(
                most >= 5,
                "--boards (%s) must be at least 5: the probes are fitted, chosen and tested on different boards",
                most);
        Check.that(cells >= 10, "--cells (%s) must be at least 10", cells);
        Path folder = out == null ? Target.reports(life.store()) : Target.checked(out);
        life.find(named.address(), found -> look(found, folder));
        return Exit.DONE;
    }

    private void look(LifeCommand.Found found, Path folder) {
        LifeConfig config = found.config();
        List<Example> boards = boards(found);
        var game = new Game(config.lifeRule(), config.topology());
        var text = new LifeText(config.padding());
        try (var _ = new Scope()) {
            var model = OpenedModel.model(found.reader(), found.checkpoint());
            var attention = BoardAttention.of(model, game, text, boards);
            var probes = NeighbourProbes.of(model, game, text, boards, cells, seed);
            Path page = Target.folder(folder).resolve(found.address().replaceAll("[/@]", "-") + "-life-lens.html");
            LifeLensPage.of(found.address(), config, attention, probes).write(page);
            terminal.out()
                    .print(
                            json
                                    ? json(found.address(), attention, probes, page)
                                    : text(found.address(), attention, probes, page));
        }
    }

    private List<Example> boards(LifeCommand.Found found) {
        var task = new Life(found.config());
        Split split = found.reader()
                .kept(Split.KEPT, Split::of)
                .orElseGet(() -> Split.of(found.reader().experiment(), task));
        List<Example> test = task.boards(split.test());
        List<Integer> widths =
                test.stream().map(Example::width).distinct().sorted().toList();
        int wide = width == null ? widths.getLast() : width;
        Check.that(
                widths.contains(wide),
                "--width (%s) is that of no test board: there are %s",
                wide,
                String.join(", ", widths.stream().map(String::valueOf).toList()));
        List<Example> some =
                test.stream().filter(e -> e.width() == wide).limit(most).toList();
        int all = some.size() * wide * wide;
        Check.that(
                all >= 10 && some.size() >= 5,
                "the probes need at least 5 boards and 10 cells: %s of width %s %s",
                Amounts.of(some.size(), "board", "boards"),
                wide,
                some.size() == 1 ? "has " + all : "have " + all);
        return some;
    }

    private static String text(String run, BoardAttention attention, NeighbourProbes probes, Path page) {
        int wide = attention.width();
        var layers = TextTable.of("read from", "living neighbours", "next state");
        probes.layers()
                .forEach(l -> layers.row(
                        l.name(), share(l.count().test()), share(l.next().test())));
        Probe.Result count = probes.layers().getFirst().count();
        Probe.Result next = probes.layers().getFirst().next();
        layers.row("most frequent class", share(count.baseline()), share(next.baseline()));
        return """
                %s: %s of width %s, looked at where each cell of the next generation is predicted

                accuracy of linear probes on %s of their cells, those of a fifth of the boards kept back to test on
                %s
                share of a head's attention for the predicted cell and its neighbours, by the cell's place
                %s
                of its attention for the board, the share for the neighbours alone: the Moore score
                %s
                In brackets 95%% intervals: of probes over the boards kept back, Wilson's for as many cells as these are worth;
                of attention by bootstrap over boards. Chance: a head that looks at everything alike that it may see.
                %s
                """.formatted(
                        run,
                        Amounts.of(attention.boards(), "board", "boards"),
                        wide,
                        Amounts.count(probes.cells()),
                        layers.text("  "),
                        table(attention, BoardAttention.Head::near).text("  "),
                        table(attention, BoardAttention.Head::moore).text("  "),
                        page);
    }

    private static TextTable table(BoardAttention attention, Function<BoardAttention.Head, Map<Place, Score>> which) {
        List<Map<Place, Score>> heads = attention.heads().stream().map(which).toList();
        List<Place> places = List.copyOf(heads.getFirst().keySet());
        List<String> names = new ArrayList<>(List.of("head"));
        places.forEach(place -> names.add(place.name().toLowerCase(Locale.ROOT)));
        var table = TextTable.of(names.toArray(String[]::new));
        for (BoardAttention.Head head : attention.heads()) {
            List<String> row = new ArrayList<>(List.of(head.layer() + "." + head.head()));
            which.apply(head).values().forEach(score -> row.add(share(score.share())));
            table.row(row);
        }
        List<String> chance = new ArrayList<>(List.of("chance"));
        places.forEach(place -> chance.add(BoardAttention.chance(heads, place)));
        table.row(chance);
        return table;
    }

    private static String figure(double share) {
        return String.format(Locale.ROOT, "%.3f", share);
    }

    private static String share(Estimate estimate) {
        return estimate.hasInterval()
                ? String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", estimate.value(), estimate.low(), estimate.high())
                : figure(estimate.value());
    }

    private static String json(String run, BoardAttention attention, NeighbourProbes probes, Path page) {
        var map = new LinkedHashMap<String, Object>();
        map.put("run", run);
        map.put("width", attention.width());
        map.put("boards", attention.boards());
        map.put("cells", probes.cells());
        map.put("probes", probes.layers());
        map.put("heads", attention.heads());
        map.put("page", page.toString());
        return Json.text(map);
    }
}
