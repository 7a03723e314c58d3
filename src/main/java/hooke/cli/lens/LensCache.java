package hooke.cli.lens;

import hooke.Amounts;
import hooke.Check;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Terminal;
import hooke.hook.HookPoint;
import hooke.lens.ActivationFile;
import hooke.lens.Examples;
import hooke.lens.OpenedModel;
import hooke.task.NoTask;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hooke lens RUN cache}: activations for other programs. */
@Command(
        name = "cache",
        description = {
            "Write activations to a safetensors file, for other programs.",
            "One tensor per hook point, under its TransformerLens name, plus the tokens and the logits. Batches "
                    + "are written as they are computed, so memory use stays bounded."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke lens list-copy/0 cache --points blocks.0.attn.hook_pattern,blocks.*.hook_resid_post",
            "  ./hooke lens quick-grok cache --on all"
        })
final class LensCache implements Callable<Exit> {
    /** Which examples. */
    enum On {
        TEST,
        TRAIN,
        ALL
    }

    private final Terminal terminal;
    private final LensCommand lens;

    /** Questions for a model whose task nobody knows. */
    private static final int DRAWN = 64;

    @Option(
            names = "--points",
            paramLabel = "NAME",
            split = ",",
            description = "Hook points; * matches anything (default: all).")
    private List<String> patterns = List.of("*");

    @Option(names = "--on", paramLabel = "SET", description = "Which examples: test (default), train or all.")
    private On on = On.TEST;

    @Option(names = "--examples", paramLabel = "N", description = "How many of its examples to use (default: all).")
    private int most = Integer.MAX_VALUE;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "The folder to write to (default: reports in the store).")
    private @Nullable Path out;

    LensCache(Terminal terminal, LensCommand lens) {
        this.terminal = terminal;
        this.lens = lens;
    }

    @Override
    public Exit call() {
        Check.that(most >= 1, "--examples (%s) must be at least 1", most);
        return lens.look(looked -> {
            OpenedModel opened = looked.opened();
            List<HookPoint> points = ActivationFile.points(opened, patterns);
            Examples examples = opened.task() instanceof NoTask
                    ? Examples.drawn(opened, Math.min(most, DRAWN))
                    : switch (on) {
                        case TEST -> Examples.test(opened);
                        case TRAIN -> Examples.train(opened);
                        case ALL -> Examples.all(opened);
                    };
            Path file = lens.file(out, looked.address(), "activations.safetensors");
            long bytes = ActivationFile.write(file, opened, examples.first(most), points);
            terminal.out()
                    .println("%s: %s on %s, %s"
                            .formatted(
                                    file,
                                    Amounts.of(points.size(), "hook point", "hook points"),
                                    Amounts.of(examples.first(most).n(), "example", "examples"),
                                    Amounts.bytes(bytes)));
        });
    }
}
