package hooke.cli;

import hooke.InputException;
import hooke.cli.arguments.ExperimentArgument;
import hooke.cli.arguments.RunTags;
import hooke.cli.runs.RunFacts;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Terminal;
import hooke.config.Experiments;
import hooke.store.Run;
import hooke.store.Store;
import hooke.store.StoredSweep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Parameters;

/** {@code hooke completion}: the script that teaches a shell commands, options and names, and the names for that script. */
@Command(
        name = "completion",
        description = {
            "Print a completion script for bash and zsh.",
            "It completes commands, options, keys, tags, and the names of runs, experiments and sweeps; names are "
                    + "looked up each time."
        },
        footer = {"", "Example:", "  source <(./hooke completion)"})
final class Completion implements Callable<Exit> {
    /** The function that picocli writes knows commands and options; what only the store and the experiments know is asked for. */
    private static final String NAMES = """

            _hooke_with_names() {
              _complete_hooke
              [ "$COMP_CWORD" -gt 1 ] || return 0
              case ${COMP_WORDS[COMP_CWORD]} in -*) return 0 ;; esac
              local IFS=$'\\n'
              COMPREPLY+=( $("${COMP_WORDS[0]}" completion -- "${COMP_WORDS[@]:1:$COMP_CWORD}" 2>/dev/null) )
              case ${COMPREPLY[0]:-} in *=) compopt -o nospace 2>/dev/null ;; esac
              return 0
            }
            complete -o default -F _hooke_with_names hooke hooke.sh hooke.bash
            """;

    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Parameters(hidden = true, arity = "0..*", description = "A command line, whose last word is to be completed.")
    private List<String> words = List.of();

    Completion(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Override
    public Exit call() {
        if (words.isEmpty()) {
            terminal.out().print(AutoComplete.bash("hooke", Main.commandLine(terminal)) + NAMES);
        } else {
            fitting().forEach(terminal.out()::println);
        }
        return Exit.DONE;
    }

    private Collection<String> fitting() {
        String word = words.getLast();
        CommandLine command = Main.commandLine(terminal);
        for (String before : words.subList(0, words.size() - 1)) {
            command = command.getSubcommands().getOrDefault(before, command);
        }
        var fitting = new TreeSet<String>();
        for (String label : labels(command.getCommandSpec()).toList()) {
            try {
                candidates(label, word).filter(c -> c.startsWith(word)).forEach(fitting::add);
            } catch (InputException unreadable) {
                // A store that cannot be read has no names to offer; the command itself will say so.
            }
        }
        return fitting;
    }

    /** What is to come: the value of the option before, or else any argument. Shells make a word of their own of =. */
    private Stream<String> labels(CommandSpec command) {
        int last = words.size() - 2;
        String before = last < 0 ? "" : words.get(last).equals("=") && last > 0 ? words.get(last - 1) : words.get(last);
        OptionSpec option = command.findOption(before);
        return option != null && option.arity().max() > 0
                ? Stream.of(option.paramLabel())
                : command.positionalParameters().stream().map(PositionalParamSpec::paramLabel);
    }

    /** An argument is called after what it names. */
    private Stream<String> candidates(String label, String word) {
        return Stream.of(label.split("\\|")).flatMap(kind -> switch (kind) {
            case "RUN" -> runs(word);
            case "EXPERIMENT" -> Experiments.names(ExperimentArgument.folder()).stream();
            case "SWEEP" ->
                Stream.concat(
                        Experiments.sweepNames(ExperimentArgument.folder()).stream(),
                        stored(store -> store.sweeps().stream().map(StoredSweep::name)));
            case "TAG" -> stored(store -> new RunTags(store).all().stream());
            case "KEY=VALUE" -> Experiments.paths().stream().map(key -> key + "=");
            case "KEY", "CONDITION" ->
                stored(store -> Stream.of(
                                RunFacts.OWN,
                                store.survey().keys(),
                                store.survey().seriesNames())
                        .flatMap(List::stream));
            default -> Stream.of();
        });
    }

    /** Names; the seeds of one once it is written. */
    private Stream<String> runs(String word) {
        return stored(store -> {
            List<Run> runs = store.runs();
            List<String> names = runs.stream()
                    .map(Run::name)
                    .distinct()
                    .filter(name -> name.startsWith(word))
                    .toList();
            boolean seeds =
                    word.contains("/") || names.size() == 1 && names.getFirst().equals(word);
            return seeds ? runs.stream().map(Run::address) : names.stream();
        });
    }

    private Stream<String> stored(Function<Store, Stream<String>> names) {
        int at = words.indexOf("--store");
        Path asked = at >= 0 && at + 1 < words.size() ? Path.of(words.get(at + 1)) : folder.get();
        if (!Files.exists(asked.resolve("hooke.db"))) {
            return Stream.of();
        }
        try (Store store = Store.openReadOnly(asked)) {
            return names.apply(store).toList().stream();
        }
    }
}
