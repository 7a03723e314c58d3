package hooke.cli.verify;

import hooke.Amounts;
import hooke.InputException;
import hooke.Reason;
import hooke.check.VerifyResume;
import hooke.cli.arguments.ExperimentArgument;
import hooke.cli.process.SameProgram;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.config.Experiment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hooke verify-resume}: is a run that was interrupted, again and again, the run that was not? */
@Command(
        name = "verify-resume",
        description = {
            "Train an experiment undisturbed, and again interrupted at random moments.",
            "SIGKILL, SIGINT, SIGTERM and SIGHUP take turns. Compares every point, event and checkpoint of the two byte for byte."
        },
        footer = {"", "Example:", "  ./hooke verify-resume quick-grok --set train.steps=500 --kills 5"})
public final class VerifyResumeCommand implements Callable<Exit> {
    private final Terminal terminal;

    @Mixin
    private ExperimentArgument argument = new ExperimentArgument();

    @Option(
            names = "--kills",
            paramLabel = "N",
            description = "How many times to interrupt it, at least (default: ${DEFAULT-VALUE}).")
    private int kills = 20;

    @Option(
            names = "--moments",
            paramLabel = "SEED",
            description = "Seed for the random moments of the interruptions (default: ${DEFAULT-VALUE}).")
    private long moments = 0;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    public VerifyResumeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Exit call() {
        Experiment experiment =
                argument.read(terminal).resolved(Runtime.getRuntime().availableProcessors());
        try {
            Path folder = Files.createTempDirectory("hooke-resume");
            Path file = Files.createTempFile("hooke-resume", ".yaml");
            try {
                Files.writeString(file, experiment.toYaml(), StandardCharsets.UTF_8);
                VerifyResume.Report report = VerifyResume.run(
                        experiment,
                        store -> SameProgram.words("run", file.toString(), "--no-report", "--store", store.toString()),
                        folder,
                        kills,
                        moments,
                        line -> terminal.err().println(line));
                print(report);
                return report.agrees() ? Exit.DONE : Exit.FAILED;
            } finally {
                Files.delete(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new InputException("the temporary files of verify-resume cannot be handled: " + Reason.of(e), e);
        }
    }

    private void print(VerifyResume.Report report) {
        if (json) {
            terminal.out().print(Json.text(report));
            return;
        }
        report.differences().forEach(difference -> terminal.out().println(difference));
        String signals = report.signals().entrySet().stream()
                .map(sent -> sent.getKey() + " " + Amounts.count(sent.getValue()))
                .collect(Collectors.joining(", "));
        terminal.out()
                .println("%s (%s), %s of them while it trained, in %s: %s"
                        .formatted(
                                Amounts.of(report.kills(), "interruption", "interruptions"),
                                signals,
                                Amounts.count(report.inTraining()),
                                Amounts.of(report.trainings(), "training", "trainings"),
                                report.agrees() ? "all equal to the undisturbed one" : "not equal"));
    }
}
