package hooke.lens.life;

import hooke.hook.Cache;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.model.Transformer;
import hooke.stats.Estimate;
import hooke.task.life.Game;
import hooke.task.life.LifeExamples.Example;
import hooke.task.life.LifeText;
import hooke.tensor.DType;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Where the heads of a model of Life look on the board when they predict a cell of the next generation: means over boards of one width,
 * the right answer given up to that cell.
 *
 * @param boards how many
 * @param heads of all layers, in order
 */
public record BoardAttention(int width, int boards, List<Head> heads) {

    /** Where on the board a cell is. A board of width 1 or 2 has corners alone. */
    public enum Place {
        CORNER,
        EDGE,
        BULK;

        public static Place of(int width, int cell) {
            boolean side = cell % width == 0 || cell % width == width - 1;
            boolean end = cell / width == 0 || cell / width == width - 1;
            return side && end ? CORNER : side || end ? EDGE : BULK;
        }
    }

    /**
     * One head.
     *
     * @param weights [cell predicted][cell of the question]: mean attention
     * @param near share of all its attention for the predicted cell in the question and its neighbours, by the predicted cell's place
     * @param moore the original's score: of its attention for the board of the question the share for the neighbours alone
     */
    public record Head(int layer, int head, double[][] weights, Map<Place, Score> near, Map<Place, Score> moore) {}

    /**
     * A share of a head's attention.
     *
     * @param share mean over the cells of a place, with an interval over boards
     * @param chance the share of a head that looks at everything alike that it may see
     */
    public record Score(Estimate share, double chance) {}

    /** The chance at a place, in words: two figures where masks differ from head to head. */
    public static String chance(List<Map<Place, Score>> heads, Place place) {
        double[] chances = heads.stream()
                .mapToDouble(scores -> Objects.requireNonNull(scores.get(place)).chance())
                .sorted()
                .toArray();
        String low = String.format(Locale.ROOT, "%.3f", chances[0]);
        String high = String.format(Locale.ROOT, "%.3f", chances[chances.length - 1]);
        return low.equals(high) ? low : low + " to " + high;
    }

    /** Reads one pass a board. */
    public static BoardAttention of(Transformer model, Game game, LifeText text, List<Example> boards) {
        int width = boards.getFirst().width();
        int layers = model.config().nLayers();
        int heads = model.config().nHeads();
        int cells = width * width;
        double[][][] sums = new double[layers * heads][cells][cells];
        double[][][] shares = new double[layers * heads][cells][boards.size()];
        double[][][] scores = new double[layers * heads][cells][boards.size()];
        int[][] around = IntStream.range(0, cells)
                .mapToObj(cell -> others(game.neighbours(width, cell), cell))
                .toArray(int[][]::new);
        for (int board = 0; board < boards.size(); board++) {
            List<double[]> patterns = patterns(model, tokens(text, boards.get(board)), text, cells);
            for (int i = 0; i < sums.length; i++) {
                double[] rows = patterns.get(i / heads);
                for (int cell = 0; cell < cells; cell++) {
                    int row = (i % heads * cells + cell) * cells;
                    double onBoard = 0;
                    for (int key = 0; key < cells; key++) {
                        sums[i][cell][key] += rows[row + key] / boards.size();
                        onBoard += rows[row + key];
                    }
                    double onNeighbours = 0;
                    for (int key : around[cell]) {
                        onNeighbours += rows[row + key];
                    }
                    shares[i][cell][board] = onNeighbours + rows[row + cell];
                    scores[i][cell][board] = onBoard > 0 ? onNeighbours / onBoard : 0;
                }
            }
        }
        List<Head> all = new ArrayList<>();
        for (int i = 0; i < sums.length; i++) {
            Sees sees = sees(model, i / heads, i % heads, text, cells);
            all.add(new Head(
                    i / heads,
                    i % heads,
                    sums[i],
                    byPlace(width, shares[i], sees.chances(around, true)),
                    byPlace(width, scores[i], sees.chances(around, false))));
        }
        return new BoardAttention(width, boards.size(), all);
    }

    /**
     * @param shares [cell, board]
     * @param chances of each cell
     */
    private static Map<Place, Score> byPlace(int width, double[][] shares, double[] chances) {
        Map<Place, Score> found = new EnumMap<>(Place.class);
        for (Place place : Place.values()) {
            int[] cells = IntStream.range(0, shares.length)
                    .filter(cell -> Place.of(width, cell) == place)
                    .toArray();
            if (cells.length > 0) {
                double[] ofBoards = IntStream.range(0, shares[0].length)
                        .mapToDouble(board -> mean(cells, cell -> shares[cell][board]))
                        .toArray();
                found.put(place, new Score(Accuracy.mean(ofBoards), mean(cells, cell -> chances[cell])));
            }
        }
        return found;
    }

    private static double mean(int[] cells, IntToDoubleFunction of) {
        return Arrays.stream(cells).mapToDouble(of).average().orElseThrow();
    }

    /** A text up to where its last byte is predicted. */
    static int[] tokens(LifeText text, Example example) {
        int[] all = LifeText.tokens(text.text(example.board(), example.next()));
        return Arrays.copyOf(all, all.length - 1);
    }

    /** By layer [head, cell predicted, cell of the question]. The byte before a cell predicts it. */
    private static List<double[]> patterns(Transformer model, int[] tokens, LifeText text, int cells) {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var cache = new Cache(point -> point.point() == Point.PATTERN);
            model.forward(new int[][] {tokens}, Hooks.read(cache));
            return IntStream.range(0, model.config().nLayers())
                    .mapToObj(layer -> cache.get(Point.PATTERN.at(layer))
                            .narrow(2, text.next() - 1, cells)
                            .narrow(3, text.question(), cells)
                            .to(DType.F64)
                            .toDoubles())
                    .toList();
        }
    }

    /** Other cells, each once: on a small torus a cell may be reached twice, or from itself. */
    private static int[] others(int[] neighbours, int cell) {
        return Arrays.stream(neighbours)
                .filter(other -> other != cell)
                .distinct()
                .toArray();
    }

    private static Sees sees(Transformer model, int layer, int head, LifeText text, int cells) {
        var mask = model.config().mask().of(layer, head, model.config().nHeads());
        int nCtx = model.config().nCtx();
        int[] all = new int[cells];
        boolean[][] board = new boolean[cells][cells];
        for (int cell = 0; cell < cells; cell++) {
            int query = text.next() - 1 + cell;
            all[cell] = (int) IntStream.range(0, text.length() - 1)
                    .filter(key -> mask.open(query, key, nCtx))
                    .count();
            for (int key = 0; key < cells; key++) {
                board[cell][key] = mask.open(query, text.question() + key, nCtx);
            }
        }
        return new Sees(all, board);
    }

    /**
     * What a head may see.
     *
     * @param all [cell predicted]: places of the text
     * @param board [cell predicted][cell of the question]
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Sees(int[] all, boolean[][] board) {
        /** Of each cell, for who looks at everything alike. */
        double[] chances(int[][] around, boolean withItselfOfAll) {
            return IntStream.range(0, all.length)
                    .mapToDouble(cell -> {
                        double neighbours = Arrays.stream(around[cell])
                                .filter(key -> board[cell][key])
                                .count();
                        if (withItselfOfAll) {
                            return (neighbours + (board[cell][cell] ? 1 : 0)) / all[cell];
                        }
                        long open = IntStream.range(0, all.length)
                                .filter(key -> board[cell][key])
                                .count();
                        return open == 0 ? 0 : neighbours / open;
                    })
                    .toArray();
        }
    }
}
