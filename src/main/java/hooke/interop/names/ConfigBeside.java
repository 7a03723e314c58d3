package hooke.interop.names;

import hooke.InputException;
import hooke.config.form.Tree;
import hooke.interop.pickle.Value;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What lies beside a file of weights and says of which model they are: {@code config.json} of Hugging Face, {@code config.yaml} of W&amp;B. */
final class ConfigBeside {
    private static final List<String> NAMES = List.of("config.json", "config.yaml", "config.yml");

    /** W&amp;B writes each value below one of these words, beside the other. */
    private static final Set<String> WANDB = Set.of("desc", "value");

    private static final String NUMBER = "[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?";

    private ConfigBeside() {}

    /** The first that is there and can be read; another program's file of that name is passed over. */
    static Optional<Located> of(Path weights) {
        return NAMES.stream()
                .map(weights::resolveSibling)
                .filter(Files::isRegularFile)
                .flatMap(file -> read(file).stream())
                .findFirst();
    }

    private static Optional<Located> read(Path file) {
        try {
            return Tree.read(file, "a configuration") instanceof Tree.Mapping mapping
                    ? Optional.of(new Located(file + " beside the weights", value(mapping)))
                    : Optional.empty();
        } catch (InputException e) {
            return Optional.empty();
        }
    }

    private static Value value(Tree tree) {
        return switch (tree) {
            case Tree.Scalar(var _, String text, boolean plain) -> plain ? plain(text) : new Value.Text(text);
            case Tree.Sequence sequence ->
                Value.Items.of(
                        sequence.items().stream().map(ConfigBeside::value).toList());
            case Tree.Mapping mapping -> {
                Tree wrapped = mapping.get("value");
                if (wrapped != null && WANDB.containsAll(mapping.entries().keySet())) {
                    yield value(wrapped);
                }
                Value.Dict dict = Value.Dict.empty(true);
                mapping.entries().forEach((key, below) -> dict.put(key, value(below)));
                yield dict;
            }
        };
    }

    private static Value plain(String text) {
        return Stream.of("true", "false").anyMatch(text::equalsIgnoreCase)
                ? new Value.Bool(Boolean.parseBoolean(text))
                : text.matches("[-+]?\\d{1,18}")
                        ? new Value.Int(new BigInteger(text))
                        : text.matches(NUMBER) ? new Value.Real(Double.parseDouble(text)) : new Value.Text(text);
    }
}
