package hooke.track;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.cli.Session;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packages of the trackers themselves read what Hooke writes. Runs where {@code TRACKERS_VENV} names a Python environment with
 * tensorboard, mlflow and wandb; nothing but 127.0.0.1 is spoken to.
 */
@Tag("trackers")
@EnabledIfEnvironmentVariable(
        named = "TRACKERS_VENV",
        matches = ".+",
        disabledReason = "TRACKERS_VENV names no Python environment with tensorboard, mlflow and wandb")
final class RealTrackersTest {
    private static final int STARTING_SECONDS = 120;

    @TempDir
    private static Path folder = Path.of("");

    private static TrackedStudy study = new TrackedStudy(Path.of(""));

    @BeforeAll
    static void train() throws IOException {
        study = TrackedStudy.train(folder);
    }

    private static String tool(String name) {
        return Path.of(System.getenv("TRACKERS_VENV"), "bin", name).toString();
    }

    private static String python(String script, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(tool("python"), "-c", script));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private static String csv(String run) {
        return study.hooke("export", run).out();
    }

    @Test
    void tensorBoardReadsEveryPoint() throws Exception {
        Path logs = folder.resolve("logs");
        assertThat(study.hooke("export", "tiny", "two", "--tensorboard", logs.toString())
                        .out()
                        .lines())
                .hasSize(3);

        String read = python("""
                import struct, sys
                from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
                all = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "tensors": 0}).Reload()
                for tag in all.Tags()["scalars"]:
                    for e in all.Scalars(tag):
                        print(tag, e.step, e.value, sep=",")
                assert "| train.steps | 30 |" in all.Tensors("settings")[0].tensor_proto.string_val[0].decode()
                """, logs.resolve("tiny/0").toString());

        assertThat(values(read)).isEqualTo(values(csv("tiny/0").replaceFirst(".*\n", "")));
    }

    /** With as many digits as 32 bits have. */
    private static List<String> values(String lines) {
        return lines.lines()
                .map(line -> line.split(","))
                .map(cells -> cells[0] + "," + cells[1] + "," + (float) Double.parseDouble(cells[2]))
                .sorted()
                .toList();
    }

    /** A file of wandb is a log of LevelDB behind 7 bytes: blocks of 32 KiB, records with checksum, length and kind. */
    @Test
    void wandbReadsEveryPoint() throws Exception {
        for (int times = 0; times < 2; times++) {
            Session session = study.hooke(
                    "export",
                    "two.narrow/1",
                    "--wandb",
                    folder.resolve("tracked").toString(),
                    "--python",
                    tool("python"));
            assertThat(session.status()).as(session.err()).isZero();
        }

        String read = python("""
                import glob, json, sys
                from wandb.proto import wandb_internal_pb2
                (file,) = glob.glob(sys.argv[1] + "/wandb/offline-run-*/*.wandb")
                data, at, whole = open(file, "rb").read(), 7, b""
                while at + 7 <= len(data):
                    if 32768 - at % 32768 < 7:
                        at += 32768 - at % 32768
                        continue
                    size, kind = int.from_bytes(data[at + 4 : at + 6], "little"), data[at + 6]
                    whole += data[at + 7 : at + 7 + size]
                    at += 7 + size
                    if kind in (1, 4):
                        record = wandb_internal_pb2.Record.FromString(whole)
                        whole = b""
                        if record.HasField("run"):
                            assert record.run.run_group == "two" and record.run.display_name == "narrow/1"
                        if record.HasField("history"):
                            row = {i.key or "/".join(i.nested_key): json.loads(i.value_json) for i in record.history.item}
                            for key, value in row.items():
                                if not key.startswith(("_", "events/")):
                                    print(key, row["_step"], value, sep=",")
                """, folder.resolve("tracked").toString());

        assertThat(values(read)).isEqualTo(values(csv("two.narrow/1").replaceFirst(".*\n", "")));
    }

    @Test
    void mlflowHasEveryPointOnce() throws Exception {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        String url = "http://127.0.0.1:" + port;
        Process server = new ProcessBuilder(
                        tool("mlflow"),
                        "server",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--workers",
                        "1",
                        "--backend-store-uri",
                        "sqlite:///" + folder.resolve("mlflow.db"),
                        "--artifacts-destination",
                        folder.resolve("artifacts").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("mlflow.log").toFile())
                .start();
        try {
            awaitHealth(url, server);
            String first = study.hooke("export", "tiny", "two", "--mlflow", url).out();
            assertThat(first.lines()).hasSize(3).allMatch(line -> !line.contains(": 0 points"));
            assertThat(study.hooke("export", "tiny", "two", "--mlflow", url)
                            .out()
                            .lines())
                    .hasSize(3)
                    .allMatch(line -> line.contains(": 0 points sent"));

            String read = python("""
                    import sys
                    from mlflow import MlflowClient
                    client = MlflowClient(sys.argv[1])
                    (run,) = client.search_runs([client.get_experiment_by_name("tiny").experiment_id])
                    assert run.info.status == "FINISHED" and run.data.params["train.steps"] == "30"
                    for key in run.data.metrics:
                        for m in client.get_metric_history(run.info.run_id, key):
                            print(key, m.step, m.value, sep=",")
                    two = client.get_experiment_by_name("two").experiment_id
                    assert sorted(r.info.run_name for r in client.search_runs([two])) == ["narrow/1", "narrow/2"]
                    """, url);
            assertThat(values(read)).isEqualTo(values(csv("tiny/0").replaceFirst(".*\n", "")));
        } finally {
            server.descendants().forEach(ProcessHandle::destroy);
            server.destroy();
            server.waitFor();
        }
    }

    private static void awaitHealth(String url, Process server) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int second = 0; second < STARTING_SECONDS; second++) {
                try {
                    HttpRequest request =
                            HttpRequest.newBuilder(URI.create(url + "/health")).build();
                    if (client.send(request, BodyHandlers.ofString()).statusCode() == 200) {
                        return;
                    }
                } catch (IOException e) {
                    Thread.sleep(1000); // It is not up yet.
                }
                assertThat(server.isAlive())
                        .as(Files.readString(folder.resolve("mlflow.log")))
                        .isTrue();
            }
        }
        throw new AssertionError("the MLflow server did not start: " + Files.readString(folder.resolve("mlflow.log")));
    }
}
