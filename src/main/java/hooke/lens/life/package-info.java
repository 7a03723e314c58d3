/**
 * How well a model plays Life: graded board by board beside baselines, and in games whose every board it predicts from the last.
 *
 * <pre>{@code
 * Player player = new Player.Rules(Game.CONWAY);   // or a model that writes its answers
 * List<Accuracy> byWidth = Accuracy.of(player, life.boards(split.test()), 256);
 * RollOut games = RollOut.of(player, Game.CONWAY, names, starts, 50, 256);
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package hooke.lens.life;
