package hooke.config;

import hooke.config.Tree.Mapping;
import hooke.config.Tree.Scalar;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One tree over another: mappings merge, lists are replaced, and another {@code kind} replaces the whole variant. */
final class Layers {
    private Layers() {}

    /** @param entry of the key in the defaults, which knows the kind of a variant that names none; null below unknown keys */
    static Tree merge(Tree base, Tree over, @Nullable Tree entry) {
        @Nullable String defaultKind = defaultKind(entry);
        if (base instanceof Scalar s && (s.isEmpty() || s.isNull())) {
            return over;
        }
        if (over instanceof Scalar s && base instanceof Mapping b && s.text().equals(kind(b, defaultKind))) {
            return base;
        }
        if (!(over instanceof Mapping o) || base instanceof Tree.Sequence) {
            return over;
        }
        Mapping b = base instanceof Mapping m ? m : new Mapping(base.where(), Map.of("kind", base));
        @Nullable String kind = kind(b, defaultKind);
        if (o.get("kind") instanceof Scalar s && !s.text().equals(kind)) {
            return over;
        }
        Map<String, Tree> merged = new LinkedHashMap<>(b.entries());
        o.entries().forEach((key, value) -> {
            @Nullable Tree before = b.get(key);
            merged.put(key, before == null ? value : merge(before, value, below(entry, kind, key)));
        });
        return new Mapping(o.where(), merged);
    }

    private static @Nullable String defaultKind(@Nullable Tree entry) {
        return entry instanceof Mapping m && m.get("kind") != null ? Defaults.kind(m) : null;
    }

    private static @Nullable String kind(Mapping mapping, @Nullable String otherwise) {
        return mapping.get("kind") instanceof Scalar s ? s.text() : otherwise;
    }

    private static @Nullable Tree below(@Nullable Tree entry, @Nullable String kind, String key) {
        if (!(entry instanceof Mapping m)) {
            return null;
        }
        return kind != null && m.get(kind) instanceof Mapping variant ? variant.get(key) : m.get(key);
    }
}
