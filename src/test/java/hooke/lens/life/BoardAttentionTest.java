package hooke.lens.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.config.Experiments;
import hooke.config.task.LifeConfig;
import hooke.config.task.LifeRule;
import hooke.lens.life.BoardAttention.Place;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.task.life.Boards;
import hooke.task.life.Game;
import hooke.task.life.LifeExamples.Example;
import hooke.task.life.LifeText;
import hooke.task.life.Start;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.NoGrad;
import hooke.tensor.Rng;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Attention on the board and what probes find, of models whose answers are known. */
final class BoardAttentionTest {
    private static final int WIDTH = 4;

    private static final List<Example> BOARDS = IntStream.range(0, 12)
            .mapToObj(seed -> Start.board("order-0.4", WIDTH, seed, LifeRule.CONWAY))
            .map(board ->
                    new Example(WIDTH, board, Game.CONWAY.next(Boards.of(board)).text(0)))
            .toList();

    /** Without queries, so that every head looks at everything alike that it may see. */
    private static Transformer alike() {
        var model = Experiments.parse("""
                task: {kind: life, boards: {widths: [4], train: 50, test: 10}}
                model: {n_layers: 2, d_model: 12, n_heads: 2}
                train: {steps: 1, batch: 1}
                """, "alike", List.of()).model();
        Weights weights;
        try (Rng rng = Rng.seeded(3)) {
            weights = Weights.draw(model, DType.F32, Device.CPU, rng);
        }
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            for (String name : List.of("blocks.0.attn.W_Q", "blocks.1.attn.W_Q")) {
                Tensor queries = weights.get(name);
                queries.copyInPlace(queries.times(0));
            }
        }
        return new Transformer(weights);
    }

    private static LifeText text() {
        return new LifeText(WIDTH * WIDTH);
    }

    @Test
    void whoLooksAtEverythingAlikeIsAtChance() {
        try (var _ = new Scope()) {
            Transformer model = alike();
            var attention = BoardAttention.of(model, Game.CONWAY, text(), BOARDS);

            assertThat(attention.heads()).hasSize(4);
            for (BoardAttention.Head head : attention.heads()) {
                for (Place place : Place.values()) {
                    BoardAttention.Score near = head.near().get(place);
                    assertThat(near.share().value()).isCloseTo(near.chance(), within(1e-6));
                    BoardAttention.Score moore = head.moore().get(place);
                    assertThat(moore.share().value()).isCloseTo(8.0 / 16, within(1e-6));
                    assertThat(moore.chance()).isEqualTo(8.0 / 16);
                }
                int query = text().next() - 1;
                assertThat(head.weights()[0][0]).isCloseTo(1.0 / (query + 1), within(1e-6));
                assertThat(head.weights()[15][3]).isCloseTo(1.0 / (query + 16), within(1e-6));
            }
        }
    }

    /** Nine cells of 4 x 4 on a torus, fewer at the sides of a bounded board. */
    @Test
    void aBoundedBoardHasFewerNeighboursAtItsSides() {
        try (var _ = new Scope()) {
            Transformer model = alike();
            var bounded = new Game(Game.CONWAY.rule(), LifeConfig.Topology.BOUNDED);
            var head = BoardAttention.of(model, bounded, text(), BOARDS.subList(0, 2))
                    .heads()
                    .getFirst();
            var near = head.near();

            assertThat(near.get(Place.CORNER).chance() / near.get(Place.BULK).chance())
                    .isCloseTo(4.0 / 9, within(0.01));
            assertThat(near.get(Place.EDGE).chance() / near.get(Place.BULK).chance())
                    .isCloseTo(6.0 / 9, within(0.01));
            assertThat(head.moore().get(Place.CORNER).chance()).isEqualTo(3.0 / 16);
        }
    }

    @Test
    void placesAreCountedAsABoardHasThem() {
        int[] counts = new int[3];
        IntStream.range(0, 25).forEach(cell -> counts[Place.of(5, cell).ordinal()]++);

        assertThat(counts).containsExactly(4, 12, 9);
    }

    /** What a model that does not look cannot know: a probe is no better than the most frequent class, up to chance. */
    @Test
    void probesSayWhatEachLayerHas() {
        try (var _ = new Scope()) {
            Transformer model = alike();
            var probes = NeighbourProbes.of(model, Game.CONWAY, text(), BOARDS, 100, 0);

            assertThat(probes.cells()).isEqualTo(100);
            assertThat(probes.layers().stream().map(NeighbourProbes.Layer::name))
                    .containsExactly("blocks.0.hook_resid_pre", "blocks.0.hook_resid_post", "blocks.1.hook_resid_post");
            for (NeighbourProbes.Layer layer : probes.layers()) {
                assertThat(layer.count().test().n()).isBetween(15, 48); // of 3 of the 12 boards
                assertThat(layer.count().test().value()).isBetween(0.0, 1.0);
            }
            assertThat(NeighbourProbes.of(model, Game.CONWAY, text(), BOARDS, 100, 0))
                    .isEqualTo(probes);
        }
    }

    @Test
    void neighboursAreThoseThatTheGameCounts() {
        for (LifeConfig.Topology topology : LifeConfig.Topology.values()) {
            var game = new Game(Game.CONWAY.rule(), topology);
            for (int width = 1; width <= 5; width++) {
                String board = Start.board("order-0.4", width, 9, LifeRule.CONWAY);
                String next = game.next(Boards.of(board)).text(0);
                for (int cell = 0; cell < board.length(); cell++) {
                    int living = (int) Arrays.stream(game.neighbours(width, cell))
                            .filter(n -> board.charAt(n) == '1')
                            .count();
                    boolean lives = living == 3 || living == 2 && board.charAt(cell) == '1';
                    assertThat(next.charAt(cell)).isEqualTo(lives ? '1' : '0');
                }
            }
        }
    }
}
