package hooke.cli;

import hooke.Check;
import hooke.InputException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The one sentence that a wrong command line deserves: what is wrong, and the nearest thing that would be right. */
final class Complaint {
    /** How picocli lists what an option may be: with Java's names of it. */
    private static final Pattern ENUM = Pattern.compile("one of \\[([A-Z0-9_, ]+)] \\(case-insensitive\\)");

    private Complaint() {}

    static String about(ParameterException e) {
        if (e.getCause() instanceof InputException fault) {
            return String.valueOf(fault.getMessage());
        }
        CommandLine command = e.getCommandLine();
        return switch (e) {
            case UnmatchedArgumentException unmatched ->
                unmatched(command, unmatched.getUnmatched().getFirst());
            case MissingParameterException missing ->
                "%s needs %s; see %s --help"
                        .formatted(
                                name(command),
                                missing.getMissing().stream()
                                        .map(ArgSpec::paramLabel)
                                        .collect(Collectors.joining(", ")),
                                call(command));
            default -> "%s; see %s --help".formatted(inWords(String.valueOf(e.getMessage())), call(command));
        };
    }

    private static String unmatched(CommandLine command, String word) {
        if (word.startsWith("-") && word.length() > 1) {
            String option = word.split("=", 2)[0];
            List<String> options = command.getCommandSpec().options().stream()
                    .filter(o -> !o.hidden())
                    .map(OptionSpec::longestName)
                    .toList();
            return "%s has no option %s%s".formatted(name(command), option, Check.didYouMean(option, options));
        }
        if (!command.getSubcommands().isEmpty()) {
            return "there is no command '%s'%s; %s --help lists them"
                    .formatted(
                            word,
                            Check.didYouMean(word, command.getSubcommands().keySet()),
                            call(command));
        }
        return "%s does not know what to do with '%s'; see %s --help".formatted(name(command), word, call(command));
    }

    /** {@code tokenizer train}. */
    private static String name(CommandLine command) {
        String whole = command.getCommandSpec().qualifiedName(" ");
        return whole.substring(whole.indexOf(' ') + 1);
    }

    /** As the user calls it, {@code ./hooke explain}. */
    private static String call(CommandLine command) {
        return "./" + command.getCommandSpec().qualifiedName(" ");
    }

    /** What picocli says, without Java's words for numbers. */
    private static String inWords(String sentence) {
        String words = ENUM.matcher(sentence)
                .replaceAll(m -> "one of " + m.group(1).toLowerCase(Locale.ROOT))
                .replaceAll(" is not an? (int|long)$", " is not a whole number")
                .replaceAll(" is not an? (float|double)$", " is not a number");
        return words.isEmpty() ? words : words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
    }
}
