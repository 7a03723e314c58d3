package hooke.task.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.config.task.LifeConfig.Topology;
import hooke.config.task.LifeRule;
import hooke.tensor.Rng;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The laws of the game, and boards that another program played. */
final class GameTest {
    private static Boards start(String start, int width) {
        return Boards.of(Start.board(start, width, 0, LifeRule.CONWAY));
    }

    private static Boards random(int boards, int width, int height) {
        double[] densities = IntStream.range(0, boards).mapToDouble(i -> 0.37).toArray();
        try (Rng rng = Rng.seeded(7)) {
            return Boards.of(width, height, Start.random(rng, width * height, densities));
        }
    }

    /** The game as its rules are written, a cell at a time. */
    private static String slowly(Game game, String board, int width, int height) {
        var next = new StringBuilder();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int neighbours = 0;
                for (int dy = -1; dy <= 1; dy++) {
                    for (int dx = -1; dx <= 1; dx++) {
                        int column = x + dx;
                        int row = y + dy;
                        boolean inside = column >= 0 && row >= 0 && column < width && row < height;
                        if ((dx != 0 || dy != 0) && (inside || game.topology() == Topology.TORUS)) {
                            int at = (row + height) % height * width + (column + width) % width;
                            neighbours += board.charAt(at) - '0';
                        }
                    }
                }
                boolean alive = board.charAt(y * width + x) == '1';
                next.append(game.rule().lives(alive, neighbours) ? '1' : '0');
            }
        }
        return next.toString();
    }

    @Test
    void boardsOfAnotherProgramComeOutAsThere() throws IOException {
        try (InputStream in = Objects.requireNonNull(GameTest.class.getResourceAsStream("boards.json"))) {
            JsonNode golden = new JsonMapper().readTree(in);

            assertThat(golden.size()).isGreaterThan(10);
            for (JsonNode board : golden) {
                Boards before = Boards.of(board.get("state1").stringValue());
                assertThat(before.width()).isEqualTo(board.get("width").intValue());
                assertThat(Game.CONWAY.next(before).text(0))
                        .isEqualTo(board.get("state2").stringValue());
                assertThat(Game.CONWAY.after(before, 10).text(0))
                        .isEqualTo(board.get("state10").stringValue());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"B3/S23", "B36/S23", "B/S", "B012345678/S012345678", "B0/S8", "B1357/S1357", "B2/S"})
    void manyBoardsAtOnceAreEachPlayedByTheRules(String rule) {
        for (Topology topology : Topology.values()) {
            Game game = new Game(LifeRule.parse(rule, "rule"), topology);
            for (int[] size : new int[][] {{1, 1}, {2, 2}, {1, 5}, {3, 2}, {7, 4}}) {
                Boards boards = random(130, size[0], size[1]); // two full words and some lanes of a third
                List<String> expected = boards.texts().stream()
                        .map(b -> slowly(game, b, size[0], size[1]))
                        .toList();

                assertThat(game.next(boards).texts()).isEqualTo(expected);
                assertThat(game.next(game.next(boards)).texts())
                        .isEqualTo(expected.stream()
                                .map(b -> slowly(game, b, size[0], size[1]))
                                .toList());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2o$2o!", "b2o$o2bo$b2o!", "b2o$o2bo$bobo$2bo!", "2o$obo$bo!", "bo$obo$bo!"})
    void stillLivesStay(String rle) {
        Boards still = start(rle, 8);

        assertThat(Game.CONWAY.next(still)).isEqualTo(still);
    }

    @Test
    void blinkersComeBackAfterTwoGenerations() {
        for (String start : List.of("3o!", "blinkers")) {
            Boards boards = start(start, 16);

            assertThat(Game.CONWAY.next(boards)).isNotEqualTo(boards);
            assertThat(Game.CONWAY.after(boards, 2)).isEqualTo(boards);
        }
    }

    @Test
    void aGliderMovesByOneRowAndOneColumnInFourGenerations() {
        Boards glider = start("glider", 9);

        assertThat(Game.CONWAY.after(glider, 4).text(0)).isEqualTo(moved(glider.text(0), 9, 1, 1));
        assertThat(Game.CONWAY.after(glider, 36)).isEqualTo(glider);
    }

    @Test
    void aHammerheadMovesByTwoColumnsInFourGenerations() {
        Boards hammerhead = start("hammerhead", 32);
        String later = Game.CONWAY.after(hammerhead, 4).text(0);

        assertThat(later).isIn(moved(hammerhead.text(0), 32, 2, 0), moved(hammerhead.text(0), 32, -2, 0));
    }

    /**
     * It is known to settle in generation 1103 as 8 blocks, 4 beehives, 4 blinkers, a boat, a loaf and a ship, 86 cells, and 6 gliders that
     * fly away; a glider that meets a dead edge ends as a block.
     */
    @Test
    void theRPentominoEndsAsItIsKnownTo() {
        Game open = new Game(LifeRule.CONWAY, Topology.BOUNDED);
        Boards boards = start("r-pentomino", 192);
        List<Integer> populations = new ArrayList<>();
        for (Boards early = boards; populations.size() < 9; early = open.next(early)) {
            populations.add(early.population(0));
        }
        Boards settled = open.after(boards, 1400);

        assertThat(populations).containsExactly(5, 6, 7, 9, 8, 9, 12, 11, 18);
        assertThat(settled.population(0)).isEqualTo(86 + 6 * 4);
        assertThat(open.after(settled, 2)).isEqualTo(settled);
    }

    @Test
    void onATorusOfWidthTwoANeighbourCountsAsOftenAsItIsReached() {
        // Each of the other three cells is reached: beside it twice, above it twice, across it four times.
        assertThat(Game.CONWAY.next(Boards.of("1010")).text(0)).isEqualTo("1010");
        assertThat(Game.CONWAY.next(Boards.of("1011")).text(0)).isEqualTo("0000");
        assertThat(Game.CONWAY.next(Boards.of("1")).text(0)).isEqualTo("0"); // itself eight times
    }

    @Test
    void onATorusMovingAndTurningABoardMovesAndTurnsItsFuture() {
        Boards boards = random(70, 6, 6);
        Boards later = Game.CONWAY.after(boards, 3);

        assertThat(Game.CONWAY.after(each(boards, b -> moved(b, 6, 2, 5)), 3))
                .isEqualTo(each(later, b -> moved(b, 6, 2, 5)));
        assertThat(Game.CONWAY.after(each(boards, b -> turned(b, 6)), 3)).isEqualTo(each(later, b -> turned(b, 6)));
        assertThat(Game.CONWAY.after(each(boards, GameTest::reversed), 3)).isEqualTo(each(later, GameTest::reversed));
    }

    private static Boards each(Boards boards, java.util.function.UnaryOperator<String> change) {
        return Boards.of(
                boards.width(),
                boards.height(),
                boards.texts().stream().map(change).toList());
    }

    private static String moved(String board, int width, int columns, int rows) {
        char[] to = new char[board.length()];
        int height = board.length() / width;
        for (int i = 0; i < to.length; i++) {
            int x = Math.floorMod(i % width + columns, width);
            int y = Math.floorMod(i / width + rows, height);
            to[y * width + x] = board.charAt(i);
        }
        return new String(to);
    }

    private static String turned(String board, int width) {
        char[] to = new char[board.length()];
        for (int i = 0; i < to.length; i++) {
            to[i % width * width + width - 1 - i / width] = board.charAt(i);
        }
        return new String(to);
    }

    private static String reversed(String board) {
        return new StringBuilder(board).reverse().toString();
    }

    @Test
    void rulesAreReadInBothNotations() {
        assertThat(LifeRule.parse("23/3", "rule")).isEqualTo(LifeRule.CONWAY).hasToString("B3/S23");
        assertThat(LifeRule.parse("b36s23", "rule")).hasToString("B36/S23");
        assertThat(LifeRule.parse("/2", "rule")).hasToString("B2/S");
        assertThat(LifeRule.parse("B/S", "rule")).isEqualTo(new LifeRule(0, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "B3", "B9/S23", "B3/S233", "S23/B3", "3-23", "B3/S2a", "conway", "23/3/3"})
    void impossibleRulesAreRefused(String rule) {
        assertThatThrownBy(() -> LifeRule.parse(rule, "task.rule"))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("task.rule (" + rule + ") must ");
    }

    @Test
    void patternsAreReadAndWrittenAsRunLengths() {
        Pattern read = Pattern.parse("#C a comment\nx = 5, y = 4, rule = B3/S23\nbob$2bo\n$3o!\nbehind it");

        assertThat(read.width()).isEqualTo(5);
        assertThat(read.height()).isEqualTo(4);
        assertThat(read.cells()).isEqualTo("01000" + "00100" + "11100" + "00000");
        assertThat(read.rule()).contains("B3/S23");
        assertThat(read.rle()).isEqualTo("x = 5, y = 4, rule = B3/S23\nbo$2bo$3o!\n");
        for (Start start : Start.values()) {
            assertThat(Pattern.parse(start.pattern().rle())).isEqualTo(start.pattern());
        }
        Boards boards = random(20, 40, 13);
        for (int i = 0; i < boards.size(); i++) {
            Pattern pattern = Pattern.of(boards, i);
            assertThat(Pattern.parse(pattern.rle())).isEqualTo(pattern);
            assertThat(pattern.rle().lines()).allMatch(line -> line.length() <= 70);
        }
    }

    @Test
    void whatIsNoPatternIsRefused() {
        assertThatThrownBy(() -> Pattern.parse("bob$2bo$3o")).hasMessageContaining("ends with !");
        assertThatThrownBy(() -> Pattern.parse("bxb$!")).hasMessageContaining("is no RLE");
        assertThatThrownBy(() -> Pattern.parse("x = 2, y = 1\n3o!"))
                .hasMessageContaining("larger than the x = 2, y = 1");
        assertThatThrownBy(() -> Pattern.parse("9999o9999o$9999$9999$9999$!")).isInstanceOf(InputException.class);
        String made = "x = 3, y = 3, rule = %s\nbob$2bo$3o!";
        for (String rule : List.of("B3/S23", "23/3", "S23/B3", "b3/s23:T20,20")) {
            assertThat(Start.board(made.formatted(rule), 8, 0, LifeRule.CONWAY))
                    .isEqualTo(Start.board("glider", 8, 0, LifeRule.CONWAY));
        }
        assertThatThrownBy(() -> Start.board(made.formatted("B36/S23"), 8, 0, LifeRule.CONWAY))
                .hasMessageContaining("is made for the rule B36/S23, and played is B3/S23");
        assertThatThrownBy(() -> Start.board("glidr", 8, 0, LifeRule.CONWAY))
                .hasMessageContaining("did you mean 'glider'?");
        assertThatThrownBy(() -> Start.board("hammerhead", 16, 0, LifeRule.CONWAY))
                .hasMessageContaining("does not fit on a board of 16 x 16");
        assertThatThrownBy(() -> Start.board("0110", 3, 0, LifeRule.CONWAY))
                .hasMessageContaining("a board of width 3 has 9");
    }

    @Test
    void randomStartsHaveTheirShareOfLivingCells() {
        assertThat(Start.board("order-0", 16, 1, LifeRule.CONWAY)).doesNotContain("1");
        assertThat(Start.board("order-1", 16, 1, LifeRule.CONWAY)).doesNotContain("0");
        assertThat(Boards.of(Start.board("order-0.25", 16, 1, LifeRule.CONWAY)).population(0))
                .isBetween(32, 96);
        assertThat(Start.board("order-0.5", 16, 1, LifeRule.CONWAY))
                .isNotEqualTo(Start.board("order-0.5", 16, 2, LifeRule.CONWAY));
        List<String> sorted = new ArrayList<>(Start.names());
        assertThat(sorted)
                .containsAll(Stream.of("glider", "r-pentomino", "order-0.75").toList());
        Collections.sort(sorted);
        assertThat(sorted).doesNotHaveDuplicates();
        assertThat(Arrays.stream(Start.values()))
                .allMatch(s -> !s.pattern().cells().isEmpty());
    }
}
