package hooke.cli.lens;

import hooke.Check;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.config.Mask;
import hooke.config.task.TextConfig;
import hooke.lens.Answer;
import hooke.lens.Examples;
import hooke.lens.OpenedModel;
import hooke.lens.attention.AttentionExample;
import hooke.lens.attention.AttentionPattern;
import hooke.task.FiniteTask;
import hooke.task.Question;
import hooke.view.lens.AttentionPage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke lens RUN patterns}: what every head attends to on one example. */
@Command(
        name = "patterns",
        description = {
            "Show what every head attends to on one example: queries in rows, keys in columns.",
            "Each row sums to 1; a dot marks a masked key. --page writes an HTML page to explore; without a "
                    + "question it shows the first examples of the test set."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke lens list-copy/0 patterns 17 42",
            "  ./hooke lens list-copy/0 patterns --page",
            "  ./hooke lens quick-grok patterns --json"
        })
final class LensPatterns implements Callable<Exit> {
    /** Positions for which a terminal has room. */
    private static final int READABLE = 16;

    /** Tokens of a block that a page shows where nobody asked for others. */
    private static final int BEGINNING = 64;

    private final Terminal terminal;
    private final LensCommand lens;

    @Parameters(
            index = "0..*",
            arity = "0..*",
            paramLabel = "QUESTION",
            description = "The example, as for ./hooke ask (default: an example from the middle of the test set).")
    private List<String> question = List.of();

    @Option(names = "--layer", paramLabel = "N", description = "Only this layer, counted from 0.")
    private int layer = -1;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--page", description = "Write an HTML page to explore instead.")
    private boolean page;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "The folder to write the page to (default: reports in the store).")
    private @Nullable Path out;

    LensPatterns(Terminal terminal, LensCommand lens) {
        this.terminal = terminal;
        this.lens = lens;
    }

    @Override
    public Exit call() {
        Check.that(!(page && json), "patterns prints --json or writes a --page, not both");
        Check.that(!(page && layer >= 0), "a --page shows every layer: leave out --layer");
        return lens.look(looked -> {
            OpenedModel opened = looked.opened();
            int layers = opened.model().config().nLayers();
            Check.that(layer < layers, "--layer (%s) must be from 0 to %s, the last of the model", layer, layers - 1);
            FiniteTask task = opened.task();
            if (page) {
                writePage(looked);
                return;
            }
            int[] tokens = question.isEmpty() ? example(opened) : read(opened);
            if (tokens.length > READABLE && !json) {
                terminal.err()
                        .println("shown are the first %s of %s positions: --page and --json have them all"
                                .formatted(READABLE, tokens.length));
            }
            List<AttentionPattern> patterns = AttentionPattern.of(opened, tokens).stream()
                    .filter(p -> layer < 0 || p.layer() == layer)
                    .toList();
            if (json) {
                printJson(looked.address(), task, tokens, patterns);
            } else {
                print(looked.address(), opened, tokens, patterns);
            }
        });
    }

    /** From the middle of all examples. */
    private static int[] example(OpenedModel opened) {
        int middle = opened.task().size() / 2;
        int end = Math.min(opened.task().size(), middle + AttentionPage.EXAMPLES);
        return Examples.all(opened).range(middle, end).mostVariedFirst().tokens()[0];
    }

    private void writePage(LensCommand.Looked looked) {
        OpenedModel opened = looked.opened();
        FiniteTask task = opened.task();
        Path file = lens.file(out, looked.address(), "attention.html");
        List<AttentionExample> examples = question.isEmpty() ? tested(opened) : List.of(asked(opened, read(opened)));
        AttentionPage.of(
                        looked.address(),
                        opened.model().config(),
                        positions(task, examples.getFirst().tokens().size()),
                        examples)
                .write(file);
        terminal.out().println(file);
    }

    /** Of the test set, as many as a page has room for; of a text the beginnings of blocks. */
    private static List<AttentionExample> tested(OpenedModel opened) {
        Examples all = Examples.test(opened);
        Examples some = opened.experiment().task() instanceof TextConfig ? all.beginnings(BEGINNING) : all;
        int room = AttentionPage.examples(opened.model().config(), some.tokens()[0].length);
        return AttentionExample.of(opened, some.first(room).mostVariedFirst());
    }

    /** What the model reads of the question, and of its own answer where it goes on from that. */
    private int[] read(OpenedModel opened) {
        Question asked = opened.task().parseQuestion(question);
        return Answer.of(opened.model(), asked).tokens();
    }

    /** The task's positions, or plain numbers where a question has another length than its examples. */
    private static List<String> positions(FiniteTask task, int length) {
        List<String> labels = task.positionLabels();
        return labels.size() == length
                ? labels
                : IntStream.range(0, length).mapToObj(Integer::toString).toList();
    }

    private static AttentionExample asked(OpenedModel opened, int[] tokens) {
        List<String> labels =
                Arrays.stream(tokens).mapToObj(opened.task()::tokenLabel).toList();
        return new AttentionExample(String.join(" ", labels), labels, AttentionPattern.of(opened, tokens));
    }

    private void print(String address, OpenedModel opened, int[] tokens, List<AttentionPattern> patterns) {
        FiniteTask task = opened.task();
        List<String> positions = positions(task, tokens.length);
        int shown = Math.min(positions.size(), READABLE);
        terminal.out().println("attention of %s on %s".formatted(address, words(task, Arrays.copyOf(tokens, shown))));
        for (AttentionPattern pattern : patterns) {
            terminal.out().println("\n" + terminal.bold("layer " + pattern.layer() + ", head " + pattern.head()));
            List<String> head = new ArrayList<>(List.of(""));
            head.addAll(positions.subList(0, shown));
            TextTable table = TextTable.of(head.toArray(String[]::new));
            Mask.Plain mask = opened.model().config().mask(pattern.layer(), pattern.head());
            for (int query = 0; query < shown; query++) {
                String position = positions.get(query);
                boolean isNumber = position.equals(Integer.toString(query)); // which says less than its token
                List<String> row =
                        new ArrayList<>(List.of(isNumber ? position + " " + task.tokenLabel(tokens[query]) : position));
                for (int key = 0; key < shown; key++) {
                    boolean open = mask.open(query, key, positions.size());
                    row.add(open ? String.format(Locale.ROOT, "%.3f", pattern.weights()[query][key]) : "·");
                }
                table.row(row);
            }
            terminal.out().print(table.text("  "));
        }
    }

    private static String words(FiniteTask task, int[] tokens) {
        List<String> words = new ArrayList<>();
        for (int token : tokens) {
            words.add(task.tokenLabel(token));
        }
        return String.join(" ", words);
    }

    private void printJson(String address, FiniteTask task, int[] tokens, List<AttentionPattern> patterns) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("run", address);
        map.put("tokens", tokens);
        map.put("positions", positions(task, tokens.length));
        map.put("patterns", patterns);
        terminal.out().print(Json.text(map));
    }
}
