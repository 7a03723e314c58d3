package hooke.cli.lens;

import hooke.Amounts;
import hooke.Check;
import hooke.InputException;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.hook.HookPoint;
import hooke.lens.OpenedModel;
import hooke.lens.group.TaskGroup;
import hooke.lens.probe.Activation;
import hooke.lens.probe.Probe;
import hooke.stats.Resamples;
import hooke.task.FiniteTask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke lens RUN probe}: what can be read off an activation by a linear map. */
@Command(
        name = "probe",
        description = {
            "Fit a linear probe at a hook point: does it encode a token of the question, or the answer?",
            "Three fifths of the examples are used for fitting, one fifth for choosing the penalty, and the last "
                    + "fifth for the reported score."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke lens quick-grok probe blocks.0.hook_resid_mid --of a",
            "  ./hooke lens quick-grok probe blocks.0.mlp.hook_post --of answer --frequency 10",
            "  ./hooke lens list-copy/0 probe blocks.0.hook_resid_post --of d1 --at SEP"
        })
final class LensProbe implements Callable<Exit> {
    private final Terminal terminal;
    private final LensCommand lens;

    @Parameters(index = "0", paramLabel = "POINT", description = "A hook point, by its TransformerLens name.")
    private String point = "";

    @Option(
            names = "--of",
            required = true,
            paramLabel = "WHAT",
            description = "What to read: answer, or the token at a position: a, b, d1, ...")
    private String what = "";

    @Option(
            names = "--at",
            paramLabel = "POSITION",
            description = "The position to read from (default: the first at which the model answers).")
    private String at = "";

    @Option(
            names = "--frequency",
            paramLabel = "K",
            description = "Predict the cosine and sine of this frequency instead of the class; for modular arithmetic.")
    private int frequency;

    @Option(
            names = "--examples",
            paramLabel = "N",
            description = "The largest number of examples to use (default: ${DEFAULT-VALUE}).")
    private int most = 5000;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed that divides the examples (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    LensProbe(Terminal terminal, LensCommand lens) {
        this.terminal = terminal;
        this.lens = lens;
    }

    @Override
    public Exit call() {
        return lens.look(looked -> {
            OpenedModel opened = looked.opened();
            HookPoint where = HookPoint.parse(point, opened.model().config().nLayers());
            FiniteTask task = opened.task();
            int position = at.isEmpty() ? task.answerPositions()[0] : position(task, at);
            Probe.Result result = frequency == 0 ? classes(opened, where, position) : numbers(opened, where, position);
            if (json) {
                terminal.out().print(Json.text(result));
            } else {
                print(looked.address(), result);
            }
        });
    }

    private static int position(FiniteTask task, String label) {
        int position = task.positionLabels().indexOf(label);
        Check.that(
                position >= 0,
                "'%s' is not a position of this task: the positions are %s",
                label,
                String.join(", ", task.positionLabels()));
        return position;
    }

    private Probe.Result classes(OpenedModel opened, HookPoint where, int position) {
        FiniteTask task = opened.task();
        int[] examples = sample(IntStream.range(0, task.size()).toArray());
        boolean answer = what.equals("answer");
        int of = answer ? 0 : position(task, what);
        int[] labels = Arrays.stream(examples)
                .map(e -> answer ? task.answers(e)[0] : task.tokens(e)[of])
                .toArray();
        int classes = answer
                ? opened.model().config().dVocabOut()
                : opened.model().config().dVocab();
        return Probe.classes(Activation.of(opened, where, position, examples), labels, classes, seed);
    }

    /** Cosine and sine of an operand or of the answer, over the pairs of the group. */
    private Probe.Result numbers(OpenedModel opened, HookPoint where, int position) {
        TaskGroup group = TaskGroup.of(opened.experiment().task());
        Check.that(
                group.isCyclic()
                        && frequency >= 1
                        && frequency < group.group().irreps().size(),
                "--frequency %s does not exist: %s has %s",
                frequency,
                group.group().name(),
                group.isCyclic() ? "1 to " + (group.group().irreps().size() - 1) : "representations, not frequencies");
        int n = group.group().order();
        int[] pairs = sample(IntStream.range(0, n * n).toArray());
        double[][] functions = group.group().irreps().get(frequency).functions();
        double[][] targets = Arrays.stream(pairs)
                .map(pair -> element(group, pair))
                .mapToObj(g -> Arrays.stream(functions).mapToDouble(f -> f[g]).toArray())
                .toArray(double[][]::new);
        int[] examples = Arrays.stream(pairs).map(pair -> group.example()[pair]).toArray();
        return Probe.numbers(Activation.of(opened, where, position, examples), targets, seed);
    }

    private int element(TaskGroup group, int pair) {
        int n = group.group().order();
        return switch (what) {
            case "a" -> pair / n;
            case "b" -> pair % n;
            case "answer" -> group.group().product()[pair];
            default -> throw new InputException("--of %s has no frequency: a, b or answer have".formatted(what));
        };
    }

    private int[] sample(int[] all) {
        if (all.length <= most) {
            return all;
        }
        RandomGenerator random = Resamples.stream(seed, "probe examples");
        for (int i = 0; i < most; i++) {
            int other = i + random.nextInt(all.length - i);
            int here = all[i];
            all[i] = all[other];
            all[other] = here;
        }
        return Arrays.copyOf(all, most);
    }

    private void print(String address, Probe.Result result) {
        var out = terminal.out();
        String of = frequency == 0 ? what : "cos and sin of frequency " + frequency + " of " + what;
        out.println("%s from %s in %s".formatted(of, result.activation(), address));
        List<String> lines = new ArrayList<>();
        lines.add("%s %s".formatted(result.measure(), result.test().text()));
        lines.add("baseline %s".formatted(result.baseline().text()));
        lines.add(String.format(
                Locale.ROOT,
                "fitted on %s examples; penalty %s chosen on %s (%.4f there)",
                Amounts.count(result.train()),
                Amounts.figure(result.penalty()),
                Amounts.count(result.validated()),
                result.validation()));
        lines.forEach(line -> out.println("  " + line));
    }
}
