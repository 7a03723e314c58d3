package hooke.config.form;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a file says, before it means anything: scalars, lists and mappings, each with the place where it is written. */
public sealed interface Tree {
    /**
     * The one YAML document of a file. Throws {@link hooke.InputException} with file and line where it is none.
     *
     * @param what the file should be, for sentences: {@code a sweep file}
     */
    static Tree read(Path file, String what) {
        return parse(TreeReader.text(file, file.toString(), what), file.toString());
    }

    /** The one YAML document of a text; the source names it in sentences. */
    static Tree parse(String yaml, String source) {
        return TreeReader.read(yaml, source);
    }

    /** The one YAML document of a text that has no lines to speak of, such as an option's value. */
    static Tree parseLine(String yaml, String source) {
        return TreeReader.readLine(yaml, source);
    }

    Where where();

    /** Where a key stands, by its path, or the nearest thing around it; empty if none of the path is there. */
    default Optional<Where> whereIs(String path) {
        String first = path.replaceFirst("\\..*", "");
        @Nullable
        Tree below = switch (this) {
            case Mapping m -> m.get(first);
            case Sequence s
            when first.matches("[0-9]{1,4}")
                    && Integer.parseInt(first) < s.items().size() -> s.items().get(Integer.parseInt(first));
            case Sequence _, Scalar _ -> null;
        };
        return below == null || first.equals(path)
                ? Optional.ofNullable(below).map(Tree::where)
                : below.whereIs(path.substring(first.length() + 1)).or(() -> Optional.of(below.where()));
    }

    /** YAML in one line that reads back as the same tree, places apart. */
    default String yaml() {
        return switch (this) {
            case Scalar s when s.isEmpty() -> "~";
            case Scalar s when s.plain() && s.text().matches("[A-Za-z0-9_.+~-]+") -> s.text();
            case Scalar s -> Canonical.quoted(s.text());
            case Sequence s -> s.items().stream().map(Tree::yaml).collect(Collectors.joining(", ", "[", "]"));
            case Mapping m ->
                m.entries().entrySet().stream()
                        .map(e -> Canonical.quoted(e.getKey()) + ": "
                                + e.getValue().yaml())
                        .collect(Collectors.joining(", ", "{", "}"));
        };
    }

    /** This tree, written elsewhere: the value of a mapping stands where its key does. */
    Tree at(Where where);

    /**
     * A place in a text.
     *
     * @param source a file as the user named it, or {@code --set train.steps=10}
     * @param line from 1; 0 for none
     */
    record Where(String source, int line) {
        /** "file.yaml:3: ", what every sentence begins with. */
        public String prefix() {
            return Words.shown(source, 200) + (line > 0 ? ":" + line : "") + ": ";
        }
    }

    /** @param plain whether it is written without quotes */
    record Scalar(Where where, String text, boolean plain) implements Tree {
        @Override
        public Scalar at(Where other) {
            return new Scalar(other, text, plain);
        }

        /** {@code null} or {@code ~}: back to the default. */
        public boolean isNull() {
            return plain && (text.equals("null") || text.equals("~"));
        }

        /** A key with nothing behind it. */
        public boolean isEmpty() {
            return plain && text.isEmpty();
        }
    }

    record Sequence(Where where, List<Tree> items) implements Tree {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public Sequence at(Where other) {
            return new Sequence(other, items);
        }
    }

    /** @param entries in the order of the file */
    record Mapping(Where where, Map<String, Tree> entries) implements Tree {
        @Override
        public Mapping at(Where other) {
            return new Mapping(other, entries);
        }

        public @Nullable Tree get(String key) {
            return entries.get(key);
        }

        public Mapping with(String key, Tree value) {
            var copy = new LinkedHashMap<>(entries);
            copy.put(key, value);
            return new Mapping(where, copy);
        }

        public Mapping without(String key) {
            var copy = new LinkedHashMap<>(entries);
            copy.remove(key);
            return new Mapping(where, copy);
        }
    }
}
