package hooke.cli;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON for scripts. */
final class Json {
    private Json() {}

    /** Maps, lists, records and plain values as indented JSON with a line end. Keys are in snake case, as in experiment
     * files; NaN and infinities are strings. */
    static String text(Object value) {
        return JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                        .build()
                        .writeValueAsString(value)
                + "\n";
    }
}
