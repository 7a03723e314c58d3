package hooke.config.task;

import hooke.config.form.Words;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What a model wrote at an evaluation, as the detail of an event. */
public record SampleTexts(List<String> texts) {
    public SampleTexts {
        texts = List.copyOf(texts);
    }

    /** The detail of an event. */
    public String json() {
        return JsonMapper.shared().writeValueAsString(this);
    }

    /** As one line each, nothing in them that moves a terminal's cursor; one text at least. */
    public static List<String> of(String json) {
        try {
            List<String> texts =
                    JsonMapper.shared().readValue(json, SampleTexts.class).texts();
            return texts.isEmpty()
                    ? List.of("")
                    : texts.stream().map(text -> Words.shown(text, 200)).toList();
        } catch (JacksonException e) {
            return List.of(""); // Another version wrote it.
        }
    }
}
