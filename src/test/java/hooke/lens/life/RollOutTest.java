package hooke.lens.life;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.config.task.LifeRule;
import hooke.task.life.Game;
import hooke.task.life.Player;
import hooke.task.life.Start;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Games whose every board is predicted from the last. */
final class RollOutTest {
    private static final List<String> STARTS = List.of(
            Start.board("glider", 6, 0, LifeRule.CONWAY),
            Start.board("2o$2o!", 4, 0, LifeRule.CONWAY),
            Start.board("order-0.5", 6, 3, LifeRule.CONWAY));
    private static final List<String> NAMES = List.of("glider", "block", "order-0.5");

    @Test
    void theRulesNeverErr() {
        RollOut games = RollOut.of(new Player.Rules(Game.CONWAY), Game.CONWAY, NAMES, STARTS, 9, 36);

        for (RollOut.Played game : games.games()) {
            assertThat(game.steps()).isEqualTo(9);
            assertThat(game.model()).isEqualTo(game.truth());
            assertThat(game.errors()).containsOnly(0).hasSize(10);
            assertThat(game.firstWrongStep()).isEqualTo(-1);
            assertThat(game.firstWrongCells()).isEmpty();
            assertThat(game.malformed()).isEmpty();
        }
        assertThat(RollOut.Played.population(games.games().getFirst().truth())).containsOnly(5);
    }

    @Test
    void whoCopiesErrsWhereTheGameMoves() {
        RollOut games = RollOut.of(new Player.Copy(), Game.CONWAY, NAMES, STARTS, 4, 36);
        RollOut.Played glider = games.games().getFirst();

        assertThat(glider.errors()).containsExactly(0, 4, 4, 8, 8); // counted by hand from the four phases of a glider
        assertThat(glider.firstWrongStep()).isEqualTo(1);
        assertThat(glider.firstWrongCells()).hasSize(4);
        assertThat(games.games().get(1).firstWrongStep()).isEqualTo(-1);
    }

    @Test
    void whatIsMissingInAnAnswerIsDeadAndCounted() {
        Player brief = (boards, _) -> boards.stream().map(_ -> " [111").toList();
        RollOut.Played game = RollOut.of(brief, Game.CONWAY, List.of("block"), List.of("1111"), 2, 4)
                .games()
                .getFirst();

        assertThat(game.malformed()).containsExactly(1, 2);
        assertThat(game.model()).containsExactly("1111", "0000", "0000");
    }
}
