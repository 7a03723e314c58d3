package hooke.lens.life;

import hooke.hook.Cache;
import hooke.hook.HookPoint;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.lens.probe.Activation;
import hooke.lens.probe.Probe;
import hooke.model.Transformer;
import hooke.stats.Resamples;
import hooke.task.life.Game;
import hooke.task.life.LifeExamples.Example;
import hooke.task.life.LifeText;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * How much of the game can be read off the residual stream linearly, layer by layer, where a cell of the next generation is predicted:
 * how many neighbours of that cell live, and whether it will.
 *
 * @param cells that the probes saw, drawn from all cells of these boards; those that a probe is tested on are of boards of their own
 */
public record NeighbourProbes(int width, int boards, int cells, List<Layer> layers) {
    private static final int COUNTS = 9;

    /**
     * @param name of the hook point
     * @param count of the living neighbours, 0 to 8
     * @param next whether the cell lives in the next generation
     */
    public record Layer(String name, Probe.Result count, Probe.Result next) {}

    /**
     * @param boards at least five, and as many with a cell among those drawn
     * @param most cells to look at; fewer where the boards have fewer
     * @param seed of the choice of cells, and of the probes
     */
    public static NeighbourProbes of(
            Transformer model, Game game, LifeText text, List<Example> boards, int most, long seed) {
        int width = boards.getFirst().width();
        int cells = width * width;
        int[] chosen = chosen(boards.size() * cells, most, seed);
        int[] of = IntStream.of(chosen).map(cell -> cell / cells).toArray();
        int[] counts = new int[chosen.length];
        int[] next = new int[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            Example example = boards.get(chosen[i] / cells);
            for (int cell : game.neighbours(width, chosen[i] % cells)) {
                counts[i] += example.board().charAt(cell) - '0';
            }
            next[i] = example.next().charAt(chosen[i] % cells) - '0';
        }
        model.config().checkOneWidth("probing the stream layer by layer");
        List<HookPoint> points = new ArrayList<>(List.of(Point.RESID_PRE.at(0)));
        IntStream.range(0, model.config().nLayers())
                .mapToObj(Point.RESID_POST::at)
                .forEach(points::add);
        double[][] values = values(model, text, boards, points, chosen);
        List<Layer> layers = new ArrayList<>();
        for (int p = 0; p < points.size(); p++) {
            String name = points.get(p).toString();
            var activation = new Activation(name, model.config().dModel(), values[p]);
            layers.add(new Layer(
                    name,
                    Probe.classes(activation, counts, COUNTS, of, seed),
                    Probe.classes(activation, next, 2, of, seed)));
        }
        return new NeighbourProbes(width, boards.size(), chosen.length, layers);
    }

    /** Ascending, so that every board is read once. */
    private static int[] chosen(int all, int most, long seed) {
        int[] order = IntStream.range(0, all).toArray();
        RandomGenerator random = Resamples.stream(seed, "probed cells");
        int n = Math.min(all, most);
        for (int i = 0; i < n; i++) {
            int other = i + random.nextInt(all - i);
            int here = order[i];
            order[i] = order[other];
            order[other] = here;
        }
        return IntStream.of(order).limit(n).sorted().toArray();
    }

    /** [point][example, width], flat. The byte before a cell predicts it. */
    private static double[][] values(
            Transformer model, LifeText text, List<Example> boards, List<HookPoint> points, int[] chosen) {
        int width = model.config().dModel();
        int cells = boards.getFirst().width() * boards.getFirst().width();
        double[][] values = new double[points.size()][chosen.length * width];
        int at = 0;
        while (at < chosen.length) {
            int board = chosen[at] / cells;
            int end = at;
            while (end < chosen.length && chosen[end] / cells == board) {
                end++;
            }
            try (var _ = new Scope();
                    var _ = new NoGrad()) {
                var cache = new Cache(points::contains);
                model.forward(new int[][] {BoardAttention.tokens(text, boards.get(board))}, Hooks.read(cache));
                for (int p = 0; p < points.size(); p++) {
                    double[] stream = cache.get(points.get(p))
                            .narrow(1, text.next() - 1, cells)
                            .toDoubles();
                    for (int i = at; i < end; i++) {
                        System.arraycopy(stream, chosen[i] % cells * width, values[p], i * width, width);
                    }
                }
            }
            at = end;
        }
        return values;
    }
}
