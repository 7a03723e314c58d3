package hooke.cli.train;

import hooke.Amounts;
import hooke.Printable;
import hooke.cli.arguments.ExperimentArgument;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.config.Difference;
import hooke.config.Estimates;
import hooke.config.Experiment;
import hooke.config.Fit;
import hooke.config.Parameter;
import hooke.config.TrainConfig;
import hooke.config.task.LifeConfig;
import hooke.config.task.OwnConfig;
import hooke.config.task.TableConfig;
import hooke.config.task.TaskConfig;
import hooke.config.task.TextConfig;
import hooke.task.Split;
import hooke.task.Task;
import hooke.train.Training;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hooke explain}: all that follows from an experiment file before anything is computed. */
@Command(
        name = "explain",
        description = "Show what an experiment is: every setting, parameters, work, memory, data.",
        footer = {
            "",
            "Examples:",
            "  ./hooke explain quick-grok",
            "  ./hooke explain modmul-113 --params",
            "  ./hooke explain list-copy --set model.d_model=64 --json"
        })
public final class Explain implements Callable<Exit> {
    private final Terminal terminal;

    @Mixin
    private ExperimentArgument argument = new ExperimentArgument();

    @Option(names = "--params", description = "List every parameter: name, shape, whether it is trained.")
    private boolean listParameters;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    public Explain(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Exit call() {
        Experiment asked = argument.read(terminal);
        Experiment experiment = asked.resolved(Runtime.getRuntime().availableProcessors());
        Estimates estimates = Estimates.of(experiment);
        List<Parameter> parameters = Parameter.of(experiment.model());
        if (json) {
            terminal.out().print(Json.text(asMap(experiment, estimates, listParameters ? parameters : List.of())));
        } else if (listParameters) {
            terminal.out().print(table(parameters).text(""));
        } else {
            terminal.out()
                    .print(head(experiment)
                            + settings(asked, experiment)
                            + sizes(experiment, estimates)
                            + engine(asked)
                            + Training.lackHere(experiment)
                                    .map(lack -> "It cannot be trained on this machine: " + lack + ".\n")
                                    .orElse("")
                            + Fit.here()
                                    .lack(experiment)
                                    .map(lack -> "It does not fit on this machine: " + lack + ".\n")
                                    .orElse(""));
        }
        return Exit.DONE;
    }

    private String head(Experiment e) {
        return terminal.bold(e.name() + "/" + e.seed()) + "\n"
                + (e.note().isEmpty() ? "" : e.note() + "\n")
                + (e.tags().isEmpty() ? "" : "tags: " + String.join(", ", e.tags()) + "\n");
    }

    private static String settings(Experiment asked, Experiment resolved) {
        Map<String, Difference> changed =
                Difference.fromDefaults(asked).stream().collect(Collectors.toMap(Difference::key, d -> d));
        Map<String, String> written = asked.settings();
        Set<String> unread = asked.unread().keySet();
        var table = TextTable.of("setting", "value", "default");
        resolved.settings().forEach((key, value) -> {
            if (!List.of("name", "note", "tags").contains(key)) {
                boolean auto = !value.equals(written.get(key));
                @Nullable Difference difference = changed.get(key);
                String remark = auto ? " (auto)" : unread.contains(key) ? " (no effect)" : "";
                table.row(key, Printable.beginning(value) + remark, difference == null ? "" : otherwise(difference));
            }
        });
        return "\n" + table.text("");
    }

    private static String otherwise(Difference difference) {
        return difference.before() == null ? "-" : difference.before();
    }

    private static String sizes(Experiment e, Estimates needs) {
        var groups = TextTable.of("parameters", "all", "train");
        for (Estimates.Group g : needs.groups()) {
            groups.row(g.name(), Amounts.count(g.parameters()), Amounts.count(g.trainable()));
        }
        groups.row("together", Amounts.count(needs.parameters()), Amounts.count(needs.trainable()));
        Estimates.Data data = needs.data();
        Estimates.Memory memory = needs.memory();
        double allFlops = needs.stepFlops() * e.train().steps() + needs.evaluationFlops() * needs.evaluations();
        var rest = TextTable.headless(2)
                .row(
                        "data",
                        data.examples() == 0
                                ? "not counted"
                                : "%s: %s train, %s test, %s in both"
                                        .formatted(
                                                e.task().examples(data.examples()),
                                                Amounts.count(data.train()),
                                                Amounts.count(data.test()),
                                                e.task() instanceof TextConfig
                                                        ? Amounts.of(overlap(e), "document", "documents")
                                                        : Amounts.count(overlap(e))))
                .row(
                        "batches",
                        "%s, %s an epoch, %s left out; %s epochs"
                                .formatted(
                                        e.task().examples(data.batch()),
                                        Amounts.count(data.batchesAnEpoch()),
                                        Amounts.count(data.leftOut()),
                                        Amounts.parts(data.epochs())))
                .row(
                        "work",
                        "%s a step, %s an evaluation, %s in all (matrix products, dense)"
                                .formatted(
                                        Amounts.of(needs.stepFlops(), "FLOP"),
                                        Amounts.of(needs.evaluationFlops(), "FLOP"),
                                        Amounts.of(allFlops, "FLOP")))
                .row(
                        "memory",
                        "%s, %s of it in the Java heap: weights %s, gradients %s, moments %s, activations about %s%s"
                                .formatted(
                                        Amounts.of(memory.total(), "B"),
                                        Amounts.of(memory.heap(), "B"),
                                        Amounts.bytes(memory.weights()),
                                        Amounts.bytes(memory.gradients()),
                                        Amounts.bytes(memory.moments()),
                                        Amounts.of(memory.activations(), "B"),
                                        otherwise(e.train().recompute(), memory)))
                .row(
                        "disk",
                        "%s of %s"
                                .formatted(
                                        Amounts.of(needs.checkpoints(), "checkpoint", "checkpoints"),
                                        Amounts.bytes(memory.weights())));
        String remarks = e.task().remarks().stream()
                .map(remark -> "note: " + remark + "\n")
                .collect(Collectors.joining());
        return "\n" + groups.text("") + "\n" + rest.text("") + remarks;
    }

    /** What activations would take with the other setting of {@code train.recompute}, where there is a choice. */
    private static String otherwise(TrainConfig.Recompute recompute, Estimates.Memory memory) {
        if (memory.kept() == memory.recomputed()) {
            return "";
        }
        return switch (recompute) {
            case NONE -> " (%s with train.recompute=blocks)".formatted(Amounts.of(memory.recomputed(), "B"));
            case BLOCKS -> " (%s without train.recompute)".formatted(Amounts.of(memory.kept(), "B"));
        };
    }

    /** The splits of all tasks but tables and boards are of different examples, and cost time to draw. */
    private static int overlap(Experiment experiment) {
        return switch (experiment.task()) {
            case TableConfig _, LifeConfig _, TextConfig _ -> {
                Task task = Task.of(experiment.task());
                yield task.overlap(Split.of(experiment, task));
            }
            case TaskConfig.ModularArithmetic _, TaskConfig.Permutation _, TaskConfig.ListCopy _ -> 0;
            case TaskConfig.None _, OwnConfig _ -> 0;
        };
    }

    /** Which engine trains it, and why. */
    private static String engine(Experiment asked) {
        String lack = asked.beyondFused().orElse("");
        return switch (asked.train().engine()) {
            case AUTO ->
                lack.isEmpty()
                        ? "engine fused: %s on a CPU, which it covers; --set train.engine=torch is the reference\n"
                                .formatted(asked.isTiny() ? "a tiny model" : "sequences")
                        : "engine torch: the fused engine does not cover this, " + lack + "\n";
            case TORCH -> "engine torch, as asked" + (lack.isEmpty() ? "; the fused engine covers this, too\n" : "\n");
            case FUSED -> "engine fused, as asked\n";
        };
    }

    private static TextTable table(List<Parameter> parameters) {
        var table = TextTable.of("parameter", "shape", "values", "trains");
        for (Parameter p : parameters) {
            table.row(p.name(), p.shape().toString(), Amounts.count(p.size()), p.trainable() ? "yes" : "no");
        }
        return table;
    }

    private static Map<String, Object> asMap(Experiment e, Estimates needs, List<Parameter> parameters) {
        var map = new LinkedHashMap<String, Object>();
        map.put("experiment", e.toMap());
        map.put("hash", e.hash());
        map.put("cell", e.cellHash());
        e.beyondFused().ifPresent(lack -> map.put("beyond_fused", lack));
        Training.lackHere(e).ifPresent(lack -> map.put("lacks_here", lack));
        map.put("parameters", needs.parameters());
        map.put("trainable", needs.trainable());
        map.put("needs", needs);
        if (!parameters.isEmpty()) {
            map.put("parameter_list", parameters);
        }
        return map;
    }
}
