package hooke.track;

import hooke.config.Estimates;
import hooke.config.Experiment;
import hooke.store.Provenance;
import hooke.store.RunReader;
import hooke.train.Evaluation;
import hooke.train.ResultJson;
import hooke.train.Trainer;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * The lines of a run's log, one JSON object each, with events and fields named as the logger of the headlines study names them ({@code
 * training_step: step, max_steps, loss, elapsed_time}); every line also says which run it is of. NaN and infinities are strings.
 */
final class LogLines {
    private static final ObjectMapper JSON = JsonMapper.shared();

    private final String run;
    private final Experiment experiment;
    private final List<Provenance> provenance;
    private final JsonNode tree;
    private final double begun;

    /** @param begun when the clock of {@code elapsed_time} began, in seconds since 1970 */
    LogLines(RunReader reader, double begun) {
        this.run = reader.run().address();
        this.experiment = reader.experiment();
        this.provenance = reader.provenance();
        this.tree = JSON.readTree(experiment.toJson());
        this.begun = begun;
    }

    /** What is known before the first step. */
    List<String> head() {
        return List.of(
                line("hyperparameters_configured", begun, hyperparameters()),
                line("device_info", begun, device()),
                line("dataset_info", begun, data()),
                line("model_configured", begun, model()),
                line("model_info", begun, parameters()));
    }

    /** Another process goes on: what earlier lines say of later steps is made again. */
    String resumed(long step) {
        return line("training_resumed", begun, fields("step", step));
    }

    /** The loss of an update or, where a batch is all examples, of the training set after so many updates. */
    String training(long step, double loss, double at) {
        return line("training_step", at, progress(step, loss, at));
    }

    /** {@code loss} is that of the test set; every measure is there under the name of its series, too. */
    String validation(Evaluation evaluation, double at) {
        SequencedMap<String, Object> fields =
                progress(evaluation.step(), evaluation.test().loss(), at);
        fields.putAll(evaluation.values());
        return line("validation_step", at, fields);
    }

    /** @param detail JSON */
    String event(long step, String kind, String detail, double at) {
        return line(kind, at, fields("step", step, "detail", JSON.readTree(detail)));
    }

    String finished(Trainer.Result result, double at) {
        SequencedMap<String, Object> fields = fields("step", result.step(), "elapsed_time", seconds(at - begun));
        fields.put("result", JSON.readTree(ResultJson.write(result)));
        return line("training_finished", at, fields);
    }

    private SequencedMap<String, Object> progress(long step, double loss, double at) {
        return fields(
                "step",
                step,
                "max_steps",
                experiment.train().steps(),
                "loss",
                loss,
                "elapsed_time",
                seconds(at - begun));
    }

    private SequencedMap<String, Object> hyperparameters() {
        Estimates.Data data = Estimates.of(experiment).data();
        JsonNode train = tree.path("train");
        return fields(
                "seed", experiment.seed(),
                "epochs", data.epochs(),
                "max_steps", experiment.train().steps(),
                "batch_size", data.batch(),
                "vocab_size", experiment.model().dVocab(),
                "context_length", experiment.model().nCtx(),
                "n_layer", experiment.model().nLayers(),
                "n_head", experiment.model().nHeads(),
                "d_model", experiment.model().dModel(),
                "dropout", train.path("dropout"),
                "optimizer", kind(train.path("optimizer")),
                "lr", experiment.train().optimizer().lr(),
                "weight_decay", train.path("optimizer").path("weight_decay"),
                "scheduler", kind(train.path("schedule")),
                "evaluate_every", experiment.train().evaluateEvery(),
                "hash", experiment.hash(),
                "experiment", tree);
    }

    private SequencedMap<String, Object> device() {
        JsonNode train = tree.path("train");
        SequencedMap<String, Object> fields = fields(
                "device", train.path("device"),
                "engine", train.path("engine"),
                "threads", train.path("threads"),
                "precision", train.path("precision"));
        if (!provenance.isEmpty()) {
            Provenance last = provenance.getLast();
            fields.putAll(fields("cpu", last.cpu(), "cores", last.cores(), "hooke", last.hooke(), "java", last.java()));
        }
        return fields;
    }

    private SequencedMap<String, Object> data() {
        Estimates.Data data = Estimates.of(experiment).data();
        JsonNode task = tree.path("task");
        return fields(
                "task", task.path("kind"),
                "examples_count", data.examples(),
                "train_count", data.train(),
                "test_count", data.test(),
                "epochs", data.epochs(),
                "batches_per_epoch", data.batchesAnEpoch(),
                "tokens_per_epoch",
                        (long) data.batchesAnEpoch()
                                * data.batch()
                                * experiment.task().nCtx(),
                "vocab_size", experiment.model().dVocab(),
                "facts", task.path("facts"));
    }

    private SequencedMap<String, Object> model() {
        JsonNode model = tree.path("model");
        JsonNode dropout = tree.path("train").path("dropout");
        return fields(
                "vocab_size", model.path("d_vocab"),
                "block_size", model.path("n_ctx"),
                "n_layer", model.path("n_layers"),
                "d_model", model.path("d_model"),
                "dropout", dropout,
                "attn_config",
                        fields(
                                "d_model", model.path("d_model"),
                                "n_head", model.path("n_heads"),
                                "block_size", model.path("n_ctx"),
                                "dropout", dropout,
                                "intermediate_dim",
                                        experiment.model().nHeads()
                                                * experiment.model().dHead(),
                                "mask", model.path("mask"),
                                "attention", model.path("attention")),
                "hidden_layer", model.path("d_mlp"),
                "attention_layer", kind(model.path("mask")),
                "norm_type", model.path("norm").path("placement").asString("none"),
                "activation_function", model.path("act_fn"),
                "init_method", kind(model.path("init")));
    }

    private SequencedMap<String, Object> parameters() {
        Estimates estimates = Estimates.of(experiment);
        return fields("parameters_count", estimates.parameters(), "trainable_count", estimates.trainable());
    }

    /** To the millisecond, as a plain number. */
    private static BigDecimal seconds(double seconds) {
        return BigDecimal.valueOf(Math.round(1000 * seconds), 3);
    }

    /** A variant is written as its name where it has no keys of its own. */
    private static String kind(JsonNode variant) {
        return variant.isObject() ? variant.path("kind").asString("") : variant.asString("");
    }

    /** Without those that this experiment does not have. */
    private static SequencedMap<String, Object> fields(Object... namesAndValues) {
        SequencedMap<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (!(namesAndValues[i + 1] instanceof JsonNode node && node.isMissingNode())) {
                fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
            }
        }
        return fields;
    }

    private String line(String event, double at, Map<String, Object> more) {
        SequencedMap<String, Object> line = fields("event", event, "timestamp", seconds(at), "run", run);
        line.putAll(more);
        return JSON.writeValueAsString(line);
    }
}
