package hooke.track.mlflow;

import hooke.Check;
import hooke.InputException;
import hooke.Printable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server, as far as requests and answers go. A server that does not answer, refuses, or is none of MLflow's is an {@link
 * InputException} of one sentence.
 *
 * @param url without a slash at its end
 * @param authorization the header of that name; empty for none
 */
public record MlflowServer(String url, String authorization, HttpClient client) {
    private static final String AGAIN = "; once that is mended, the same command sends what is missing";
    private static final Duration CONNECTING = Duration.ofSeconds(10);
    private static final Duration ANSWERING = Duration.ofSeconds(60);

    /** NaN and infinities as strings, which is how protocol buffers write them in JSON. */
    private static final ObjectMapper JSON = JsonMapper.shared();

    public static MlflowServer at(String url, String authorization) {
        Check.that(
                isHttp(url),
                "--mlflow (%s) must be the address of a server, as in http://127.0.0.1:5000",
                Printable.line(url));
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECTING)
                .build();
        return new MlflowServer(url.replaceFirst("/+$", ""), authorization, client);
    }

    private static boolean isHttp(String url) {
        try {
            var uri = new URI(url);
            return List.of("http", "https").contains(String.valueOf(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getQuery() == null
                    && uri.getFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    JsonNode post(String path, Map<String, ?> body) {
        return answer(path, send(path, request(path).POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))));
    }

    JsonNode get(String path, Map<String, String> query) {
        return answer(path, send(path, request(path + words(query)).GET()));
    }

    /** Empty where there is no such thing. */
    Optional<JsonNode> find(String path, Map<String, String> query) {
        HttpResponse<String> response = send(path, request(path + words(query)).GET());
        boolean none = errorCode(response).equals("RESOURCE_DOES_NOT_EXIST");
        return none ? Optional.empty() : Optional.of(answer(path, response));
    }

    private static String words(Map<String, String> query) {
        return query.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", "?", ""));
    }

    private HttpRequest.Builder request(String pathAndQuery) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/api/2.0/mlflow/" + pathAndQuery))
                .timeout(ANSWERING)
                .header("Content-Type", "application/json");
        return authorization.isEmpty() ? request : request.header("Authorization", authorization);
    }

    private HttpResponse<String> send(String path, HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new InputException("no MLflow server answers at " + url + AGAIN, e);
        } catch (HttpTimeoutException e) {
            throw new InputException("the MLflow server at " + url + " did not answer " + path + " in time" + AGAIN, e);
        } catch (IOException e) {
            throw new InputException(
                    "the connection to the MLflow server at " + url + " broke during " + path + AGAIN, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InputException("the export was interrupted" + AGAIN, e);
        }
    }

    private JsonNode answer(String path, HttpResponse<String> response) {
        int status = response.statusCode();
        if (status == 200) {
            JsonNode body = tree(response.body());
            Check.that(body.isObject(), "%s is not the address of an MLflow server: %s gave no JSON", url, path);
            return body;
        }
        String code = errorCode(response);
        String said = code.isEmpty() ? "" : ": " + code + ", " + message(response);
        throw new InputException("the MLflow server at %s refused %s with HTTP status %s%s%s"
                .formatted(url, path, status, Printable.line(said), AGAIN));
    }

    private static String errorCode(HttpResponse<String> response) {
        return response.statusCode() == 200
                ? ""
                : tree(response.body()).path("error_code").asString("");
    }

    private static String message(HttpResponse<String> response) {
        String whole = tree(response.body())
                .path("message")
                .asString("")
                .lines()
                .findFirst()
                .orElse("");
        return whole.length() > 300 ? whole.substring(0, 300) + "..." : whole;
    }

    private static JsonNode tree(String body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            return JSON.missingNode();
        }
    }

    /** {@code Bearer ...} for a token, {@code Basic ...} for a name with its password, else nothing; from MLflow's own variables. */
    public static String authorization(Map<String, String> environment) {
        String token = environment.getOrDefault("MLFLOW_TRACKING_TOKEN", "");
        String user = environment.getOrDefault("MLFLOW_TRACKING_USERNAME", "");
        if (!user.isEmpty()) {
            String pair = user + ":" + environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", "");
            return "Basic " + java.util.Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        }
        return token.isEmpty() ? "" : "Bearer " + token;
    }
}
