package hooke.config.form;

import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Scalar;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What each key of a kind of file is where a file leaves it out, as a resource lists it: a value, {@code required}, or {@code derived}
 * from other keys. The comment behind a key says what it is for; below a sealed type's key stand its kinds with theirs.
 */
public final class Entries {
    private final List<String> lines;
    private final Mapping root;

    private Entries(String yaml, String source) {
        this.lines = yaml.lines().toList();
        this.root = (Mapping) TreeReader.read(yaml, source);
    }

    /** Those of a resource beside a class. */
    public static Entries read(Class<?> beside, String resource) {
        try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(resource))) {
            return new Entries(new String(in.readAllBytes(), StandardCharsets.UTF_8), resource);
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }

    public Mapping root() {
        return root;
    }

    /** The comment behind a key. */
    public String comment(Tree key) {
        String line = lines.get(key.where().line() - 1);
        int hash = line.indexOf(" # ");
        return hash < 0 ? "" : line.substring(hash + 3).strip();
    }

    /** The entry of a key, below the entry of its record. */
    public static Tree entry(Mapping record, String key) {
        @Nullable Tree entry = record.get(key);
        if (entry == null) {
            throw new IllegalStateException("%s has no entry %s: every key and every kind needs one"
                    .formatted(record.where().prefix(), key));
        }
        return entry;
    }

    /** The keys of a variant. */
    public static Mapping variant(Mapping sealed, String kind) {
        Tree entry = entry(sealed, kind);
        return entry instanceof Mapping mapping ? mapping : new Mapping(entry.where(), Map.of());
    }

    /** The variant that is meant where none is named; null where one must be. */
    public static @Nullable String kind(Mapping sealed) {
        return entry(sealed, "kind") instanceof Scalar s && !isRequired(s) ? s.text() : null;
    }

    public static boolean isRequired(Tree entry) {
        return entry instanceof Scalar s && s.text().equals("required");
    }

    public static boolean isDerived(Tree entry) {
        return entry instanceof Scalar s && s.text().equals("derived");
    }
}
