package hooke.cli;

import hooke.Check;
import hooke.hook.Hooks;
import hooke.lens.OpenedModel;
import hooke.store.Address;
import hooke.store.Checkpoint;
import hooke.store.RunReader;
import hooke.store.Store;
import hooke.task.FiniteTask;
import hooke.task.Task;
import hooke.tensor.DType;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke ask}: puts a question to a trained model. */
@Command(
        name = "ask",
        description = {
            "Ask a trained model: two residues for modular arithmetic, a list of digits for list copy.",
            "Prints the most probable answer, right or wrong."
        },
        footer = {"", "Examples:", "  ./hooke ask quick-grok 7 16", "  ./hooke ask quick-grok/0@500 7 16"})
final class Ask implements Callable<Integer> {
    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "name, name/seed or name/seed@step; the last checkpoint if no step is given.")
    private String address = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "QUESTION", description = "The numbers to ask about.")
    private List<String> question = List.of();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    Ask(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    /** @param probabilities of each class given, in the order of the answer's positions */
    private record Answer(String sentence, int[] classes, double[] probabilities) {}

    @Override
    public Integer call() {
        try (Store store = Store.openReadOnly(folder.get())) {
            Address found = store.find(address);
            RunReader reader = store.read(found.run());
            int[] tokens = Task.of(reader.experiment().task()).parseQuestion(question);
            List<Checkpoint> all = reader.checkpoints();
            Check.that(
                    !all.isEmpty(),
                    "run %s has no checkpoint to ask yet",
                    found.run().address());
            Checkpoint checkpoint =
                    found.step().isPresent() ? reader.checkpoint(found.step().getAsLong()) : all.getLast();
            try (var _ = new Scope()) {
                OpenedModel opened = OpenedModel.of(reader, checkpoint);
                print(found.run().address() + "@" + checkpoint.step(), answer(opened, tokens));
            }
        }
        return Main.DONE;
    }

    private static Answer answer(OpenedModel opened, int[] tokens) {
        FiniteTask task = opened.task();
        int[] positions = task.answerPositions();
        int[] classes = new int[positions.length];
        double[] probabilities = new double[positions.length];
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            Tensor logits = opened.model().forward(new int[][] {tokens}, Hooks.NONE); // [1, pos, d_vocab_out]
            for (int i = 0; i < positions.length; i++) {
                double[] chances = logits.select(0, 0)
                        .select(0, positions[i])
                        .to(DType.F64)
                        .softmax(0)
                        .toDoubles(); // [d_vocab_out]
                for (int c = 0; c < chances.length; c++) {
                    if (chances[c] > chances[classes[i]]) {
                        classes[i] = c;
                    }
                }
                probabilities[i] = chances[classes[i]];
            }
        }
        return new Answer(task.sentence(tokens, classes), classes, probabilities);
    }

    private void print(String from, Answer answer) {
        if (json) {
            var map = new LinkedHashMap<String, Object>();
            map.put("run", from);
            map.put("question", question);
            map.put("answer", answer.classes());
            map.put("probability", answer.probabilities());
            terminal.out().print(Json.text(map));
            return;
        }
        String chances = Arrays.stream(answer.probabilities())
                .mapToObj(p -> String.format(Locale.ROOT, "%.2f%%", 100 * p))
                .collect(Collectors.joining(", "));
        terminal.out().println("%s, with probability %s (%s)".formatted(answer.sentence(), chances, from));
    }
}
