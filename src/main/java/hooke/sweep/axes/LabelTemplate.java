package hooke.sweep.axes;

import hooke.Check;
import hooke.config.Experiment;
import hooke.config.form.Values;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A label with gaps, as in {@code d{model.d_model}_{n_layers}L_{norm}}: each is filled with what an axis chose, or with a setting. */
public record LabelTemplate(String prefix, String text) {
    private static final Pattern GAP = Pattern.compile("\\{([^{}]*)}");

    String fill(SequencedMap<String, String> choices, Experiment experiment) {
        Map<String, String> values = new LinkedHashMap<>(experiment.settings());
        values.remove("seed"); // All seeds of a cell share its label.
        values.putAll(choices);
        Matcher gap = GAP.matcher(text);
        var label = new StringBuilder();
        while (gap.find()) {
            gap.appendReplacement(label, Matcher.quoteReplacement(clean(value(gap.group(1), choices, values))));
        }
        return gap.appendTail(label).toString();
    }

    /** By its path, or by the last word of an axis' path. */
    private String value(String key, SequencedMap<String, String> choices, Map<String, String> values) {
        @Nullable String known = values.get(key);
        if (known != null) {
            return known;
        }
        var axis = choices.keySet().stream().filter(c -> c.endsWith("." + key)).toList();
        Check.that(
                axis.size() == 1,
                "%slabel: {%s} is %s%s",
                prefix,
                Values.shown(key),
                axis.isEmpty() ? "not an axis and not a setting" : "more than one axis: write its path",
                Check.didYouMean(key, values.keySet()));
        return choices.getOrDefault(axis.getFirst(), "");
    }

    /** What a name cannot hold, as a dash. */
    public static String clean(String text) {
        return text.replaceAll("[^A-Za-z0-9._+-]+", "-").replaceAll("^-|-$", "");
    }
}
