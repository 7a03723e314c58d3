package hooke.cli;

import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.sweep.StepTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code hooke step-time}: measures in a process that trains, for one that only lists. */
@Command(
        name = "step-time",
        hidden = true,
        description = "Measure the seconds of an update of each experiment on the standard input; started by sweep.")
final class StepTimeCommand implements Callable<Integer> {
    private static final String MARK = "hooke-step-time ";

    private final Terminal terminal;

    StepTimeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        for (String line = terminal.in().readLine();
                line != null;
                line = terminal.in().readLine()) {
            terminal.out().println(MARK + StepTime.seconds(Experiments.parse(line, "the standard input", List.of())));
        }
        return Main.DONE;
    }

    /** Starts such a process, and reads what it measures: seconds an update, of each. */
    static List<Double> ask(List<Experiment> experiments) {
        try {
            Process process = new ProcessBuilder(SameProgram.words("step-time"))
                    .redirectErrorStream(true)
                    .start();
            try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
                for (Experiment experiment : experiments) {
                    in.write(experiment.toJson() + "\n");
                }
            }
            List<String> said =
                    process.inputReader(StandardCharsets.UTF_8).lines().toList();
            List<Double> seconds = said.stream()
                    .filter(line -> line.startsWith(MARK))
                    .map(line -> Double.parseDouble(line.substring(MARK.length())))
                    .toList();
            if (seconds.size() != experiments.size()) {
                throw new IllegalStateException("hooke step-time said: " + String.join(" / ", said));
            }
            return seconds;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
