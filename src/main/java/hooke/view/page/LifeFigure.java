package hooke.view.page;

import hooke.Check;
import hooke.config.LifeConfig;
import hooke.config.LifeRule;
import hooke.lens.life.RollOut;
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

    private static Html figure(String title, String kind, ObjectNode data) {
        return Html.tag("figure", Html.tag("figcaption", Html.tag("h3", title)), new Html.Data(data))
                .with("class", "plot " + kind)
                .with("data-plot", kind);
    }
}
