package hooke.view.page;

import hooke.Check;
import hooke.config.Mask;
import hooke.lens.attention.AttentionExample;
import hooke.lens.attention.AttentionPattern;
import hooke.view.plot.HeatMap;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Attention to be explored by hand: heads as thumbnails in rows of layers, the tokens of an example as text that is shaded by where the
 * token pointed at looks, the pattern of the chosen head large. Several heads can be taken together, as their mean.
 *
 * @param positions in words: d1, d2, SEP
 * @param mask what it closes is shown as closed, not as 0
 * @param examples to choose from, all with the same heads and positions
 */
public record AttentionExplorer(String title, List<String> positions, Mask mask, List<AttentionExample> examples) {
    public AttentionExplorer {
        positions = List.copyOf(positions);
        examples = List.copyOf(examples);
        Check.that(!examples.isEmpty(), "an attention explorer needs an example");
        int heads = examples.getFirst().patterns().size();
        for (AttentionExample example : examples) {
            Check.that(
                    example.tokens().size() == positions.size()
                            && example.patterns().size() == heads,
                    "example %s has %s tokens and %s heads, not %s and %s",
                    example.name(),
                    example.tokens().size(),
                    example.patterns().size(),
                    positions.size(),
                    heads);
        }
    }

    public Html html() {
        ObjectNode data = JsonNodeFactory.instance
                .objectNode()
                .put("title", title)
                .put("layers", 1 + largest(AttentionPattern::layer))
                .put("heads", 1 + largest(AttentionPattern::head));
        positions.forEach(data.putArray("positions")::add);
        ArrayNode all = data.putArray("examples");
        for (AttentionExample example : examples) {
            ObjectNode one = all.addObject().put("name", example.name());
            example.tokens().forEach(one.putArray("tokens")::add);
            one.set("values", Figure.floats(open(example)));
        }
        return Html.tag("figure", Html.tag("figcaption", Html.tag("h3", title)), new Html.Data(data))
                .with("class", "plot explorer")
                .with("data-plot", "attention");
    }

    private int largest(java.util.function.ToIntFunction<AttentionPattern> place) {
        return examples.getFirst().patterns().stream().mapToInt(place).max().orElse(0);
    }

    /** [head of all layers, query, key], NaN where the mask is closed. */
    private double[] open(AttentionExample example) {
        int heads = 1 + largest(AttentionPattern::head);
        return example.patterns().stream()
                .flatMap(p ->
                        Arrays.stream(HeatMap.attention("", positions, mask.of(p.layer(), p.head(), heads), p.weights())
                                .values()))
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }
}
