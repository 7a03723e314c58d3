package hooke.task.life;

import hooke.Check;
import hooke.config.task.LifeRule;
import hooke.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What games can begin with by name: those of the original, random boards by the share of living cells among them. */
public enum Start {
    GLIDER("bob$2bo$3o!"),
    R_PENTOMINO("b2o$2o$bo!"),
    BLINKERS("3o5bo$8bo$8bo5$o$o5b3o$o!"),
    CLOVERLEAF(
            "4bo3bo$3bobobobo$3bobobobo$b2o2bobo2b2o$o4bobo4bo$b4o3b4o2$b4o3b4o$o4bobo4bo$b2o2bobo2b2o$3bobobobo$3bobobobo$4bo3bo!"),
    HAMMERHEAD(
            "5o$o4bo7b2o$o11b2ob3o$bo9b2ob4o$3b2o3b2ob2o2b2o$5bo4bo2bo$6bobobobo$7bo$7bo$6bobobobo$5bo4bo2bo$3b2o3b2ob2o2b2o$bo9b2ob4o$o11b2ob3o$o4bo7b2o$5o!");

    /** Before the share of living cells: order-0.25. */
    private static final String ORDER = "order-";

    private final String rle;

    Start(String rle) {
        this.rle = rle;
    }

    public Pattern pattern() {
        return Pattern.parse(rle);
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All names; order- may be followed by any share from 0 to 1. */
    public static List<String> names() {
        return Stream.concat(
                        Arrays.stream(values()).map(Start::word),
                        Stream.of("0", "0.25", "0.5", "0.75", "1").map(ORDER::concat))
                .toList();
    }

    /**
     * The cells of a square board that begins so: a name, run-length encoding, or the cells themselves row by row.
     *
     * @param width of the board
     * @param seed of a random board
     * @param rule that it is played by: RLE may say in its header what it was made for
     */
    public static String board(String start, int width, long seed, LifeRule rule) {
        if (start.matches("[01]+")) {
            Check.that(
                    start.length() == width * width,
                    "the board '%s' has %s cells: a board of width %s has %s",
                    start,
                    start.length(),
                    width,
                    width * width);
            return start;
        }
        if (Pattern.isRle(start)) {
            return Pattern.parse(start).madeFor(rule).on(width, width);
        }
        if (start.startsWith(ORDER) && start.substring(ORDER.length()).matches("0|1|[01]?\\.[0-9]{1,6}")) {
            double share = Double.parseDouble(start.substring(ORDER.length()));
            Check.that(share <= 1, "the start %s must have a share from 0 to 1", start);
            try (Rng rng = Rng.stream(seed, "start")) {
                return random(rng, width * width, new double[] {share}).getFirst();
            }
        }
        return Arrays.stream(values())
                .filter(s -> s.word().equals(start))
                .findFirst()
                .map(s -> s.pattern().on(width, width))
                .orElseGet(() -> refuse(start));
    }

    private static String refuse(String start) {
        Check.that(
                false,
                "'%s' is no board to start from%s: it may be %s, RLE as in bob$2bo$3o!, or the cells 0 and 1 row by row",
                start,
                Check.didYouMean(start, names()),
                String.join(", ", names()));
        return "";
    }

    /** Boards of so many cells, each cell of the i-th alive with the i-th probability. */
    public static List<String> random(Rng rng, int cells, double[] probabilities) {
        double[] drawn = rng.uniform(probabilities.length * cells);
        List<String> boards = new ArrayList<>();
        for (int board = 0; board < probabilities.length; board++) {
            char[] text = new char[cells];
            for (int cell = 0; cell < cells; cell++) {
                text[cell] = drawn[board * cells + cell] < probabilities[board] ? '1' : '0';
            }
            boards.add(new String(text));
        }
        return boards;
    }
}
