package hooke.track.mlflow;

import hooke.Check;
import hooke.store.Event;
import hooke.store.Run;
import hooke.store.series.Series;
import hooke.track.TrackedRun;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Sends stored runs to an MLflow server: an experiment there holds the runs of one group, a run has the settings as parameters and every
 * point as a metric. A run is found again by its address and hash, which are tags from the moment it is made; so an export that is
 * repeated, after it failed or after the run went on, sends what is not there, whichever answer was lost.
 */
public final class MlflowExport {
    /** Of one request, by the rules of log-batch. */
    private static final int METRICS = 1000;

    private static final int PARAMS = 100;
    private static final int TAGS = 100;
    private static final int PARAM_LENGTH = 6000;
    private static final int TAG_LENGTH = 5000;

    /** Of an answer of get-history. */
    private static final int HISTORY = 25_000;

    private static final String ADDRESS = "hooke.run";
    private static final String HASH = "hooke.hash";
    /** Set last: how many points are there. */
    private static final String POINTS = "hooke.points";

    private final MlflowServer server;

    public MlflowExport(MlflowServer server) {
        this.server = server;
    }

    /**
     * Where a run lies now.
     *
     * @param page that shows it
     * @param sent points that were not there before
     */
    public record Told(String page, long sent) {}

    /** Makes the run there, or adds what is missing. */
    public Told send(TrackedRun tracked) {
        String experiment = experiment(tracked.group());
        String page = server.url() + "/#/experiments/" + experiment + "/runs/";
        JsonNode known = search(experiment, tracked.run());
        String state = status(tracked.run());
        String id = known.path("info").path("run_id").asString("");
        if (tag(known, POINTS).equals(Long.toString(tracked.points()))
                && known.path("info").path("status").asString("").equals(state)) {
            return new Told(page + id, 0);
        }
        boolean isNew = id.isEmpty();
        if (isNew) {
            id = create(experiment, tracked);
        }
        params(id, tracked);
        long sent = 0;
        for (Series series : tracked.series()) {
            sent += metrics(id, tracked, series, isNew ? Set.of() : steps(id, name(series.name())));
        }
        tags(id, tracked);
        var end = new LinkedHashMap<String, Object>(Map.of("run_id", id, "status", state));
        if (!state.equals("RUNNING")) {
            end.put("end_time", millis(tracked.times().ended()));
        }
        server.post("runs/update", end);
        return new Told(page + id, sent);
    }

    private String experiment(String name) {
        Map<String, String> query = Map.of("experiment_name", name);
        JsonNode found = server.find("experiments/get-by-name", query)
                .map(node -> node.path("experiment"))
                .orElseGet(() -> server.post("experiments/create", Map.of("name", name)));
        Check.that(
                !found.path("lifecycle_stage").asString("").equals("deleted"),
                "the experiment '%s' was deleted at %s: restore it there, or remove it for good",
                name,
                server.url());
        return text(found, "experiment_id");
    }

    private JsonNode search(String experiment, Run run) {
        JsonNode answer = server.post(
                "runs/search",
                Map.of(
                        "experiment_ids",
                        List.of(experiment),
                        "filter",
                        "tags.`%s` = '%s' AND tags.`%s` = '%s'".formatted(ADDRESS, run.address(), HASH, run.hash()),
                        "run_view_type",
                        "ACTIVE_ONLY",
                        "max_results",
                        1));
        return answer.path("runs").path(0);
    }

    private static String tag(JsonNode run, String key) {
        for (JsonNode tag : run.path("data").path("tags")) {
            if (tag.path("key").asString("").equals(key)) {
                return tag.path("value").asString("");
            }
        }
        return "";
    }

    private String create(String experiment, TrackedRun tracked) {
        Run run = tracked.run();
        JsonNode answer = server.post(
                "runs/create",
                Map.of(
                        "experiment_id",
                        experiment,
                        "run_name",
                        tracked.label() + "/" + run.seed(),
                        "start_time",
                        millis(tracked.times().begun()),
                        "tags",
                        List.of(pair(ADDRESS, run.address()), pair(HASH, run.hash()))));
        return text(answer.path("run").path("info"), "run_id");
    }

    /** Parameters never change, and the same value again is welcome. */
    private void params(String id, TrackedRun tracked) {
        List<Map<String, ?>> params = new ArrayList<>();
        tracked.settings().forEach((key, value) -> params.add(pair(name(key), cut(value, PARAM_LENGTH))));
        inBatches(params, PARAMS, batch -> server.post("runs/log-batch", Map.of("run_id", id, "params", batch)));
    }

    private long metrics(String id, TrackedRun tracked, Series series, Set<Long> there) {
        List<Map<String, ?>> metrics = new ArrayList<>();
        for (int i = 0; i < series.size(); i++) {
            long step = series.steps()[i];
            if (!there.contains(step)) {
                metrics.add(Map.of(
                        "key",
                        name(series.name()),
                        "value",
                        series.values()[i],
                        "timestamp",
                        millis(tracked.at(step)),
                        "step",
                        step));
            }
        }
        inBatches(metrics, METRICS, batch -> server.post("runs/log-batch", Map.of("run_id", id, "metrics", batch)));
        return metrics.size();
    }

    /** Steps at which the server has a value of a metric. */
    private Set<Long> steps(String id, String metric) {
        Set<Long> steps = new HashSet<>();
        String page = "";
        do {
            var query = new LinkedHashMap<String, String>();
            query.put("run_id", id);
            query.put("metric_key", metric);
            query.put("max_results", Integer.toString(HISTORY));
            if (!page.isEmpty()) {
                query.put("page_token", page);
            }
            JsonNode answer = server.get("metrics/get-history", query);
            // Protocol buffers leave out what is 0, and write whole numbers of 64 bits as strings.
            answer.path("metrics").forEach(m -> steps.add(m.path("step").asLong(0)));
            page = answer.path("next_page_token").asString("");
        } while (!page.isEmpty());
        return steps;
    }

    /** What came of it, the last event of each kind, people's tags; and at the very end how much is there. */
    private void tags(String id, TrackedRun tracked) {
        Run run = tracked.run();
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("hooke.cell", run.name());
        tags.put("hooke.seed", Long.toString(run.seed()));
        tags.put("mlflow.note.content", tracked.note());
        if (run.outcome() != null) {
            tags.put("hooke.outcome", run.outcome());
        }
        for (Event event : tracked.events()) {
            tags.put("hooke.event." + event.kind(), "step %s: %s".formatted(event.step(), event.detail()));
        }
        tracked.tags().forEach(tag -> tags.put("hooke.tag." + tag, "yes"));
        tags.put(POINTS, Long.toString(tracked.points()));
        List<Map<String, ?>> pairs = new ArrayList<>();
        tags.forEach((key, value) -> pairs.add(pair(name(key), cut(value, TAG_LENGTH))));
        inBatches(pairs, TAGS, batch -> server.post("runs/log-batch", Map.of("run_id", id, "tags", batch)));
    }

    private static <T> void inBatches(List<T> all, int size, Consumer<List<T>> send) {
        for (int from = 0; from < all.size(); from += size) {
            send.accept(all.subList(from, Math.min(from + size, all.size())));
        }
    }

    private static String status(Run run) {
        return switch (run.status()) {
            case DONE -> "FINISHED";
            case FAILED, DAMAGED -> "FAILED";
            case STOPPED -> "KILLED";
            case RUNNING -> "RUNNING";
        };
    }

    /** With the characters that every server allows in names. */
    private static String name(String key) {
        String allowed = key.replaceAll("[^\\w./ -]", "_");
        return allowed.substring(0, Math.min(250, allowed.length()));
    }

    private static String cut(String value, int length) {
        return value.length() <= length ? value : value.substring(0, length - 3) + "...";
    }

    private static Map<String, String> pair(String key, String value) {
        return Map.of("key", key, "value", value);
    }

    private static long millis(double seconds) {
        return Math.round(1000 * seconds);
    }

    private String text(JsonNode node, String key) {
        String value = node.path(key).asString("");
        Check.that(!value.isEmpty(), "%s does not answer as an MLflow server does: there is no %s", server.url(), key);
        return value;
    }
}
