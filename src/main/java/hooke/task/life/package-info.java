/**
 * Conway's Game of Life and its kin: boards, the game that is played on them, patterns, and the text that a model reads and writes.
 *
 * <pre>{@code
 * Boards glider = Boards.of(Start.board("glider", 8, 0, LifeRule.CONWAY));
 * Boards later = Game.CONWAY.after(glider, 32);   // around the torus: equal to the first
 * String text = new LifeText(64).text(glider.text(0), later.text(0));
 * }</pre>
 *
 * Boards are played 64 at a time.
 */
@org.jspecify.annotations.NullMarked
package hooke.task.life;
