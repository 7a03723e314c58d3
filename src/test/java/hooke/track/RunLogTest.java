package hooke.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.cli.Session;
import hooke.config.EventKind;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.sweep.work.PlantedWorker;
import hooke.train.Evaluation;
import hooke.train.Recorder;
import hooke.train.StoredTraining;
import hooke.train.Trainer;
import hooke.train.Training;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The log of a training, as it goes and afterwards. */
final class RunLogTest {
    @TempDir
    private static Path folder = Path.of("");

    private static Path file = Path.of("");
    private static List<JsonNode> live = List.of();

    @BeforeAll
    static void train() throws IOException {
        file = Files.writeString(folder.resolve("tiny.yaml"), """
                task: {kind: modular-arithmetic, operation: add, modulus: 5, train_fraction: 0.8}
                model: {n_layers: 1, d_model: 16, n_heads: 2, norm: {kind: layer-norm, placement: post}}
                train: {steps: 30, batch: 8, evaluate_every: 10, checkpoint_every: 10, optimizer: {lr: 0.01}}
                """);
        Path log = Files.writeString(folder.resolve("log.jsonl"), "{\"event\":\"cut o"); // by a kill
        Session session = hooke("run", file.toString(), "--no-report", "--log-json", log.toString());
        assertThat(session.status()).as(session.err()).isZero();
        List<String> lines = Files.readAllLines(log);
        assertThat(lines.getFirst()).isEqualTo("{\"event\":\"cut o");
        live = nodes(lines.subList(1, lines.size()));
    }

    private static Session hooke(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--store", folder.resolve("runs").toString()));
        return Session.of(all.toArray(String[]::new));
    }

    private static List<JsonNode> nodes(List<String> lines) {
        return lines.stream().map(line -> JsonMapper.shared().readTree(line)).toList();
    }

    private static List<JsonNode> named(List<JsonNode> all, String event) {
        return all.stream()
                .filter(n -> n.path("event").asString("").equals(event))
                .toList();
    }

    @Test
    void theEventsAreThoseOfTheOriginal() {
        assertThat(live.subList(0, 5))
                .extracting(n -> n.path("event").asString(""))
                .containsExactly(
                        "hyperparameters_configured", "device_info", "dataset_info", "model_configured", "model_info");
        assertThat(live.getFirst().path("optimizer").asString("")).isEqualTo("adamw");
        assertThat(live.getFirst().path("batch_size").asInt(0)).isEqualTo(8);
        assertThat(live.get(2).path("batches_per_epoch").asInt(0)).isEqualTo(2);
        assertThat(live.get(3).path("norm_type").asString("")).isEqualTo("post");
        assertThat(live.get(4).path("parameters_count").asInt(0)).isPositive();
        assertThat(named(live, "training_step"))
                .hasSize(30)
                .allSatisfy(n -> assertThat(List.of("step", "max_steps", "loss", "elapsed_time", "timestamp", "run"))
                        .allMatch(n::has));
        assertThat(named(live, "validation_step"))
                .extracting(n -> n.path("step").asInt(-1))
                .containsExactly(0, 10, 20, 30);
        assertThat(live.getLast().path("event").asString("")).isEqualTo("training_finished");
    }

    @Test
    void whatIsStoredGivesTheSameLines() {
        Session session = hooke("export", "tiny", "--log-json");

        assertThat(untimed(nodes(session.out().lines().toList()))).isEqualTo(untimed(live));
    }

    private static List<JsonNode> untimed(List<JsonNode> lines) {
        return lines.stream()
                .map(line -> (JsonNode) ((ObjectNode) line.deepCopy()).remove(List.of("timestamp", "elapsed_time")))
                .toList();
    }

    @Test
    void aSweepLogsEachOfItsRuns() throws IOException {
        Path sweep = Files.writeString(folder.resolve("two.yaml"), """
                base: tiny.yaml
                seeds: [1, 2]
                cells: {narrow: {model.d_model: 8}}
                """);
        Path log = folder.resolve("sweep.jsonl");

        Session session = hooke("sweep", sweep.toString(), "--workers", "2", "--log-json", log.toString());

        assertThat(session.status()).as(session.err()).isZero();
        List<JsonNode> all = nodes(Files.readAllLines(log));
        assertThat(named(all, "training_finished"))
                .extracting(n -> n.path("run").asString("").replaceAll(".*/", ""))
                .containsExactlyInAnyOrder("1", "2");
        assertThat(named(all, "training_step")).hasSize(60);
    }

    /** At step 17, after the checkpoint of step 10. */
    @Test
    void whatIsTrainedAgainIsLoggedOnce() throws IOException {
        Path log = folder.resolve("killed.jsonl");
        Experiment experiment = Experiments.read(file, List.of()).withSeed(7).resolved(1);
        try (Store store = Store.open(folder.resolve("runs"));
                RunWriter run = store.claim(experiment, PlantedWorker.HERE);
                LogFile lines = LogFile.append(log, _ -> {})) {
            assertThatThrownBy(() -> new StoredTraining(store, run)
                            .train(
                                    to -> RunLog.over(store.read(run.run()), lines, () -> 0, dyingAt(17, to)),
                                    _ -> {},
                                    () -> false))
                    .hasMessage("killed");
        }
        Files.writeString(log, "{\"event\":\"trai", StandardOpenOption.APPEND); // the line that it was at

        Session session = hooke("run", file.toString(), "--seed", "7", "--no-report", "--log-json", log.toString());

        assertThat(session.status()).as(session.err()).isZero();
        List<JsonNode> all = nodes(Files.readAllLines(log).stream()
                .filter(line -> line.endsWith("}"))
                .toList());
        assertThat(named(all, "training_resumed"))
                .extracting(n -> n.path("step").asInt())
                .containsExactly(10);
        assertThat(named(all, "training_step"))
                .extracting(n -> n.path("step").asInt())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 30).boxed().toList());
        assertThat(named(all, "validation_step"))
                .extracting(n -> n.path("step").asInt())
                .containsExactly(0, 10, 20, 30);
        assertThat(named(all, "model_info")).hasSize(1);
        assertThat(untimed(named(all, "training_step")))
                .isEqualTo(untimed(named(
                        nodes(hooke("export", "tiny/7", "--log-json")
                                .out()
                                .lines()
                                .toList()),
                        "training_step")));
    }

    private static Recorder dyingAt(long fatal, Recorder to) {
        return new Recorder() {
            @Override
            public void log(long step, String series, double value) {
                if (step == fatal) {
                    throw new InputException("killed");
                }
                to.log(step, series, value);
            }

            @Override
            public void evaluated(Evaluation evaluation) {
                to.evaluated(evaluation);
            }

            @Override
            public void event(long step, EventKind kind, String detail) {
                to.event(step, kind, detail);
            }

            @Override
            public void checkpoint(Training training) {
                to.checkpoint(training);
            }

            @Override
            public void finished(Trainer.Result result) {
                to.finished(result);
            }
        };
    }

    @Test
    void trainingGoesOnWithoutALogThatNobodyTakes() {
        var warnings = new ArrayList<String>();
        var full = new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("full");
                    }
                },
                false,
                StandardCharsets.UTF_8);
        try (var log = LogFile.to(full, warnings::add)) {
            log.add("{}");
            log.add("{}");
        }

        assertThat(warnings)
                .containsExactly(
                        "the log can no longer be written to standard output: nobody takes it; training goes on,"
                                + " and export --log-json gives it whole");
    }

    @Test
    void whatCannotBeIsRefusedFirst() {
        assertThat(hooke(
                                "run",
                                file.toString(),
                                "--log-json",
                                folder.resolve("no/log").toString())
                        .err())
                .contains("cannot be written: there is no folder");
        assertThat(hooke("run", file.toString(), "--json", "--log-json").err())
                .isEqualTo("hooke: --json and --log-json both print to standard output: give --log-json a file\n");
        assertThat(hooke("export", "tiny", "--json", "--log-json").status()).isEqualTo(2);
    }
}
