package hooke.config;

import hooke.config.form.Entries;
import hooke.config.form.Tree;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Scalar;
import hooke.config.form.Tree.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One tree over another: mappings merge, lists are replaced, or one of their members where a number stands for a key, and another {@code
 * kind} replaces the whole variant.
 */
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
        if (!(over instanceof Mapping o)) {
            return over;
        }
        if (base instanceof Sequence list) {
            return merge(list, o);
        }
        Mapping b = base instanceof Mapping m ? m : new Mapping(base.where(), Map.of("kind", base));
        @Nullable String kind = kind(b, defaultKind);
        if (o.get("kind") instanceof Scalar s && !s.text().equals(kind)) {
            return over;
        }
        Map<String, Tree> merged = new LinkedHashMap<>(b.entries());
        o.entries().forEach((key, value) -> {
            @Nullable Tree otherwise = below(entry, kind, key);
            @Nullable Tree before = b.get(key);
            if (before == null) {
                before = otherwise instanceof Sequence ? otherwise : new Mapping(value.where(), Map.of());
            }
            merged.put(key, merge(before, value, otherwise));
        });
        return new Mapping(o.where(), merged);
    }

    /** Members by their numbers, from 0; anything else replaces the list. */
    private static Tree merge(Sequence list, Mapping members) {
        List<Tree> merged = new ArrayList<>(list.items());
        for (Map.Entry<String, Tree> member : members.entries().entrySet()) {
            String number = member.getKey();
            if (!number.matches("[0-9]{1,4}") || Integer.parseInt(number) >= merged.size()) {
                return members;
            }
            int n = Integer.parseInt(number);
            merged.set(n, merge(merged.get(n), member.getValue(), null));
        }
        return new Sequence(members.where(), merged);
    }

    private static @Nullable String defaultKind(@Nullable Tree entry) {
        return entry instanceof Mapping m && m.get("kind") != null ? Entries.kind(m) : null;
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
