package hooke.store.sqlite;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import hooke.InputException;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Records as JSON columns: what a later Hooke adds to a record does not keep this one from reading it, but whatever a record has must be
 * there.
 */
public final class JsonColumn {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .changeDefaultNullHandling(_ -> JsonSetter.Value.construct(Nulls.FAIL, Nulls.FAIL))
            .build();

    private JsonColumn() {}

    public static String of(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /**
     * Throws {@link InputException} that names the part which is missing or wrong.
     *
     * @param what is read, to begin a sentence with
     */
    public static <T> T read(String json, Class<T> type, String what) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JacksonException e) {
            String part = e.getPath().stream()
                    .map(r -> r.getPropertyName() == null ? "[" + r.getIndex() + "]" : "." + r.getPropertyName())
                    .collect(Collectors.joining());
            throw new InputException(
                    part.isEmpty()
                            ? what + " is damaged: it is not JSON of the right form"
                            : "%s is damaged: its %s is missing or wrong".formatted(what, part.substring(1)),
                    e);
        }
    }

    /** The text itself, if it is a JSON object; else {@link IllegalArgumentException}. */
    public static String object(String json) {
        try {
            if (MAPPER.readTree(json).isObject()) {
                return json;
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException("it is not JSON", e);
        }
        throw new IllegalArgumentException("it is not a JSON object");
    }
}
