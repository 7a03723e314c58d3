package hooke.cli.runs;

import hooke.Amounts;
import hooke.Check;
import hooke.cli.arguments.RunArgument;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.lens.Answer;
import hooke.lens.OpenedModel;
import hooke.store.Address;
import hooke.store.RunReader;
import hooke.store.Store;
import hooke.store.files.Checkpoint;
import hooke.task.Question;
import hooke.task.Task;
import hooke.tensor.Scope;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke ask}: puts a question to a trained model. */
@Command(
        name = "ask",
        description = {
            "Ask a trained model: two residues, a list of digits, or whatever its task takes as a question.",
            "Prints the most probable answer, right or wrong."
        },
        footer = {"", "Examples:", "  ./hooke ask quick-grok 7 16", "  ./hooke ask quick-grok/0@500 7 16"})
public final class Ask implements Callable<Exit> {
    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Mixin
    private RunArgument named = new RunArgument();

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "QUESTION",
            description = "What to ask about, as the task writes it.")
    private List<String> question = List.of();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    public Ask(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Override
    public Exit call() {
        try (Store store = Store.openReadOnly(folder.get())) {
            Address found = named.find(store);
            RunReader reader = store.read(found.run());
            Task task = Task.of(reader.experiment().task(), reader.tokenizer());
            Question asked = task.parseQuestion(question);
            List<Checkpoint> all = reader.checkpoints();
            Check.that(
                    !all.isEmpty(),
                    "run %s has no checkpoint to ask yet",
                    found.run().address());
            Checkpoint checkpoint =
                    found.step().isPresent() ? reader.checkpoint(found.step().getAsLong()) : all.getLast();
            try (var _ = new Scope()) {
                Answer answer = Answer.of(OpenedModel.model(reader, checkpoint), asked);
                print(
                        found.run().address() + "@" + checkpoint.step(),
                        task.sentence(asked.tokens(), answer.classes()),
                        answer);
            }
        }
        return Exit.DONE;
    }

    private void print(String from, String sentence, Answer answer) {
        if (json) {
            var map = new LinkedHashMap<String, Object>();
            map.put("run", from);
            map.put("question", question);
            map.put("answer", answer.classes());
            map.put("sentence", sentence);
            map.put("probability", answer.probabilities());
            terminal.out().print(Json.text(map));
            return;
        }
        String chances =
                Arrays.stream(answer.probabilities()).mapToObj(Amounts::percent).collect(Collectors.joining(", "));
        terminal.out().println("%s, with probability %s (%s)".formatted(sentence, chances, from));
    }
}
