package hooke.cli.lens;

import hooke.Amounts;
import hooke.Check;
import hooke.Decimals;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.lens.Examples;
import hooke.lens.logits.DirectAttribution;
import hooke.lens.logits.EarlyAnswers;
import hooke.lens.logits.LogitLens;
import hooke.task.FiniteTask;
import hooke.task.Question;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke lens RUN logits}: which component writes the answers, and when. */
@Command(
        name = "logits",
        description = {
            "Show which components write the answer, and what the model would answer at each layer.",
            "Direct logit attribution: what each component adds to the logit of the right answer, relative to the "
                    + "mean over all classes. Logit lens: what the model would answer if it ended before each layer.",
            "With a question: the most probable answers to it at each layer, for which no right answer need be known."
        },
        footer = {"", "Examples:", "  ./hooke lens list-copy/0 logits", "  ./hooke lens list-copy/0 logits 17 42"})
final class LensLogits implements Callable<Exit> {
    private final Terminal terminal;
    private final LensCommand lens;

    /** Answer positions that a terminal has columns for; of more, their mean is shown. */
    private static final int READABLE = 16;

    /** Answers shown at each layer. */
    private static final int LIKELIEST = 3;

    @Parameters(
            index = "0..*",
            arity = "0..*",
            paramLabel = "QUESTION",
            description = "A question, as for ./hooke ask (default: every example of the test set).")
    private List<String> question = List.of();

    @Option(
            names = "--examples",
            paramLabel = "N",
            description = "How many examples of the test set to use (default: all).")
    private int most = Integer.MAX_VALUE;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    LensLogits(Terminal terminal, LensCommand lens) {
        this.terminal = terminal;
        this.lens = lens;
    }

    @Override
    public Exit call() {
        Check.that(most >= 1, "--examples (%s) must be at least 1", most);
        if (!question.isEmpty()) {
            Check.that(
                    most == Integer.MAX_VALUE,
                    "--examples are of the test set, and a question was given: leave out one");
            return lens.look(this::early);
        }
        return lens.look(looked -> {
            Examples examples = Examples.test(looked.opened()).first(most);
            var direct = DirectAttribution.of(looked.opened(), examples);
            var ended = LogitLens.of(looked.opened(), examples);
            if (json) {
                Map<String, Object> map = new LinkedHashMap<>();
                map.put("run", looked.address());
                map.put("examples", examples.name());
                map.put("attribution", direct);
                map.put("logit_lens", ended);
                terminal.out().print(Json.text(map));
                return;
            }
            List<String> answers = new ArrayList<>();
            for (int position : looked.opened().task().answerPositions()) {
                answers.add(looked.opened().task().positionLabels().get(position));
            }
            String means = answers.size() > READABLE ? ", mean of " + answers.size() + " positions" : "";
            terminal.out()
                    .println("%s on %s, n = %s%s"
                            .formatted(looked.address(), examples.name(), Amounts.count(examples.n()), means));
            if (!means.isEmpty()) {
                answers = List.of("all");
            }
            print(direct, answers);
            print(ended, answers);
        });
    }

    /** What would be answered early, at each position at which the question is answered. */
    private void early(LensCommand.Looked looked) {
        FiniteTask task = looked.opened().task();
        Question asked = task.parseQuestion(question);
        int[] positions = switch (asked) {
            case Question.AtOnce(int[] _, int[] at) -> at;
            case Question.Continued(int[] tokens, int _, int _) -> new int[] {tokens.length - 1};
        };
        List<EarlyAnswers> all = Arrays.stream(positions)
                .mapToObj(position -> EarlyAnswers.of(looked.opened(), asked.tokens(), position, LIKELIEST))
                .toList();
        if (json) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("run", looked.address());
            map.put("tokens", asked.tokens());
            map.put("logit_lens", all);
            terminal.out().print(Json.text(map));
            return;
        }
        terminal.out().println(looked.address() + " on " + String.join(" ", question));
        for (EarlyAnswers early : all) {
            TextTable table = TextTable.of("residual stream", "most probable", "", "then", "", "then", "");
            for (int place = 0; place < early.places().size(); place++) {
                List<String> row = new ArrayList<>(List.of(early.places().get(place)));
                for (EarlyAnswers.Guess guess : early.likeliest().get(place)) {
                    row.add(task.answerLabel(guess.answer()));
                    row.add(Amounts.percent(guess.probability()));
                }
                row.addAll(Collections.nCopies(1 + 2 * LIKELIEST - row.size(), ""));
                table.row(row);
            }
            String where = "if the model ended there, read at position " + early.position();
            terminal.out().print("\n" + terminal.bold(where) + "\n" + table.text("  "));
        }
    }

    private void print(DirectAttribution direct, List<String> answers) {
        List<String> head = new ArrayList<>(List.of("component"));
        answers.forEach(a -> head.add("at " + a));
        TextTable table = TextTable.of(head.toArray(String[]::new));
        for (int c = 0; c < direct.components().size(); c++) {
            table.row(row(direct.components().get(c), direct.logits()[c], answers.size()));
        }
        table.row(row("all", direct.total(), answers.size()));
        terminal.out().print("\n" + terminal.bold("what adds to the right answer's logit") + "\n" + table.text("  "));
    }

    /** At each answer position, the logit of its own answer. */
    private static List<String> row(String name, double[][] logits, int columns) {
        double[] own =
                IntStream.range(0, logits.length).mapToDouble(i -> logits[i][i]).toArray();
        List<String> row = new ArrayList<>(List.of(name));
        for (double logit : columns(own, columns)) {
            row.add(Decimals.format("%.3f", logit));
        }
        return row;
    }

    /** A figure of each answer; their mean where there is one column for all. */
    private static double[] columns(double[] figures, int columns) {
        return columns == figures.length
                ? figures
                : new double[] {Arrays.stream(figures).average().orElse(Double.NaN)};
    }

    private void print(LogitLens ended, List<String> answers) {
        List<String> head = new ArrayList<>(List.of("residual stream"));
        answers.forEach(a -> head.add(a + " right"));
        answers.forEach(a -> head.add(a + " loss (nats)"));
        TextTable table = TextTable.of(head.toArray(String[]::new));
        for (int place = 0; place < ended.places().size(); place++) {
            List<String> row = new ArrayList<>(List.of(ended.places().get(place)));
            for (double accuracy : columns(ended.accuracy()[place], answers.size())) {
                row.add(Decimals.format("%.4f", accuracy));
            }
            for (double loss : columns(ended.loss()[place], answers.size())) {
                row.add(Amounts.figure(loss));
            }
            table.row(row);
        }
        terminal.out().print("\n" + terminal.bold("if the model ended there") + "\n" + table.text("  "));
    }
}
