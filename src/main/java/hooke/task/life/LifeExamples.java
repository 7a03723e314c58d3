package hooke.task.life;

import hooke.Check;
import hooke.config.task.LifeConfig;
import hooke.config.task.LifeConfig.Overlap;
import hooke.config.task.LifeConfig.Source;
import hooke.config.task.LifeFile;
import hooke.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * All boards of a task with their next generations, width by width or as files have them: a function of the task's settings alone.
 *
 * @param train numbers of those to train on, ascending; empty where they are to be drawn, see {@link Source.Drawn#test(int)}
 */
public record LifeExamples(List<Example> all, int[] train) {
    /** Draws at a board's own density before one at a half: at 0 there is but one board. */
    private static final int TRIES = 20;

    /** Boards drawn at once. */
    private static final int CHUNK = 4096;

    /**
     * @param board its cells, row by row
     * @param next those of the next generation
     */
    public record Example(int width, String board, String next) {}

    /** Draws the boards, or reads the files and throws {@link hooke.InputException} if they are not what the experiment was made with. */
    public static LifeExamples of(LifeConfig config) {
        var game = new Game(config.lifeRule(), config.topology());
        return switch (config.boards()) {
            case Source.Drawn drawn -> drawn(drawn, game);
            case Source.Files files -> read(files, game);
        };
    }

    private static LifeExamples drawn(Source.Drawn drawn, Game game) {
        List<Example> all = new ArrayList<>();
        List<Integer> train = new ArrayList<>();
        for (int width : drawn.widths()) {
            try (Rng rng = Rng.stream(drawn.seed(), "boards", width)) {
                if (drawn.overlap() == Overlap.NONE) {
                    all.addAll(played(width, different(drawn, width, rng), game));
                } else {
                    IntStream.range(all.size(), all.size() + drawn.train()).forEach(train::add);
                    all.addAll(played(width, random(rng, width, densities(drawn, drawn.train(), rng)), game));
                    all.addAll(played(width, random(rng, width, densities(drawn, drawn.test(), rng)), game));
                }
            }
        }
        return new LifeExamples(
                List.copyOf(all), train.stream().mapToInt(i -> i).toArray());
    }

    private static double[] densities(Source.Drawn drawn, int boards, Rng rng) {
        return switch (drawn.density()) {
            case LifeConfig.Density.Uniform() -> drawn.density().of(boards, rng.uniform(boards));
            case LifeConfig.Density.Linspace(), LifeConfig.Density.Fixed(double _) ->
                drawn.density().of(boards, new double[0]);
        };
    }

    private static List<String> random(Rng rng, int width, double[] densities) {
        List<String> boards = new ArrayList<>();
        for (int from = 0; from < densities.length; from += CHUNK) {
            double[] some = Arrays.copyOfRange(densities, from, Math.min(from + CHUNK, densities.length));
            boards.addAll(Start.random(rng, width * width, some));
        }
        return boards;
    }

    /** Boards of which no two are equal: a board that stands already is drawn again. */
    private static List<String> different(Source.Drawn drawn, int width, Rng rng) {
        int n = drawn.all(width);
        if (drawn.isShort(width)) {
            return IntStream.range(0, n)
                    .mapToObj(i -> numbered(i, width * width))
                    .toList();
        }
        double[] densities = densities(drawn, n, rng);
        String[] boards = new String[n];
        Set<String> seen = new HashSet<>();
        int[] missing = IntStream.range(0, n).toArray();
        for (int tries = 0; missing.length > 0; tries++) {
            boolean own = tries < TRIES;
            List<String> tried = random(
                    rng,
                    width,
                    Arrays.stream(missing)
                            .mapToDouble(i -> own ? densities[i] : 0.5)
                            .toArray());
            for (int i = 0; i < missing.length; i++) {
                if (seen.add(tried.get(i))) {
                    boards[missing[i]] = tried.get(i);
                }
            }
            missing = Arrays.stream(missing).filter(i -> boards[i] == null).toArray();
        }
        return List.of(boards);
    }

    /** The board whose cells are the binary digits of a number. */
    private static String numbered(int number, int cells) {
        String digits = Integer.toBinaryString(number);
        return "0".repeat(cells - digits.length()) + digits;
    }

    private static List<Example> played(int width, List<String> boards, Game game) {
        List<String> next = game.next(Boards.of(width, width, boards)).texts();
        return IntStream.range(0, boards.size())
                .mapToObj(i -> new Example(width, boards.get(i), next.get(i)))
                .toList();
    }

    private static LifeExamples read(Source.Files files, Game game) {
        List<Example> all =
                new ArrayList<>(read(files.trainFile(), files.facts().trainSha256(), game));
        int train = all.size();
        all.addAll(read(files.testFile(), files.facts().testSha256(), game));
        return new LifeExamples(List.copyOf(all), IntStream.range(0, train).toArray());
    }

    private static List<Example> read(String path, String sha256, Game game) {
        LifeFile file = LifeFile.read(path);
        Check.that(
                file.sha256().equals(sha256),
                "%s is not the file that the experiment was made with: its SHA-256 is %s, and was %s",
                path,
                file.sha256(),
                sha256);
        return of(path, file, game);
    }

    /** The boards of a file, each with the next generation that this game gives it. */
    public static List<Example> of(String path, LifeFile file, Game game) {
        return file.rows().stream()
                .map(row -> {
                    String next = game.next(Boards.of(row.width(), row.width(), List.of(row.before())))
                            .text(0);
                    Check.that(
                            next.equals(row.after()),
                            "%s:%s: State 2 is not the next generation of State 1 under %s, %s",
                            path,
                            row.line(),
                            game.rule(),
                            game.topology().name().toLowerCase(java.util.Locale.ROOT));
                    return new Example(row.width(), row.before(), row.after());
                })
                .toList();
    }

    /** How many of the boards tested on stand among those trained on, by width. */
    public static Map<Integer, Integer> overlap(List<Example> train, List<Example> test) {
        Set<String> trained = train.stream().map(Example::board).collect(Collectors.toSet());
        Map<Integer, Integer> overlap = new TreeMap<>();
        for (Example example : test) {
            overlap.merge(example.width(), trained.contains(example.board()) ? 1 : 0, Integer::sum);
        }
        return overlap;
    }
}
