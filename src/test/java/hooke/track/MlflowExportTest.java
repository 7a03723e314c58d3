package hooke.track;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import hooke.cli.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * MLflow's rules, held by a server over HTTP: what a request must have, its limits, what it keeps and how it refuses. {@link
 * RealTrackersTest} asks the real one.
 */
final class MlflowExportTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    private static Path folder = Path.of("");

    private static TrackedStudy study = new TrackedStudy(Path.of(""));

    private final Map<String, String> experiments = new LinkedHashMap<>();
    private final Map<String, Kept> runs = new LinkedHashMap<>();
    private HttpServer http;
    private int requests;

    /** The request of this number is carried out or not, and then not answered. */
    private int brokenAt = -1;

    private boolean carriesOutWhatBreaks;

    private static final class Kept {
        private final Map<String, String> tags = new TreeMap<>();
        private final Map<String, String> params = new TreeMap<>();
        private final List<String> points = new ArrayList<>();
        private String status = "RUNNING";
    }

    private static final class Refusal extends RuntimeException {
        private final int status;
        private final String code;

        Refusal(int status, String code, String message) {
            super(message);
            this.status = status;
            this.code = code;
        }
    }

    MlflowExportTest() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeAll
    static void train() throws IOException {
        study = TrackedStudy.train(folder);
    }

    @BeforeEach
    void start() {
        http.createContext("/", this::serve);
        http.start();
    }

    @AfterEach
    void stop() {
        http.stop(0);
    }

    private String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean breaks = ++requests == brokenAt;
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (breaks && !carriesOutWhatBreaks) {
                return;
            }
            int status = 200;
            Object answer;
            try {
                String path = exchange.getRequestURI().getPath();
                if (!path.startsWith("/api/2.0/mlflow/")) {
                    throw new Refusal(404, "ENDPOINT_NOT_FOUND", path);
                }
                answer = answer(path.substring("/api/2.0/mlflow/".length()), exchange, body);
            } catch (Refusal e) {
                status = e.status;
                answer = Map.of("error_code", e.code, "message", String.valueOf(e.getMessage()));
            }
            if (!breaks) {
                byte[] text = JSON.writeValueAsBytes(answer);
                exchange.sendResponseHeaders(status, text.length);
                exchange.getResponseBody().write(text);
            }
        }
    }

    private Object answer(String what, HttpExchange exchange, byte[] body) {
        return switch (exchange.getRequestMethod() + " " + what) {
            case "GET experiments/get-by-name" -> {
                String name = query(exchange).get("experiment_name");
                if (!experiments.containsKey(name)) {
                    throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST", "no experiment " + name);
                }
                yield Map.of("experiment", Map.of("experiment_id", experiments.get(name), "lifecycle_stage", "active"));
            }
            case "POST experiments/create" -> {
                String name = JSON.readTree(body).path("name").asString("");
                if (experiments.putIfAbsent(name, Integer.toString(experiments.size() + 1)) != null) {
                    throw new Refusal(400, "RESOURCE_ALREADY_EXISTS", name);
                }
                yield Map.of("experiment_id", experiments.get(name));
            }
            case "POST runs/search" ->
                Map.of("runs", found(JSON.readTree(body).path("filter").asString("")));
            case "POST runs/create" -> {
                String id = "run" + runs.size();
                runs.put(id, new Kept());
                JSON.readTree(body)
                        .path("tags")
                        .forEach(tag -> runs.get(id)
                                .tags
                                .put(
                                        tag.path("key").asString(""),
                                        tag.path("value").asString("")));
                yield Map.of("run", Map.of("info", Map.of("run_id", id)));
            }
            case "POST runs/log-batch" -> logged(JSON.readTree(body));
            case "GET metrics/get-history" -> history(query(exchange));
            case "POST runs/update" -> {
                JsonNode end = JSON.readTree(body);
                run(end).status = end.path("status").asString("");
                yield Map.of("run_info", Map.of());
            }
            default -> throw new Refusal(404, "ENDPOINT_NOT_FOUND", what);
        };
    }

    private List<Map<String, ?>> found(String filter) {
        return runs.entrySet().stream()
                .filter(e -> Arrays.stream(filter.split(" AND ")).allMatch(condition -> {
                    String[] sides = condition.split("`| = '|'$");
                    return sides[0].equals("tags.")
                            && sides[3].equals(e.getValue().tags.get(sides[1]));
                }))
                .map(e -> Map.of(
                        "info", Map.of("run_id", e.getKey(), "status", e.getValue().status),
                        "data",
                                Map.of(
                                        "tags",
                                        e.getValue().tags.entrySet().stream()
                                                .map(t -> Map.of("key", t.getKey(), "value", t.getValue()))
                                                .toList())))
                .collect(Collectors.toList());
    }

    private Object logged(JsonNode batch) {
        Kept run = run(batch);
        if (batch.path("metrics").size() > 1000
                || batch.path("params").size() > 100
                || batch.path("tags").size() > 100) {
            throw new Refusal(400, "INVALID_PARAMETER_VALUE", "too much at once");
        }
        batch.path("metrics").forEach(m -> {
            if (!m.has("key") || !m.has("value") || !m.has("timestamp") || !m.has("step")) {
                throw new Refusal(400, "INVALID_PARAMETER_VALUE", "a metric lacks a field");
            }
            run.points.add(m.path("key").asString("") + "," + m.path("step").asLong() + ","
                    + m.path("value").asString());
        });
        batch.path("params").forEach(p -> {
            String value = p.path("value").asString("");
            String before = run.params.putIfAbsent(p.path("key").asString(""), value);
            if (before != null && !before.equals(value) || value.length() > 6000) {
                throw new Refusal(400, "INVALID_PARAMETER_VALUE", "a parameter cannot change");
            }
        });
        batch.path("tags")
                .forEach(t ->
                        run.tags.put(t.path("key").asString(""), t.path("value").asString("")));
        return Map.of();
    }

    /** A page is 10 points, so that there are several. */
    private Object history(Map<String, String> query) {
        List<Map<String, String>> all = runs.get(query.get("run_id")).points.stream()
                .map(point -> point.split(","))
                .filter(point -> point[0].equals(query.get("metric_key")))
                .map(point -> Map.of("key", point[0], "step", point[1]))
                .toList();
        int from = Integer.parseInt(query.getOrDefault("page_token", "0"));
        int to = Math.min(all.size(), from + 10);
        return to == all.size()
                ? Map.of("metrics", all.subList(from, to))
                : Map.of("metrics", all.subList(from, to), "next_page_token", Integer.toString(to));
    }

    private Kept run(JsonNode request) {
        Kept run = runs.get(request.path("run_id").asString(""));
        if (run == null) {
            throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST", "no such run");
        }
        return run;
    }

    private static Map<String, String> query(HttpExchange exchange) {
        return Arrays.stream(exchange.getRequestURI().getRawQuery().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    private static List<String> stored() {
        return study.hooke("export", "tiny/0").out().lines().skip(1).sorted().toList();
    }

    @Test
    void everythingArrivesOnce() {
        Session session = study.hooke("export", "tiny", "two", "--mlflow", url());

        assertThat(session.status()).as(session.err()).isZero();
        assertThat(experiments).containsOnlyKeys("tiny", "two");
        assertThat(runs).hasSize(3);
        Kept tiny = runs.get("run0");
        assertThat(tiny.points.stream().sorted()).containsExactlyElementsOf(stored());
        assertThat(tiny.params).containsEntry("train.steps", "30").containsEntry("model.d_model", "16");
        assertThat(tiny.tags).containsEntry("hooke.run", "tiny/0").containsEntry("hooke.tag.thimble", "yes");
        assertThat(tiny.status).isEqualTo("FINISHED");
    }

    /** Wherever it breaks, before or after the server did what was asked, the next export makes up for exactly that. */
    @Test
    void whateverBreaksTheNextExportMakesUpForIt() {
        study.hooke("export", "tiny", "--mlflow", url());
        int whole = requests;
        int refused = 0;
        for (boolean carriedOut : new boolean[] {false, true}) {
            for (int at = 1; at <= whole; at++) {
                experiments.clear();
                runs.clear();
                requests = 0;
                brokenAt = at;
                carriesOutWhatBreaks = carriedOut;
                Session broken = study.hooke("export", "tiny", "--mlflow", url());
                if (broken.status() != 0) { // Java itself asks a question again; what changes something it sends once.
                    refused++;
                    assertThat(broken.status()).isEqualTo(2);
                    assertThat(broken.err())
                            .startsWith("hooke: the connection to the MLflow server at " + url() + " broke during ")
                            .endsWith("the same command sends what is missing\n")
                            .hasLineCount(1);
                }
                brokenAt = -1;
                assertThat(study.hooke("export", "tiny", "--mlflow", url()).status())
                        .isZero();
                assertThat(runs).as("broken at request %s", at).hasSize(1);
                assertThat(runs.get("run0").points.stream().sorted()).containsExactlyElementsOf(stored());
                assertThat(runs.get("run0").status).isEqualTo("FINISHED");
            }
        }
        assertThat(refused).isGreaterThan(16);
    }

    @Test
    void aRepeatedExportSendsNothing() {
        study.hooke("export", "tiny", "--mlflow", url());
        requests = 0;

        assertThat(study.hooke("export", "tiny", "--mlflow", url() + "/").out())
                .isEqualTo("tiny/0: 0 points sent, %s/#/experiments/1/runs/run0\n".formatted(url()));
        assertThat(requests).isEqualTo(2);
    }

    @Test
    void oneSentenceSaysWhatIsWrong() throws IOException {
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        String nobody = "http://127.0.0.1:" + free;
        assertThat(study.hooke("export", "tiny", "--mlflow", nobody))
                .extracting(Session::status, Session::err)
                .containsExactly(
                        2,
                        "hooke: no MLflow server answers at " + nobody
                                + "; once that is mended, the same command sends what is missing\n");
        assertThat(study.hooke("export", "tiny", "--mlflow", "localhost:5000").err())
                .isEqualTo(
                        "hooke: --mlflow (localhost:5000) must be the address of a server, as in http://127.0.0.1:5000\n");
        assertThat(study.hooke("export", "tiny", "--mlflow", url() + "/elsewhere")
                        .err())
                .startsWith("hooke: the MLflow server at " + url()
                        + "/elsewhere refused experiments/get-by-name with HTTP status 404: ENDPOINT_NOT_FOUND")
                .hasLineCount(1);
    }
}
