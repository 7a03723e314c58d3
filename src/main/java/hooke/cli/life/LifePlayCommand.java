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
import hooke.fused.decode.Sampling;
import hooke.lens.life.RollOut;
import hooke.task.life.Game;
import hooke.task.life.Start;
import hooke.view.drawing.LifeFilm;
import hooke.view.drawing.Picture;
import hooke.view.lens.LifePage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hooke life play}: games whose every board the model predicts from the last, beside the true ones. */
@Command(
        name = "play",
        description = {
            "Let a model play Life: each board that it predicts is the next that it is given.",
            "Writes a page with model and game side by side, where they differ, and a board to draw on."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke life play life-small --start glider --steps 20 --gif",
            "  ./hooke life play life-small --start order-0.25 --start order-0.5 --png",
            "  ./hooke life play life-small --start 'b2o$2o$bo!'"
        })
final class LifePlayCommand implements Callable<Exit> {
    private static final int MOST_STEPS = 10_000;

    private final Terminal terminal;
    private final LifeCommand life;

    @Mixin
    private RunArgument named = new RunArgument();

    static final class Starts extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Starts() {
            super(Start.names());
        }
    }

    @Option(
            names = "--start",
            paramLabel = "START",
            completionCandidates = Starts.class,
            description =
                    "A game's start, once for each game: ${COMPLETION-CANDIDATES}; RLE; or cells, 0 and 1 row by row "
                            + "(default: order-0.5).")
    private List<String> starts = List.of();

    @Option(
            names = "--width",
            paramLabel = "N",
            description = "Width of the boards (default: the widest it was trained on).")
    private @Nullable Integer width;

    @Option(names = "--steps", paramLabel = "N", description = "Generations to play (default: ${DEFAULT-VALUE}).")
    private int steps = 20;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of random starts and draws (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "0 for the most probable byte each time (default); 1 for the model's own probabilities.")
    private double temperature;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            description = "Only the K most probable bytes are drawn from (default: all; the original: 26).")
    private int topK;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "The folder to write to (default: reports in the store).")
    private @Nullable Path out;

    @Option(names = "--gif", description = "Also write each game as a moving picture.")
    private boolean gif;

    @Option(names = "--png", description = "Also write each game, and each curve, as a PNG.")
    private boolean png;

    @Option(names = "--json", description = "Print the games and the names of the files as JSON.")
    private boolean json;

    LifePlayCommand(Terminal terminal, LifeCommand life) {
        this.terminal = terminal;
        this.life = life;
    }

    @Override
    public Exit call() {
        Check.that(steps >= 1 && steps <= MOST_STEPS, "--steps (%s) must be from 1 to %s", steps, MOST_STEPS);
        Path folder = out == null ? Target.reports(life.store()) : Target.checked(out);
        life.open(named.address(), new Sampling(temperature, topK, 1, 0), seed, opened -> play(opened, folder));
        return Exit.DONE;
    }

    private void play(LifeCommand.Opened opened, Path folder) {
        LifeConfig config = opened.config();
        int wide = width == null ? config.boards().widest() : width;
        Check.that(
                wide >= 1 && wide * (long) wide <= config.padding(),
                "--width (%s) must be from 1 to %s: the text has room for %s cells",
                wide,
                (int) Math.sqrt(config.padding()),
                config.padding());
        List<String> names = starts.isEmpty() ? List.of("order-0.5") : starts;
        List<String> boards = names.stream()
                .map(start -> Start.board(start, wide, seed, config.lifeRule()))
                .toList();
        var game = new Game(config.lifeRule(), config.topology());
        RollOut rollOut = RollOut.of(opened.player(), game, named(names), boards, steps, config.padding());
        List<Path> files = write(opened, rollOut, folder);
        terminal.out().print(json ? json(opened.address(), rollOut, files) : text(opened.address(), rollOut, files));
    }

    /** What somebody drew has no name. */
    private static List<String> named(List<String> starts) {
        return starts.stream()
                .map(start -> Start.names().contains(start) || start.startsWith("order-") ? start : "a pattern")
                .toList();
    }

    private List<Path> write(LifeCommand.Opened opened, RollOut rollOut, Path folder) {
        String stem = opened.address().replaceAll("[/@]", "-") + "-life";
        Path page = Target.folder(folder).resolve(stem + ".html");
        List<Path> files = new ArrayList<>(List.of(page));
        String command = "./hooke life play %s --steps %s".formatted(opened.address(), steps)
                + (temperature == 0 ? "" : " --temperature " + temperature + " --seed " + seed)
                + (topK == 0 ? "" : " --top-k " + topK);
        LifePage.of(opened.address(), opened.config(), rollOut, drawn(), command)
                .write(page);
        for (int i = 0; i < rollOut.games().size(); i++) {
            RollOut.Played game = rollOut.games().get(i);
            var film = new LifeFilm(game, opened.address());
            String name = stem + "-" + (i + 1) + "-" + game.name().replace(' ', '-');
            if (gif) {
                files.add(written(folder.resolve(name + ".gif"), film, LifeFilm::writeGif));
            }
            if (png) {
                files.add(written(folder.resolve(name + ".png"), film, LifeFilm::writePng));
            }
        }
        if (png) {
            for (var plot : LifePage.plots(rollOut.games())) {
                String title = plot.title().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-");
                Path file = folder.resolve(stem + "-" + title + ".png");
                files.add(written(file, new Picture(plot, opened.address()), Picture::writePng));
            }
        }
        return files;
    }

    private String drawn() {
        return temperature == 0
                ? ""
                : ", its bytes drawn at temperature %s%s with seed %s"
                        .formatted(temperature, topK == 0 ? "" : " from the " + topK + " most probable", seed);
    }

    private static <T> Path written(Path file, T what, BiConsumer<T, Path> how) {
        how.accept(what, file);
        return file;
    }

    private String text(String run, RollOut rollOut, List<Path> files) {
        var table = TextTable.of("start", "width", "generations", "first error", "wrong at the end", "malformed");
        for (RollOut.Played game : rollOut.games()) {
            int[] errors = game.errors();
            int first = game.firstWrongStep();
            table.row(
                    game.name(),
                    Integer.toString(game.width()),
                    Integer.toString(game.steps()),
                    first < 0 ? "none" : "generation " + first,
                    "%s of %s cells"
                            .formatted(
                                    errors[errors.length - 1],
                                    game.truth().getFirst().length()),
                    Integer.toString(game.malformed().size()));
        }
        var text = new StringBuilder(
                run + " plays " + Amounts.of(rollOut.games().size(), "game", "games") + drawn() + "\n");
        text.append(table.text(""));
        files.forEach(file -> text.append(file).append('\n'));
        return text.toString();
    }

    private String json(String run, RollOut rollOut, List<Path> files) {
        var map = new LinkedHashMap<String, Object>();
        map.put("run", run);
        map.put("temperature", temperature);
        map.put("top_k", topK);
        map.put("seed", seed);
        map.put(
                "games",
                rollOut.games().stream()
                        .map(game -> {
                            var one = new LinkedHashMap<String, Object>();
                            one.put("start", game.name());
                            one.put("width", game.width());
                            one.put("errors", game.errors());
                            one.put("first_error", game.firstWrongStep());
                            one.put("first_wrong_cells", game.firstWrongCells());
                            one.put("malformed", game.malformed());
                            one.put("model", game.model());
                            one.put("truth", game.truth());
                            return one;
                        })
                        .toList());
        map.put("files", files.stream().map(Path::toString).toList());
        return Json.text(map);
    }
}
