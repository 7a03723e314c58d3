package hooke.train;

import hooke.Check;
import hooke.InputException;
import hooke.Reason;
import hooke.config.Milestone;
import hooke.task.EvaluationSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
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

    private static final List<String> STANDARD = List.of(Milestone.MEMORIZED, Milestone.GROKKED);

    private ResultJson() {}

    public static String write(Trainer.Result result) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("step", result.step());
        map.put("outcome", map(result.outcome()));
        result.milestones().forEach((name, outcome) -> {
            if (STANDARD.contains(name)) {
                map.put(name, map(outcome));
            }
        });
        Map<String, Object> named = new LinkedHashMap<>();
        result.milestones().forEach((name, outcome) -> {
            if (!STANDARD.contains(name)) {
                named.put(name, map(outcome));
            }
        });
        if (!named.isEmpty()) {
            map.put("milestones", named);
        }
        Evaluation last = result.last();
        Map<String, Object> measures = new LinkedHashMap<>();
        measures.put("step", last.step());
        last.sets().forEach((set, measure) -> measures.put(set, map(measure)));
        map.put("last", measures);
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
        Map<String, Object> map = new LinkedHashMap<>(measure.metrics());
        map.put("loss", measure.loss());
        return map;
    }

    /** What {@link #write} wrote. */
    public static Trainer.Result read(String json) {
        JsonNode node = tree(json);
        JsonNode last = node.path("last");
        return new Trainer.Result(
                whole(node, "step"),
                outcome(node.path("outcome")),
                milestones(node),
                new Evaluation(whole(last, "step"), sets(last)));
    }

    private static SequencedMap<String, Outcome> milestones(JsonNode node) {
        SequencedMap<String, Outcome> milestones = new LinkedHashMap<>();
        STANDARD.forEach(name -> milestones.put(name, outcome(node.path(name))));
        node.path("milestones").properties().forEach(e -> milestones.put(e.getKey(), outcome(e.getValue())));
        return milestones;
    }

    /** The outcome alone, which a failed run has, too. */
    public static Outcome readOutcome(String json) {
        return outcome(tree(json).path("outcome"));
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JacksonException e) {
            throw new InputException("the stored outcome is damaged: " + Reason.of(e), e);
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

    /** In the order in which they are recorded, training first: the text has them by the alphabet. */
    private static SequencedMap<String, Measure> sets(JsonNode last) {
        SequencedMap<String, Measure> sets = new LinkedHashMap<>();
        last.properties().stream()
                .filter(e -> e.getValue().isObject())
                .sorted(Comparator.comparing(e -> !e.getKey().equals(EvaluationSet.TRAIN)))
                .forEach(e -> sets.put(e.getKey(), measure(e.getValue())));
        return sets;
    }

    private static Measure measure(JsonNode node) {
        SequencedMap<String, Double> metrics = new LinkedHashMap<>();
        node.properties().forEach(e -> metrics.put(e.getKey(), number(e.getValue())));
        double loss = Objects.requireNonNullElse(metrics.remove("loss"), Double.NaN);
        return new Measure(loss, metrics);
    }

    /** Numbers that are none are written as strings. */
    private static double number(JsonNode node) {
        try {
            return node.isString() ? Double.parseDouble(node.asString()) : node.asDouble(Double.NaN);
        } catch (NumberFormatException e) {
            throw new InputException("the stored outcome is damaged: " + node + " is not a number", e);
        }
    }
}
