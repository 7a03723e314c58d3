package hooke.cli.sweeps;

import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Terminal;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.sweep.work.StepTime;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;

/** {@code hooke step-time}: measures in a process that trains, for one that only lists. */
@Command(
        name = "step-time",
        hidden = true,
        description = "Measure what an update of each experiment on the standard input takes; started by sweep.")
public final class StepTimeCommand implements Callable<Exit> {
    private static final String MARK = "hooke-step-time ";

    private final Terminal terminal;

    public StepTimeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Exit call() throws IOException {
        double before = ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
        for (String line = terminal.in().readLine();
                line != null;
                line = terminal.in().readLine()) {
            StepTime time = StepTime.of(Experiments.parse(line, "the standard input", List.of()));
            terminal.out()
                    .println(MARK
                            + "%s %s %s %s"
                                    .formatted(before + time.start(), time.begin(), time.update(), time.evaluation()));
            terminal.out().flush();
            before = 0;
        }
        return Exit.DONE;
    }

    private static StepTime parse(String line) {
        double[] numbers = Arrays.stream(line.substring(MARK.length()).split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        return new StepTime(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    /**
     * Starts such processes, several side by side as workers would be, and reads what they measure: of each experiment the mean.
     *
     * @param command that starts one
     * @param limit after which they are ended
     * @return empty where one of them did not start, did not answer in time, or ended without an answer
     */
    static Optional<List<StepTime>> ask(
            List<String> command, int processes, List<Experiment> experiments, Duration limit) {
        List<Process> started = new ArrayList<>();
        try {
            List<CompletableFuture<List<StepTime>>> answers = new ArrayList<>();
            for (int i = 0; i < processes; i++) {
                Process process =
                        new ProcessBuilder(command).redirectErrorStream(true).start();
                started.add(process);
                var answer = new CompletableFuture<List<StepTime>>();
                answers.add(answer);
                Thread.ofVirtual().start(() -> speak(process, experiments, answer));
            }
            List<List<StepTime>> all = new ArrayList<>();
            long end = System.nanoTime() + limit.toNanos();
            for (CompletableFuture<List<StepTime>> answer : answers) {
                all.add(answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS));
            }
            return all.stream().allMatch(times -> times.size() == experiments.size())
                    ? Optional.of(means(all))
                    : Optional.empty();
        } catch (TimeoutException | ExecutionException | IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            started.forEach(Process::destroyForcibly);
        }
    }

    private static void speak(Process process, List<Experiment> experiments, CompletableFuture<List<StepTime>> answer) {
        try {
            try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
                for (Experiment experiment : experiments) {
                    in.write(experiment.toJson() + "\n");
                }
            }
            answer.complete(process.inputReader(StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(MARK))
                    .map(StepTimeCommand::parse)
                    .toList());
        } catch (IOException | RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private static List<StepTime> means(List<List<StepTime>> all) {
        List<StepTime> means = new ArrayList<>();
        for (int i = 0; i < all.getFirst().size(); i++) {
            int at = i;
            List<StepTime> same = all.stream().map(times -> times.get(at)).toList();
            means.add(new StepTime(
                    mean(same, StepTime::start),
                    mean(same, StepTime::begin),
                    mean(same, StepTime::update),
                    mean(same, StepTime::evaluation)));
        }
        return means;
    }

    private static double mean(List<StepTime> times, ToDoubleFunction<StepTime> of) {
        return times.stream().mapToDouble(of).average().orElse(0);
    }
}
