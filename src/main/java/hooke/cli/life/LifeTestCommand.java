package hooke.cli.life;

import hooke.Amounts;
import hooke.Check;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.config.task.LifeConfig;
import hooke.config.task.LifeFile;
import hooke.fused.decode.Sampling;
import hooke.lens.life.Accuracy;
import hooke.lens.life.Published;
import hooke.stats.Estimate;
import hooke.task.Life;
import hooke.task.Split;
import hooke.task.life.Game;
import hooke.task.life.LifeExamples;
import hooke.task.life.LifeExamples.Example;
import hooke.task.life.Player;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke life test}: accuracy by width, beside baselines and what the original published. */
@Command(
        name = "test",
        description = {
            "Ask a model for the next generation of many boards, and grade its answers by width.",
            "Beside it stand a dead board, the same board again, and the rules, which are always right."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke life test life-small",
            "  ./hooke life test life-small --most 50 --each",
            "  ./hooke life test --boards boards.csv --published accuracy.csv --padding 225"
        })
final class LifeTestCommand implements Callable<Exit> {
    private final Terminal terminal;
    private final LifeCommand life;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "RUN",
            description = "name, name/seed or name/seed@step; without one the baselines alone, which need --boards.")
    private @Nullable String address;

    @Option(
            names = "--boards",
            paramLabel = "FILE",
            description = "CSV of boards: GridSize,State 1,State 2 (default: those that the run was not trained on).")
    private @Nullable String boards;

    @Option(
            names = "--published",
            paramLabel = "FILE",
            description = "CSV of accuracies to show beside ours: Sample Index,Grid Width,Accuracy.")
    private @Nullable String published;

    @Option(
            names = "--padding",
            paramLabel = "N",
            description = "Characters of a board in the text, once for each to try (default: as it was trained).")
    private List<Integer> paddings = List.of();

    @Option(names = "--most", paramLabel = "N", description = "At most so many boards of each width.")
    private int most = Integer.MAX_VALUE;

    @Option(names = "--each", description = "A row for each board, in the original's metric.")
    private boolean each;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    LifeTestCommand(Terminal terminal, LifeCommand life) {
        this.terminal = terminal;
        this.life = life;
    }

    /** Who plays, under which name, in the order of the rows. */
    private record Row(int padding, String player, Accuracy accuracy) {}

    /** What somebody else published: of these boards, or by width of other ones. */
    private record Others(String name, Map<Integer, Double> byWidth) {}

    @Override
    public Exit call() {
        Check.that(most >= 1, "--most (%s) must be at least 1", most);
        String run = address;
        if (run == null) {
            Check.that(boards != null, "name a run to test, or --boards to grade the baselines alone");
            print("", of(boards, Game.CONWAY), List.of(), List.of(), Game.CONWAY, 256);
        } else {
            life.open(run, Sampling.GREEDY, 0, this::test);
        }
        return Exit.DONE;
    }

    private void test(LifeCommand.Opened opened) {
        LifeConfig config = opened.config();
        var game = new Game(config.lifeRule(), config.topology());
        var task = new Life(config);
        Split split = opened.reader()
                .kept(Split.KEPT, Split::of)
                .orElseGet(() -> Split.of(opened.reader().experiment(), task));
        List<Example> tested = boards == null ? task.boards(split.test()) : of(boards, game);
        print(opened.address(), tested, List.of(opened.player()), task.boards(split.train()), game, config.padding());
    }

    private static List<Example> of(@Nullable String file, Game game) {
        return LifeExamples.of(String.valueOf(file), LifeFile.read(String.valueOf(file)), game);
    }

    private void print(
            String run, List<Example> all, List<Player> model, List<Example> trained, Game game, int trainedPadding) {
        Map<Integer, Long> seen = new LinkedHashMap<>();
        int[] places = IntStream.range(0, all.size())
                .filter(i -> seen.merge(all.get(i).width(), 1L, Long::sum) <= most)
                .toArray();
        List<Example> examples = Arrays.stream(places).mapToObj(all::get).toList();
        Map<Integer, Integer> overlap = model.isEmpty() ? Map.of() : LifeExamples.overlap(trained, examples);
        Map<String, Player> players = new LinkedHashMap<>();
        model.forEach(player -> players.put("model", player));
        players.put("all dead", new Player.AllDead());
        players.put("copy", new Player.Copy());
        players.put("rules", new Player.Rules(game));
        List<Row> rows = new ArrayList<>();
        for (int padding : paddings.isEmpty() ? List.of(trainedPadding) : paddings) {
            for (Example example : examples) {
                Check.that(
                        padding >= example.board().length(),
                        "--padding (%s) must be at least the %s cells of a board of width %s",
                        padding,
                        example.board().length(),
                        example.width());
            }
            players.forEach((name, player) -> Accuracy.of(player, examples, padding)
                    .forEach(accuracy -> rows.add(new Row(padding, name, accuracy))));
        }
        Published read = published == null ? new Published(List.of()) : Published.read(published);
        boolean isOfThese = read.isOf(all.stream().map(Example::width).toList());
        Published known = isOfThese ? read.at(places) : new Published(List.of());
        var others = new Others(
                isOfThese ? "published" : "published, of other boards", (isOfThese ? known : read).byWidth());
        terminal.out()
                .print(json ? json(run, rows, overlap, others) : text(run, rows, overlap, others, examples.size()));
        if (each && !json) {
            terminal.out().print(each(rows, examples, places, known));
        }
    }

    private static String text(String run, List<Row> rows, Map<Integer, Integer> overlap, Others others, int boards) {
        var text = new StringBuilder(run.isEmpty() ? "" : run + ": ")
                .append(Amounts.of(boards, "board", "boards"))
                .append(
                        overlap.isEmpty()
                                ? ""
                                : "; also among those trained on: "
                                        + overlap.entrySet().stream()
                                                .map(e -> "%s of width %s".formatted(e.getValue(), e.getKey()))
                                                .collect(Collectors.joining(", ")))
                .append('\n');
        for (int padding : rows.stream().map(Row::padding).distinct().toList()) {
            var table =
                    TextTable.of("width", "who", "boards", "whole boards", "cells", "original's metric", "malformed");
            List<Row> some = rows.stream().filter(r -> r.padding() == padding).toList();
            for (int width :
                    some.stream().map(r -> r.accuracy().width()).distinct().toList()) {
                some.stream().filter(r -> r.accuracy().width() == width).forEach(r -> {
                    Accuracy a = r.accuracy();
                    table.row(
                            Integer.toString(width),
                            r.player(),
                            Integer.toString(a.grades().size()),
                            share(a.whole()),
                            share(a.cells()),
                            share(a.original()),
                            Integer.toString(a.malformed()));
                });
                Double other = others.byWidth().get(width);
                if (other != null) {
                    table.row(Integer.toString(width), others.name(), "", "", "", figure(other), "");
                }
            }
            text.append("\npadded to ").append(padding).append(" characters\n").append(table.text(""));
        }
        return text.append("""

                        In brackets 95% intervals: of boards, by bootstrap, and Wilson's of whole boards. The original's metric counts
                        padding as right, and what is missing in a short answer, too.
                        """).toString();
    }

    /**
     * A table for each padding.
     *
     * @param places where each board stands among those that there are
     */
    private static String each(List<Row> rows, List<Example> examples, int[] places, Published known) {
        var text = new StringBuilder();
        for (int padding : rows.stream().map(Row::padding).distinct().toList()) {
            List<Row> some = rows.stream().filter(r -> r.padding() == padding).toList();
            List<String> players = some.stream().map(Row::player).distinct().toList();
            List<String> head = new ArrayList<>(List.of("board", "width"));
            head.addAll(players);
            head.add("published");
            var table = TextTable.of(head.toArray(String[]::new));
            Map<Integer, Integer> counted = new LinkedHashMap<>();
            for (int i = 0; i < examples.size(); i++) {
                int width = examples.get(i).width();
                int place = counted.merge(width, 1, Integer::sum) - 1;
                List<String> cells = new ArrayList<>(List.of(Integer.toString(places[i]), Integer.toString(width)));
                for (String player : players) {
                    Row row = some.stream()
                            .filter(r ->
                                    r.player().equals(player) && r.accuracy().width() == width)
                            .findFirst()
                            .orElseThrow();
                    cells.add(
                            figure(row.accuracy().grades().get(place).original().orElse(0)));
                }
                cells.add(
                        known.boards().isEmpty()
                                ? ""
                                : figure(known.boards().get(i).accuracy()));
                table.row(cells);
            }
            text.append("\neach board, padded to ")
                    .append(padding)
                    .append(", in the original's metric\n")
                    .append(table.text(""));
        }
        return text.toString();
    }

    private static String figure(double share) {
        return String.format(Locale.ROOT, "%.4f", share);
    }

    private static String share(Estimate estimate) {
        return estimate.hasInterval()
                ? String.format(Locale.ROOT, "%.4f [%.4f, %.4f]", estimate.value(), estimate.low(), estimate.high())
                : figure(estimate.value());
    }

    private static String json(String run, List<Row> rows, Map<Integer, Integer> overlap, Others others) {
        var map = new LinkedHashMap<String, Object>();
        map.put("run", run);
        map.put("overlap", overlap);
        map.put("published", others.byWidth());
        map.put(
                "rows",
                rows.stream()
                        .map(row -> {
                            var one = new LinkedHashMap<String, Object>();
                            one.put("padding", row.padding());
                            one.put("who", row.player());
                            one.put("width", row.accuracy().width());
                            one.put("boards", row.accuracy().grades().size());
                            one.put("whole_boards", row.accuracy().whole());
                            one.put("cells", row.accuracy().cells());
                            one.put("original", row.accuracy().original());
                            one.put("malformed", row.accuracy().malformed());
                            one.put(
                                    "first_wrong_cells",
                                    row.accuracy().grades().stream()
                                            .map(hooke.task.life.Grade::firstWrong)
                                            .filter(cell -> cell >= 0)
                                            .toList());
                            return one;
                        })
                        .toList());
        return Json.text(map);
    }
}
