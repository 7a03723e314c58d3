package hooke.cli.train;

import hooke.Amounts;
import hooke.Check;
import hooke.cli.arguments.ExperimentArgument;
import hooke.cli.arguments.LogOption;
import hooke.cli.arguments.Target;
import hooke.cli.process.Interrupt;
import hooke.cli.process.Origin;
import hooke.cli.report.RunReports;
import hooke.cli.runs.Ending;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.config.Experiment;
import hooke.config.Fit;
import hooke.config.TrainConfig;
import hooke.store.Run;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.tensor.Device;
import hooke.train.ResultJson;
import hooke.train.StoredTraining;
import hooke.train.Trainer;
import hooke.train.Training;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hooke run}: trains an experiment, or goes on with it, and tells what came of it. */
@Command(
        name = "run",
        description = {
            "Train an experiment, or resume it where it was interrupted.",
            "Ctrl-C finishes the current step, saves and stops; the same command resumes the run."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke run quick-grok",
            "  ./hooke run quick-grok --seed 1 --set task.train_fraction=0.5",
            "  ./hooke run quick-grok --log-json train.jsonl"
        })
public final class RunCommand implements Callable<Exit> {
    private final Terminal terminal;
    private final Supplier<Path> folder;
    private final List<String> words;

    @Mixin
    private ExperimentArgument argument = new ExperimentArgument();

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Mixin
    private LogOption log = new LogOption();

    @Option(names = "--no-report", description = "Do not write a report page at the end.")
    private boolean noReport;

    /** @param words of the whole command line, for the run's provenance */
    public RunCommand(Terminal terminal, Supplier<Path> folder, List<String> words) {
        this.terminal = terminal;
        this.folder = folder;
        this.words = words;
    }

    @Override
    public Exit call() {
        Check.that(
                !(json && log.isOnOut()),
                "--json and --log-json both print to standard output: give --log-json a file");
        log.check();
        Experiment experiment =
                argument.read(terminal).resolved(Runtime.getRuntime().availableProcessors());
        Training.checkTrainable(experiment);
        if (experiment.train().device() == TrainConfig.Device.CUDA) {
            Device.CUDA.checkAvailable();
        }
        Fit.here().check(experiment);
        try (var interrupt = Interrupt.listen();
                var store = Store.open(folder.get());
                RunWriter writer = store.claim(experiment, Origin.of(words))) {
            Run run = writer.run();
            boolean wasDone = run.status() == Run.Status.DONE;
            if (wasDone) {
                terminal.err().println(run.address() + " is done already; another seed or setting makes another run");
            }
            Optional<Trainer.Result> result = wasDone
                    ? Optional.of(ResultJson.read(String.valueOf(run.outcome())))
                    : train(store, writer, interrupt);
            if (result.isEmpty()) {
                terminal.err().println(run.address() + " is saved; the same command continues it");
            } else if (log.isOnOut()) {
                if (wasDone) {
                    LogOption.print(terminal, store.read(run));
                }
                if (!noReport) {
                    page(store, run);
                }
            } else {
                tell(run, experiment, result.get(), noReport ? null : page(store, run));
            }
            return Exit.DONE;
        }
    }

    private Optional<Trainer.Result> train(Store store, RunWriter writer, Interrupt interrupt) {
        Run run = writer.run();
        Experiment experiment = store.read(run).experiment();
        TrainConfig train = experiment.train();
        terminal.err()
                .println("%s%s on %s, %s"
                        .formatted(
                                run.address(),
                                run.parts() == 0 ? "" : " goes on",
                                train.device().name().toLowerCase(Locale.ROOT),
                                Amounts.of(train.threads(), "thread", "threads")));
        List<Progress> progress = new ArrayList<>();
        try (LogOption.Opened logged = log.open(terminal)) {
            return new StoredTraining(store, writer)
                    .train(
                            recorder -> {
                                progress.add(new Progress(
                                        terminal,
                                        run.address(),
                                        run.step(),
                                        experiment,
                                        System::nanoTime,
                                        logged.over(store.read(run), recorder)));
                                return progress.getFirst();
                            },
                            warning -> terminal.err().println("hooke: " + warning),
                            interrupt);
        } finally {
            progress.forEach(Progress::close);
        }
    }

    private Path page(Store store, Run run) {
        return RunReports.of(store, store.find(run.address())).writePage(Target.reports(folder.get()));
    }

    private void tell(Run run, Experiment experiment, Trainer.Result result, @Nullable Path page) {
        if (json) {
            var map = new LinkedHashMap<String, Object>();
            map.put("run", run.address());
            map.put("result", Json.tree(ResultJson.write(result)));
            if (page != null) {
                map.put("page", page.toString());
            }
            terminal.out().print(Json.text(map));
            return;
        }
        terminal.out().print(terminal.bold(run.address()) + "\n" + Ending.of(experiment, result));
        terminal.out().println("\nin " + folder.get() + "; ./hooke show " + run.address() + " shows it");
        if (page != null) {
            terminal.out().println("as a page: " + page);
        }
    }
}
