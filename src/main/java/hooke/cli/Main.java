package hooke.cli;

import hooke.Amounts;
import hooke.InputException;
import hooke.Printable;
import hooke.Reason;
import hooke.cli.lens.LensCommand;
import hooke.cli.life.LifeCommand;
import hooke.cli.process.Version;
import hooke.cli.report.ReportCommand;
import hooke.cli.runs.Ask;
import hooke.cli.runs.Card;
import hooke.cli.runs.Diff;
import hooke.cli.runs.Du;
import hooke.cli.runs.Export;
import hooke.cli.runs.ExportRuns;
import hooke.cli.runs.Generate;
import hooke.cli.runs.ImportCommand;
import hooke.cli.runs.ImportRuns;
import hooke.cli.runs.Ls;
import hooke.cli.runs.ScoreCommand;
import hooke.cli.runs.Show;
import hooke.cli.runs.SyncCommand;
import hooke.cli.runs.Tag;
import hooke.cli.sweeps.StepTimeCommand;
import hooke.cli.sweeps.SweepCommand;
import hooke.cli.sweeps.SweepWorker;
import hooke.cli.sweeps.SweepsCommand;
import hooke.cli.sweeps.TableCommand;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Terminal;
import hooke.cli.text.TokenizerCommand;
import hooke.cli.train.Explain;
import hooke.cli.train.New;
import hooke.cli.train.Rm;
import hooke.cli.train.RunCommand;
import hooke.cli.verify.BenchCommand;
import hooke.cli.verify.Doctor;
import hooke.cli.verify.VerifyCommand;
import hooke.cli.verify.VerifyResumeCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;

/**
 * The program {@code hooke}: its commands, and what becomes of their errors. Exit status: 0 done, 1 the work failed, 2 what the user gave
 * is wrong, and then one sentence on the error stream names it.
 */
@Command(
        name = "hooke",
        synopsisSubcommandLabel = "COMMAND",
        description = "A laboratory for small transformers: train, sweep, analyse and report.",
        versionProvider = Version.class,
        footer = {
            "",
            "./hooke java FILE.java runs a program of yours with Hooke's classes.",
            "Exit status: 0 done, 1 the work failed, 2 what you gave is wrong.",
            "See also: docs/"
        })
public final class Main implements Runnable {
    @SuppressWarnings("unused") // picocli acts on it
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this text and exit.")
    private boolean help;

    @SuppressWarnings("unused") // picocli acts on it
    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version and exit.")
    private boolean version;

    @Option(
            names = "--store",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "The folder that holds the runs (default: runs in the current folder).")
    private Path store = Path.of("runs");

    private Main() {}

    public static void main(String[] args) {
        StandardError.takeBack();
        Terminal terminal = Terminal.ofProcess();
        int status = run(terminal, args);
        if (terminal.isOutLost()) {
            terminal.err().println("hooke: standard output could not be written to its end: is its disk full?");
            status = Math.max(status, Exit.FAILED.status());
        }
        System.exit(status);
    }

    /** Does what one command line says, and returns the exit status. */
    public static int run(Terminal terminal, String... args) {
        try {
            CommandLine line = commandLine(terminal, args);
            return line.execute(inOptions(line, args));
        } catch (Throwable e) {
            return failed(terminal, e).status();
        }
    }

    /** {@code help run} as {@code run --help}; a command that is not there as if it were called, which is refused. */
    private static String[] inOptions(CommandLine line, String[] args) {
        if (args.length == 0 || !args[0].equals("help")) {
            return args;
        }
        String[] words = Arrays.copyOfRange(args, 1, args.length);
        return words.length > 0 && !line.getSubcommands().containsKey(words[0])
                ? words
                : Stream.concat(Arrays.stream(words), Stream.of("--help")).toArray(String[]::new);
    }

    /** The folder of runs, known once the command line is parsed. */
    private Path store() {
        return store;
    }

    /** {@code hooke} alone. */
    @Override
    public void run() {
        throw new InputException("which command? ./hooke --help lists them");
    }

    /** @param args for the provenance of what is trained; nothing is parsed yet */
    static CommandLine commandLine(Terminal terminal, String... args) {
        var main = new Main();
        return new CommandLine(main)
                .addSubcommand(new New(terminal))
                .addSubcommand(new Explain(terminal))
                .addSubcommand(new RunCommand(terminal, main::store, List.of(args)))
                .addSubcommand(new SweepCommand(terminal, main::store, List.of(args)))
                .addSubcommand(new SweepWorker(terminal, main::store))
                .addSubcommand(new StepTimeCommand(terminal))
                .addSubcommand(new SweepsCommand(terminal, main::store))
                .addSubcommand(new Ls(terminal, main::store))
                .addSubcommand(new Tag(terminal, main::store))
                .addSubcommand(new Show(terminal, main::store))
                .addSubcommand(new Ask(terminal, main::store))
                .addSubcommand(new Generate(terminal, main::store))
                .addSubcommand(new ScoreCommand(terminal, main::store))
                .addSubcommand(new TableCommand(terminal, main::store))
                .addSubcommand(new ReportCommand(terminal, main::store))
                .addSubcommand(LensCommand.commandLine(terminal, main::store))
                .addSubcommand(LifeCommand.commandLine(terminal, main::store))
                .addSubcommand(TokenizerCommand.commandLine(terminal))
                .addSubcommand(new Diff(terminal, main::store))
                .addSubcommand(new Card(terminal, main::store))
                .addSubcommand(new Export(terminal, main::store))
                .addSubcommand(new ExportRuns(terminal, main::store))
                .addSubcommand(new ImportRuns(terminal, main::store))
                .addSubcommand(new SyncCommand(terminal, main::store))
                .addSubcommand(new ImportCommand(terminal, main::store, List.of(args)))
                .addSubcommand(new Du(terminal, main::store))
                .addSubcommand(new Rm(terminal, main::store))
                .addSubcommand(new VerifyCommand(terminal))
                .addSubcommand(new VerifyResumeCommand(terminal))
                .addSubcommand(new BenchCommand(terminal))
                .addSubcommand(new Doctor(terminal))
                .addSubcommand(new Completion(terminal, main::store))
                .setOut(terminal.outWriter())
                .setErr(terminal.errWriter())
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colourOut() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(Math.min(terminal.width(), 110))
                .setUsageHelpLongOptionsMaxWidth(28)
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(Main::execute)
                .setParameterExceptionHandler(
                        (e, words) -> refused(terminal, e, words).status())
                .setExecutionExceptionHandler((e, _, _) -> failed(terminal, e).status());
    }

    /** Runs the last command of the line, which says how it went; where it is asked for help instead, all is well. */
    private static int execute(ParseResult line) {
        int status = new RunLast().execute(line);
        ParseResult last = line;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        return last.commandSpec().commandLine().getExecutionResult() instanceof Exit exit ? exit.status() : status;
    }

    /** Who asks a command below another one for help, as in {@code lens ablate --help}, need not give what the upper one lacks. */
    private static Exit refused(Terminal terminal, ParameterException e, String[] words) {
        List<String> given = List.of(words);
        if (e instanceof MissingParameterException && (given.contains("--help") || given.contains("-h"))) {
            CommandLine command = e.getCommandLine();
            for (String word : given) {
                command = command.getSubcommands().getOrDefault(word, command);
            }
            command.usage(terminal.outWriter());
            return Exit.DONE;
        }
        return wrongInput(terminal, Complaint.about(e));
    }

    private static Exit failed(Terminal terminal, Throwable e) {
        for (@Nullable Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof InputException fault) {
                return wrongInput(terminal, String.valueOf(fault.getMessage()));
            }
            if (t instanceof UncheckedIOException refused) {
                return wrongInput(terminal, refusal(refused));
            }
        }
        if (e instanceof OutOfMemoryError) {
            terminal.err()
                    .println("hooke: the Java heap of "
                            + Amounts.bytes(Runtime.getRuntime().maxMemory())
                            + " is full: HOOKE_OPTS=-Xmx8g, or as much as this machine has, makes it larger");
            return Exit.FAILED;
        }
        e.printStackTrace(terminal.err());
        return Exit.FAILED;
    }

    private static Exit wrongInput(Terminal terminal, String sentence) {
        sentence.lines().forEach(line -> terminal.err().println("hooke: " + Printable.lines(line)));
        return Exit.WRONG_INPUT;
    }

    /** Of a file that nobody foresaw would be refused: its path, as the exception or the system tells, and why. */
    private static String refusal(UncheckedIOException e) {
        IOException cause = Objects.requireNonNull(e.getCause());
        String said = String.valueOf(e.getMessage());
        boolean named = !said.equals(cause.toString());
        @Nullable String path = !named && cause instanceof FileSystemException refused ? refused.getFile() : null;
        return (path != null ? path : named ? said : "a file") + " cannot be used: " + Reason.of(cause);
    }
}
