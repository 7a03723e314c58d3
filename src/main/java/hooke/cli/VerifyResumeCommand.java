package hooke.cli;

import hooke.InputException;
import hooke.Reason;
import hooke.check.VerifyResume;
import hooke.config.Experiment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hooke verify-resume}: is a run that was killed, again and again, the run that was not? */
@Command(
        name = "verify-resume",
        description = {
            "Train an experiment undisturbed, and again while its process is killed (SIGKILL) at random moments.",
            "Compares every point, event and checkpoint of the two byte for byte."
        },
        footer = {"", "Example:", "  ./hooke verify-resume quick-grok --set train.steps=500 --kills 5"})
final class VerifyResumeCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private ExperimentArgument argument = new ExperimentArgument();

    @Option(
            names = "--kills",
            paramLabel = "N",
            description = "How many times to kill it, at least (default: ${DEFAULT-VALUE}).")
    private int kills = 20;

    @Option(
            names = "--moments",
            paramLabel = "SEED",
            description = "Seed for the random moments of the kills (default: ${DEFAULT-VALUE}).")
    private long moments = 0;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    VerifyResumeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Experiment experiment = argument.read().resolved(Runtime.getRuntime().availableProcessors());
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
                return report.agrees() ? Main.DONE : Main.FAILED;
            } finally {
                Files.delete(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new InputException("the temporary files of verify-resume make trouble: " + Reason.of(e), e);
        }
    }

    private void print(VerifyResume.Report report) {
        if (json) {
            terminal.out().print(Json.text(report));
            return;
        }
        report.differences().forEach(difference -> terminal.out().println(difference));
        terminal.out()
                .println("%s, %s of them while it trained, in %s: %s"
                        .formatted(
                                Amounts.of(report.kills(), "kill", "kills"),
                                Amounts.count(report.inTraining()),
                                Amounts.of(report.trainings(), "training", "trainings"),
                                report.agrees() ? "all equal to the undisturbed one" : "not equal"));
    }
}
