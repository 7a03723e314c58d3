package hooke.cli.runs;

import hooke.Amounts;
import hooke.Printable;
import hooke.cli.arguments.WholeRun;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.config.Estimates;
import hooke.config.Experiment;
import hooke.config.Parameter;
import hooke.config.TrainConfig;
import hooke.config.task.TextConfig;
import hooke.store.Provenance;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.Store;
import hooke.store.files.Checkpoint;
import hooke.task.Task;
import hooke.train.Trainer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hooke card}: a run as a model card. */
@Command(
        name = "card",
        description = "Print a model card of a run in markdown: what it is, how it was trained, its results.",
        footer = {"", "Example:", "  ./hooke card quick-grok > quick-grok.md"})
public final class Card implements Callable<Exit> {
    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Parameters(paramLabel = "RUN", description = "name, or name/seed; a name alone means its smallest seed.")
    private String address = "";

    public Card(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Override
    public Exit call() {
        try (Store store = Store.openReadOnly(folder.get())) {
            terminal.out().print(of(store.read(WholeRun.find(store, address, "card"))));
        }
        return Exit.DONE;
    }

    static String of(RunReader reader) {
        Run run = reader.run();
        Experiment experiment = reader.experiment();
        return "# " + run.address() + "\n"
                + (experiment.note().isEmpty() ? "" : experiment.note() + "\n")
                + "\n" + about(run, experiment)
                + "\n## Model\n" + architecture(experiment)
                + "\n## Data\n" + data(reader)
                + "\n## Training\n" + training(experiment)
                + "\n## Results\n" + results(reader)
                + "\n## Limits\n" + limits(reader)
                + "\n## Use\n" + use(reader, experiment)
                + "\n## Where it comes from\n" + origin(reader);
    }

    private static String about(Run run, Experiment experiment) {
        var table = TextTable.of("", "");
        table.row("created", Amounts.moment(run.created()));
        if (!experiment.tags().isEmpty()) {
            table.row("tags", String.join(", ", experiment.tags()));
        }
        table.row("state", "%s at step %s".formatted(Ls.state(run), Amounts.count(run.step())));
        List<Parameter> parameters = Parameter.of(experiment.model());
        table.row(
                "parameters",
                "%s, of which %s train"
                        .formatted(
                                Amounts.count(Parameter.count(parameters, false)),
                                Amounts.count(Parameter.count(parameters, true))));
        return table.markdown();
    }

    /** The modules as a tree, each with its weights. */
    private static String architecture(Experiment experiment) {
        Map<String, List<Parameter>> modules = Parameter.of(experiment.model()).stream()
                .collect(Collectors.groupingBy(Card::module, LinkedHashMap::new, Collectors.toList()));
        var tree = new StringBuilder("```\n");
        String block = "";
        for (var module : modules.entrySet()) {
            String name = module.getKey();
            String indent = "";
            if (name.startsWith("blocks.")) {
                int end = name.indexOf('.', "blocks.".length()); // -1: a weight of the block itself
                String of = end < 0 ? name : name.substring(0, end);
                if (!of.equals(block)) {
                    tree.append(of).append('\n');
                    block = of;
                }
                name = end < 0 ? "" : name.substring(end + 1) + ": ";
                indent = "  ";
            } else {
                name += ": ";
            }
            String weights = module.getValue().stream()
                    .map(p -> p.shortName() + " " + p.shape() + (p.trainable() ? "" : " frozen"))
                    .collect(Collectors.joining(", "));
            tree.append(indent).append(name).append(weights).append('\n');
        }
        return tree.append("```\n") + "\n" + settings(experiment, "model.");
    }

    private static String module(Parameter parameter) {
        return parameter.name().substring(0, parameter.name().lastIndexOf('.'));
    }

    private static String settings(Experiment experiment, String prefix) {
        var table = TextTable.of("setting", "value");
        experiment.settings().forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                table.row("`" + key + "`", Printable.beginning(value));
            }
        });
        return table.markdown();
    }

    private static String data(RunReader reader) {
        Experiment experiment = reader.experiment();
        Estimates.Data data = Estimates.of(experiment).data();
        return "%s: %s to train on, %s to test on. %s\n\n%s"
                .formatted(
                        experiment.task().examples(data.examples()),
                        Amounts.count(data.train()),
                        Amounts.count(data.test()),
                        reader.isImported()
                                ? "The event of the import says what is known of the split."
                                : experiment.task().splitting(),
                        settings(experiment, "task."));
    }

    private static String training(Experiment experiment) {
        return settings(experiment, "train.");
    }

    private static String results(RunReader reader) {
        Run run = reader.run();
        Experiment experiment = reader.experiment();
        Optional<Trainer.Result> result = Ls.result(run);
        if (result.isEmpty()) {
            return "None yet: the run is not done.\n";
        }
        Trainer.Result r = result.get();
        return "- " + String.join("\n- ", Ending.sentences(experiment, r))
                + "\n\n"
                + Ending.figures(experiment, r).markdown()
                + Ls.took(reader)
                        .map(s -> "\nTook " + Amounts.duration(s) + ".\n")
                        .orElse("");
    }

    private static String limits(RunReader reader) {
        Experiment experiment = reader.experiment();
        TrainConfig train = experiment.train();
        return """
                - One run with one seed (%s): how much another seed changes is not known from it.
                - %s
                - %s
                """.formatted(
                experiment.seed(),
                reader.isImported()
                        ? "Trained by another program: what it did not record and Hooke did not measure is unknown."
                        : "When something happened is known to within %s."
                                .formatted(Amounts.of(
                                        train.evaluateEvery(), "step", "steps, from one evaluation to the next")),
                experiment.task() instanceof TextConfig text
                        ? "The model writes what is probable behind a beginning, as in the %s that it was trained on: not what is true."
                                        .formatted(Amounts.of(text.facts().trainDocuments(), "document", "documents"))
                                + unknown(text)
                        : "The model answers questions of its task and no others.");
    }

    private static String unknown(TextConfig text) {
        int unknown = text.facts().unknown();
        return unknown == 0
                ? ""
                : "\n- Its tokenizer does not know %s of the test set's %s tokens; what they stand for is not scored, so the loss is too low."
                        .formatted(
                                Amounts.count(unknown),
                                Amounts.count(text.facts().testTokens()));
    }

    private static String use(RunReader reader, Experiment experiment) {
        Optional<Checkpoint> last = reader.lastCheckpoint();
        String file = last.map(
                        c -> "The weights are in `%s` (safetensors, SHA-256 `%s`), under TransformerLens' names.\n"
                                .formatted(c.weights().path(), c.weights().sha256()))
                .orElse("");
        String question = Task.of(experiment.task(), reader.tokenizer()).exampleQuestion();
        String ask = experiment.task() instanceof TextConfig
                ? "./hooke generate %s --prompt %s".formatted(reader.run().address(), question)
                : "./hooke ask %s %s".formatted(reader.run().address(), question);
        return file + "\n```\n%s\n```\n".formatted(ask.strip());
    }

    private static String origin(RunReader reader) {
        var table = TextTable.of("", "");
        table.row("experiment", "`" + reader.run().hash() + "`");
        for (Provenance p : reader.provenance()) {
            table.row("command", "`" + p.command() + "`");
            table.row("at", Amounts.moment(p.at()));
            table.row("hooke", (p.hooke() + " " + p.commit()).strip());
            table.row("natives", p.libtorch() + ", " + p.openblas());
            table.row("instructions", p.likeness());
            table.row("machine", "%s, %s, %s".formatted(p.cpu(), p.os(), p.java()));
        }
        return table.markdown();
    }
}
