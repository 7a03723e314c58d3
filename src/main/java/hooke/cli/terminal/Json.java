package hooke.cli.terminal;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON for scripts: keys in snake case, as in experiment files; NaN and infinities as strings. */
public final class Json {
    private Json() {}

    /** Maps, lists, records and plain values, indented, with a line end. */
    public static String text(Object value) {
        return mapper().enable(SerializationFeature.INDENT_OUTPUT).build().writeValueAsString(value) + "\n";
    }

    /** Maps, lists, records and plain values on one line, without a line end. */
    public static String line(Object value) {
        return mapper().build().writeValueAsString(value);
    }

    /** JSON that somebody stored, to be put into a larger whole or looked into. */
    public static JsonNode tree(String json) {
        return JsonMapper.shared().readTree(json);
    }

    private static JsonMapper.Builder mapper() {
        return JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
    }
}
