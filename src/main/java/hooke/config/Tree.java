package hooke.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a file says, before it means anything: scalars, lists and mappings, each with the place where it is written. */
sealed interface Tree {
    Where where();

    /** The same, written elsewhere: the value of a mapping stands where its key does. */
    Tree at(Where where);

    /**
     * A place in a text.
     *
     * @param source a file as the user named it, or {@code --set train.steps=10}
     * @param line from 1; 0 for none
     */
    record Where(String source, int line) {
        /** "file.yaml:3: ", what every sentence begins with. */
        String prefix() {
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
        boolean isNull() {
            return plain && (text.equals("null") || text.equals("~"));
        }

        /** A key with nothing behind it. */
        boolean isEmpty() {
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

        @Nullable
        Tree get(String key) {
            return entries.get(key);
        }

        Mapping with(String key, Tree value) {
            var copy = new LinkedHashMap<>(entries);
            copy.put(key, value);
            return new Mapping(where, copy);
        }

        Mapping without(String key) {
            var copy = new LinkedHashMap<>(entries);
            copy.remove(key);
            return new Mapping(where, copy);
        }
    }
}
