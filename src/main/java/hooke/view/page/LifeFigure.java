package hooke.view.page;

import hooke.Check;
import hooke.config.task.LifeConfig;
import hooke.config.task.LifeRule;
import hooke.lens.life.BoardAttention;
import hooke.lens.life.RollOut;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Life in a page: games of a model beside the true ones, and a board to draw a pattern on. */
public final class LifeFigure {
    private LifeFigure() {}

    /** Games to choose from, played generation by generation. */
    public static Html games(String title, List<RollOut.Played> games) {
        Check.that(!games.isEmpty(), "a page of games needs one");
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        ArrayNode all = data.putArray("games");
        for (RollOut.Played game : games) {
            ObjectNode one = all.addObject().put("name", game.name()).put("width", game.width());
            game.truth().forEach(one.putArray("truth")::add);
            game.model().forEach(one.putArray("model")::add);
            game.malformed().forEach(one.putArray("malformed")::add);
        }
        return figure(title, "life", data);
    }

    /**
     * A board to draw on.
     *
     * @param start its cells at first, row by row
     * @param command by which the model plays what was drawn, less its start
     */
    public static Html editor(String title, LifeConfig config, int width, String start, String command) {
        LifeRule rule = config.lifeRule();
        ObjectNode data = JsonNodeFactory.instance
                .objectNode()
                .put("width", width)
                .put("start", start)
                .put("torus", config.topology() == LifeConfig.Topology.TORUS)
                .put("born", rule.born())
                .put("survives", rule.survives())
                .put("command", command);
        return figure(title, "life-editor", data);
    }

    /** Numbers of attention weights that a page may carry: about 2 MB. */
    private static final int MOST_WEIGHTS = 1 << 19;

    /**
     * A board to choose the predicted cell on, coloured by where a head looks then. Where all heads would be too much for a page, those
     * that look at the neighbours most are there.
     */
    public static Html attention(String title, BoardAttention attention) {
        int width = attention.width();
        int most = Math.max(1, MOST_WEIGHTS / (width * width * width * width));
        List<BoardAttention.Head> heads = attention.heads().stream()
                .sorted(Comparator.comparingDouble(LifeFigure::moore).reversed())
                .limit(most)
                .sorted(Comparator.comparingInt(BoardAttention.Head::layer).thenComparingInt(BoardAttention.Head::head))
                .toList();
        ObjectNode data = JsonNodeFactory.instance
                .objectNode()
                .put("width", width)
                .put("boards", attention.boards())
                .put("left_out", attention.heads().size() - heads.size());
        ArrayNode all = data.putArray("heads");
        for (BoardAttention.Head head : heads) {
            ObjectNode one = all.addObject().put("name", head.layer() + "." + head.head());
            one.set(
                    "weights",
                    Figure.floats(Arrays.stream(head.weights())
                            .flatMapToDouble(Arrays::stream)
                            .toArray()));
        }
        return figure(title, "life-attention", data);
    }

    private static double moore(BoardAttention.Head head) {
        return head.near().values().stream()
                .mapToDouble(score -> score.share().value())
                .average()
                .orElse(0);
    }

    private static Html figure(String title, String kind, ObjectNode data) {
        return Html.tag("figure", Html.tag("figcaption", Html.tag("h3", title)), new Html.Data(data))
                .with("class", "plot " + kind)
                .with("data-plot", kind);
    }
}
