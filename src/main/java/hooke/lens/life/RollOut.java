package hooke.lens.life;

import hooke.task.life.Boards;
import hooke.task.life.Game;
import hooke.task.life.LifeText;
import hooke.task.life.Player;
import java.util.ArrayList;
import java.util.List;

/**
 * Games in which each board that a player predicts is the next that it is given, beside the true games from the same starts.
 *
 * @param games one a start
 */
public record RollOut(List<Played> games) {
    /**
     * One game.
     *
     * @param name of the start
     * @param truth cells of each generation, row by row, the start first
     * @param model cells of each generation as predicted, the start first: what is missing in an answer is dead
     * @param malformed generations whose answer was too short, too long or no board
     */
    public record Played(String name, int width, List<String> truth, List<String> model, List<Integer> malformed) {
        public int steps() {
            return truth.size() - 1;
        }

        /** Cells in which model and truth differ, by generation. */
        public int[] errors() {
            int[] errors = new int[truth.size()];
            for (int step = 0; step < errors.length; step++) {
                errors[step] = differing(truth.get(step), model.get(step)).size();
            }
            return errors;
        }

        /** The first generation that differs; -1 for none. */
        public int firstWrongStep() {
            int[] errors = errors();
            for (int step = 0; step < errors.length; step++) {
                if (errors[step] > 0) {
                    return step;
                }
            }
            return -1;
        }

        /** The cells that differ in that generation, row by row. */
        public List<Integer> firstWrongCells() {
            int step = firstWrongStep();
            return step < 0 ? List.of() : differing(truth.get(step), model.get(step));
        }

        private static List<Integer> differing(String one, String other) {
            List<Integer> cells = new ArrayList<>();
            for (int cell = 0; cell < one.length(); cell++) {
                if (one.charAt(cell) != other.charAt(cell)) {
                    cells.add(cell);
                }
            }
            return cells;
        }

        /** Living cells by generation. */
        public static int[] population(List<String> boards) {
            return boards.stream()
                    .mapToInt(board -> (int) board.chars().filter(c -> c == '1').count())
                    .toArray();
        }
    }

    /**
     * Plays all starts side by side.
     *
     * @param names of the starts
     * @param starts their cells, row by row
     */
    public static RollOut of(
            Player player, Game game, List<String> names, List<String> starts, int steps, int padding) {
        List<Played> games = new ArrayList<>();
        for (int i = 0; i < starts.size(); i++) {
            games.add(new Played(
                    names.get(i),
                    Boards.width(starts.get(i).length()),
                    new ArrayList<>(List.of(starts.get(i))),
                    new ArrayList<>(List.of(starts.get(i))),
                    new ArrayList<>()));
        }
        var text = new LifeText(padding);
        for (int step = 1; step <= steps; step++) {
            List<String> answers =
                    player.answers(games.stream().map(g -> g.model().getLast()).toList(), text);
            for (int i = 0; i < games.size(); i++) {
                Played played = games.get(i);
                int cells = starts.get(i).length();
                played.truth()
                        .add(game.next(Boards.of(played.truth().getLast())).text(0));
                played.model().add(LifeText.cells(answers.get(i), cells));
                if (!LifeText.isWellFormed(answers.get(i), cells, padding)) {
                    played.malformed().add(step);
                }
            }
        }
        return new RollOut(games.stream()
                .map(g -> new Played(
                        g.name(),
                        g.width(),
                        List.copyOf(g.truth()),
                        List.copyOf(g.model()),
                        List.copyOf(g.malformed())))
                .toList());
    }
}
