package hooke.train;

import hooke.Check;
import hooke.InputException;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** How a training ended, as the store keeps it. */
public final class ResultJson {
    /** Keys in one order: the same result is the same text in every JVM. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private ResultJson() {}

    public static String write(Trainer.Result result) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("step", result.step());
        map.put("outcome", map(result.outcome()));
        map.put("memorized", map(result.memorized()));
        map.put("grokked", map(result.grokked()));
        Evaluation last = result.last();
        map.put("last", Map.of("step", last.step(), "train", map(last.train()), "test", map(last.test())));
        return JSON.writeValueAsString(map);
    }

    /** What a run that failed is stored with. */
    public static String failed(String why) {
        return JSON.writeValueAsString(Map.of("outcome", map(new Outcome.Failed(why))));
    }

    private static Map<String, Object> map(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Reached(long step, long lastBelow) ->
                Map.of("kind", "reached", "step", step, "last_below", lastBelow);
            case Outcome.Censored(long at) -> Map.of("kind", "censored", "at", at);
            case Outcome.Unobserved(long at) -> Map.of("kind", "unobserved", "at", at);
            case Outcome.Diverged(long at, String why) -> Map.of("kind", "diverged", "at", at, "why", why);
            case Outcome.Failed(String why) -> Map.of("kind", "failed", "why", why);
        };
    }

    private static Map<String, Object> map(Measure measure) {
        return Map.of("loss", measure.loss(), "accuracy", measure.accuracy());
    }

    /** What {@link #write} wrote. */
    public static Trainer.Result read(String json) {
        JsonNode node = tree(json);
        JsonNode last = node.path("last");
        return new Trainer.Result(
                whole(node, "step"),
                outcome(node.path("outcome")),
                outcome(node.path("memorized")),
                outcome(node.path("grokked")),
                Evaluation.of(whole(last, "step"), measure(last.path("train")), measure(last.path("test"))));
    }

    /** The outcome alone, which a failed run has, too. */
    public static Outcome readOutcome(String json) {
        return outcome(tree(json).path("outcome"));
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JacksonException e) {
            throw new InputException("the stored outcome is damaged: " + e.getOriginalMessage(), e);
        }
    }

    private static Outcome outcome(JsonNode node) {
        return switch (node.path("kind").asString("")) {
            case "reached" -> new Outcome.Reached(whole(node, "step"), whole(node, "last_below"));
            case "censored" -> new Outcome.Censored(whole(node, "at"));
            case "unobserved" -> new Outcome.Unobserved(whole(node, "at"));
            case "diverged" ->
                new Outcome.Diverged(whole(node, "at"), node.path("why").asString(""));
            case "failed" -> new Outcome.Failed(node.path("why").asString(""));
            default -> throw new InputException("the stored outcome is of no known kind: " + node);
        };
    }

    private static long whole(JsonNode node, String key) {
        JsonNode value = node.path(key);
        Check.that(
                value.isIntegralNumber() && value.canConvertToLong(),
                "the stored outcome is damaged: its %s must be a whole number",
                key);
        return value.asLong();
    }

    private static Measure measure(JsonNode node) {
        return Measure.of(number(node.path("loss")), number(node.path("accuracy")));
    }

    /** Numbers that are none are written as strings. */
    private static double number(JsonNode node) {
        try {
            return node.isString() ? Double.parseDouble(node.asString()) : node.asDouble(Double.NaN);
        } catch (NumberFormatException e) {
            throw new InputException("the stored outcome is damaged: " + node + " is no number", e);
        }
    }
}
