package hooke.task.life;

import java.util.List;

/** Who says what comes next: a model, or something to hold it against. */
public interface Player {
    /**
     * What it writes behind the prompt of each board, {@code  [0110]$}: nobody holds it to that form.
     *
     * @param boards their cells, row by row; their widths may differ
     */
    List<String> answers(List<String> boards, LifeText text);

    /** Nothing lives. */
    record AllDead() implements Player {
        @Override
        public List<String> answers(List<String> boards, LifeText text) {
            return boards.stream().map(b -> text.answer("0".repeat(b.length()))).toList();
        }
    }

    /** Nothing changes. */
    record Copy() implements Player {
        @Override
        public List<String> answers(List<String> boards, LifeText text) {
            return boards.stream().map(text::answer).toList();
        }
    }

    /** The game itself. */
    record Rules(Game game) implements Player {
        @Override
        public List<String> answers(List<String> boards, LifeText text) {
            return boards.stream()
                    .map(b -> text.answer(game.next(Boards.of(b)).text(0)))
                    .toList();
        }
    }
}
