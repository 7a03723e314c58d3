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
import java.util.Map;
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
     * @param moore by the predicted cell's place
     */
    public record Head(int layer, int head, double[][] weights, Map<Place, Score> moore) {}

    /**
     * The share of its attention that a head has for the Moore neighbourhood: the predicted cell in the question and its neighbours.
     *
     * @param share mean over the cells of a place, with an interval over boards
     * @param chance the share of a head that looks at everything alike that it may see
     */
    public record Score(Estimate share, double chance) {}

    /** Reads one pass a board. */
    public static BoardAttention of(Transformer model, Game game, LifeText text, List<Example> boards) {
        int width = boards.getFirst().width();
        int layers = model.config().nLayers();
        int heads = model.config().nHeads();
        int cells = width * width;
        double[][][] sums = new double[layers * heads][cells][cells];
        double[][][] shares = new double[layers * heads][cells][boards.size()];
        int[][] near = IntStream.range(0, cells)
                .mapToObj(cell -> withItself(game.neighbours(width, cell), cell))
                .toArray(int[][]::new);
        for (int board = 0; board < boards.size(); board++) {
            List<double[]> patterns = patterns(model, tokens(text, boards.get(board)), text, cells);
            for (int i = 0; i < sums.length; i++) {
                double[] rows = patterns.get(i / heads);
                for (int cell = 0; cell < cells; cell++) {
                    int row = (i % heads * cells + cell) * cells;
                    for (int key = 0; key < cells; key++) {
                        sums[i][cell][key] += rows[row + key] / boards.size();
                    }
                    for (int key : near[cell]) {
                        shares[i][cell][board] += rows[row + key];
                    }
                }
            }
        }
        List<Head> all = new ArrayList<>();
        for (int i = 0; i < sums.length; i++) {
            double[] chances = chances(model, i / heads, i % heads, text, near);
            all.add(new Head(i / heads, i % heads, sums[i], moore(width, shares[i], chances)));
        }
        return new BoardAttention(width, boards.size(), all);
    }

    /**
     * @param shares [cell, board]
     * @param chances of each cell
     */
    private static Map<Place, Score> moore(int width, double[][] shares, double[] chances) {
        Map<Place, Score> moore = new EnumMap<>(Place.class);
        for (Place place : Place.values()) {
            int[] cells = IntStream.range(0, shares.length)
                    .filter(cell -> Place.of(width, cell) == place)
                    .toArray();
            if (cells.length > 0) {
                double[] ofBoards = IntStream.range(0, shares[0].length)
                        .mapToDouble(board -> mean(cells, cell -> shares[cell][board]))
                        .toArray();
                moore.put(place, new Score(Accuracy.mean(ofBoards), mean(cells, cell -> chances[cell])));
            }
        }
        return moore;
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

    /** Different cells: on a small torus a cell may be reached twice. */
    private static int[] withItself(int[] neighbours, int cell) {
        return IntStream.concat(IntStream.of(cell), Arrays.stream(neighbours))
                .distinct()
                .toArray();
    }

    /** Of each cell, for who looks at everything alike that this head may see. */
    private static double[] chances(Transformer model, int layer, int head, LifeText text, int[][] near) {
        var mask = model.config().mask().of(layer, head, model.config().nHeads());
        int nCtx = model.config().nCtx();
        return IntStream.range(0, near.length)
                .mapToDouble(cell -> {
                    int query = text.next() - 1 + cell;
                    long open = IntStream.range(0, text.length() - 1)
                            .filter(key -> mask.open(query, key, nCtx))
                            .count();
                    long openNear = Arrays.stream(near[cell])
                            .filter(key -> mask.open(query, text.question() + key, nCtx))
                            .count();
                    return (double) openNear / open;
                })
                .toArray();
    }
}
