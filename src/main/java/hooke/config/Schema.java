package hooke.config;

import hooke.config.form.Bare;
import hooke.config.form.Canonical;
import hooke.config.form.Entries;
import hooke.config.form.Tree;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Scalar;
import hooke.config.form.Tree.Sequence;
import hooke.config.form.Words;
import hooke.config.form.Zero;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The JSON Schema of an experiment file, made from the records and {@code defaults.yaml}: for editors, which complete and check while
 * one types. It knows keys, types and variants; the rules on values are the records' alone.
 */
final class Schema {
    private final Entries entries;
    /** Sealed types whose variants are being described. */
    private final Set<Type> around = new HashSet<>();
    /** Those of them that variants hold lists of. */
    private final Set<Type> named = new HashSet<>();

    private Schema(Entries entries) {
        this.entries = entries;
    }

    static Map<String, Object> of(Entries entries) {
        return new Schema(entries).experiment();
    }

    private Map<String, Object> experiment() {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "Hooke experiment");
        Map<String, Object> body = record(Experiment.class, entries.root());
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(
                "extends",
                described(
                        "another experiment file, relative to this one, which this one changes",
                        Map.of("type", "string")));
        properties.putAll(child(body, "properties"));
        body.put("properties", properties);
        schema.putAll(body);
        // A file that extends another may leave out anything; the variants' own keys, too.
        schema.put("if", Map.of("not", Map.of("required", List.of("extends"))));
        schema.put("then", needs(Experiment.class, entries.root()));
        return schema;
    }

    private Map<String, Object> value(Type type, Tree entry) {
        if (type == int.class || type == Integer.class || type == long.class || type == OptionalLong.class) {
            return new LinkedHashMap<>(Map.of("type", "integer"));
        } else if (type == double.class || type == Double.class) {
            return new LinkedHashMap<>(Map.of("type", "number"));
        } else if (type == boolean.class) {
            return new LinkedHashMap<>(Map.of("type", "boolean"));
        } else if (type == String.class) {
            return new LinkedHashMap<>(Map.of("type", "string"));
        } else if (type instanceof ParameterizedType list) {
            Type element = list.getActualTypeArguments()[0];
            Map<String, Object> schema = new LinkedHashMap<>(Map.of("type", "array"));
            boolean within = element instanceof Class<?> c && around.contains(c);
            if (within) {
                named.add(element);
            }
            schema.put("items", within ? Map.of("$ref", "#" + anchor(element)) : value(element, entry));
            return schema;
        } else if (type instanceof Class<?> c && c.isEnum()) {
            return new LinkedHashMap<>(Map.of("enum", Words.words(c)));
        } else if (type instanceof Class<?> c && c.isSealed()) {
            return variants(c, (Mapping) entry);
        } else if (type instanceof Class<?> c && c.isRecord()) {
            return record(c, (Mapping) entry);
        }
        throw new IllegalStateException("no rule for " + type);
    }

    private Map<String, Object> record(Class<?> record, Mapping entry) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (RecordComponent component : record.getRecordComponents()) {
            String key = Words.key(component.getName());
            Tree below = Entries.entry(entry, key);
            Map<String, Object> schema = value(component.getGenericType(), below);
            Zero zero = component.getAnnotation(Zero.class);
            if (zero != null) {
                Map<String, Object> number = component.getType() == int.class
                        ? integerFrom1()
                        : zero.orNumber() ? numberFrom0() : numberAbove0();
                schema = anyOf(List.of(Map.of("const", zero.value()), number));
            }
            properties.put(key, described(entries.comment(below) + otherwise(below), schema));
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("additionalProperties", false);
        return schema;
    }

    private static String otherwise(Tree entry) {
        return switch (entry) {
            case Scalar s when Entries.isRequired(s) || Entries.isDerived(s) -> "";
            case Scalar s -> s.text().isEmpty() ? "" : " (default " + s.text() + ")";
            case Mapping m
            when m.get("kind") != null && Entries.kind(m) != null -> " (default " + Entries.kind(m) + ")";
            case Mapping m -> "";
            case Sequence s ->
                " (default ["
                        + s.items().stream()
                                .map(i -> i instanceof Scalar item ? item.text() : "")
                                .collect(Collectors.joining(", "))
                        + "])";
        };
    }

    /** In this order: Map.of would have another one in every JVM. */
    private static Map<String, Object> numberAbove0() {
        Map<String, Object> schema = new LinkedHashMap<>(Map.of("type", "number"));
        schema.put("exclusiveMinimum", 0);
        return schema;
    }

    private static Map<String, Object> numberFrom0() {
        Map<String, Object> schema = new LinkedHashMap<>(Map.of("type", "number"));
        schema.put("minimum", 0);
        return schema;
    }

    private static Map<String, Object> integerFrom1() {
        Map<String, Object> schema = new LinkedHashMap<>(Map.of("type", "integer"));
        schema.put("minimum", 1);
        return schema;
    }

    /** A variant's kind alone, its bare value, or its keys; the kind may be left out where there is a default or a base. */
    private Map<String, Object> variants(Class<?> sealed, Mapping entry) {
        around.add(sealed);
        List<Object> choices = new ArrayList<>();
        choices.add(Map.of("enum", Words.kinds(sealed)));
        for (Class<?> variant : Words.variants(sealed)) {
            String kind = Words.kind(variant);
            Mapping keys = Entries.variant(entry, kind);
            if (variant.isAnnotationPresent(Bare.class)) {
                choices.add(value(variant.getRecordComponents()[0].getGenericType(), keys));
            }
            Map<String, Object> schema = record(variant, keys);
            Map<String, Object> properties = new LinkedHashMap<>();
            properties.put("kind", Map.of("const", kind));
            properties.putAll(child(schema, "properties"));
            schema.put("properties", properties);
            choices.add(described(entries.comment(Entries.entry(entry, kind)), schema));
        }
        around.remove(sealed);
        Map<String, Object> schema = anyOf(choices);
        if (named.contains(sealed)) {
            schema.put("$anchor", anchor(sealed));
        }
        return schema;
    }

    private static String anchor(Type type) {
        return Words.kind((Class<?>) type);
    }

    /** What must be there in a file that extends no other; empty if nothing. */
    private Map<String, Object> needs(Class<?> record, Mapping entry) {
        List<String> required = new ArrayList<>();
        Map<String, Object> properties = new LinkedHashMap<>();
        for (RecordComponent component : record.getRecordComponents()) {
            String key = Words.key(component.getName());
            Tree below = Entries.entry(entry, key);
            Class<?> type = component.getType();
            Map<String, Object> needs = type.isSealed()
                    ? variantNeeds(type, (Mapping) below)
                    : type.isRecord() ? needs(type, (Mapping) below) : Map.of();
            if (!needs.isEmpty()) {
                properties.put(key, needs);
            }
            if (Entries.isRequired(below)
                    || needs.containsKey("required")
                    || type.isSealed() && Entries.kind((Mapping) below) == null) {
                required.add(key);
            }
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        if (!properties.isEmpty()) {
            schema.put("properties", properties);
        }
        return schema;
    }

    private Map<String, Object> variantNeeds(Class<?> sealed, Mapping entry) {
        List<String> notAlone = new ArrayList<>();
        List<Object> rules = new ArrayList<>();
        for (Class<?> variant : Words.variants(sealed)) {
            String kind = Words.kind(variant);
            Map<String, Object> needs = needs(variant, Entries.variant(entry, kind));
            if (!needs.isEmpty()) {
                notAlone.add(kind);
                Map<String, Object> rule = new LinkedHashMap<>();
                Map<String, Object> named = new LinkedHashMap<>();
                named.put("required", List.of("kind"));
                named.put("properties", Map.of("kind", Map.of("const", kind)));
                rule.put("if", named);
                rule.put("then", needs);
                rules.add(rule);
            }
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        if (Entries.kind(entry) == null) {
            schema.put("required", List.of("kind"));
        }
        if (!notAlone.isEmpty()) {
            schema.put("not", Map.of("enum", notAlone));
            schema.put("allOf", rules);
        }
        return schema;
    }

    private static Map<String, Object> anyOf(List<?> choices) {
        return new LinkedHashMap<>(Map.of("anyOf", choices));
    }

    private static Map<String, Object> described(String comment, Map<String, Object> schema) {
        Map<String, Object> described = new LinkedHashMap<>();
        if (!comment.isEmpty()) {
            described.put("description", comment);
        }
        described.putAll(schema);
        return described;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> child(Map<String, Object> schema, String key) {
        return (Map<String, Object>) schema.getOrDefault(key, Map.of());
    }

    /** JSON for people: two spaces an indent, and one line for what fits and has no maps below it. */
    static String pretty(Object value, String indent) {
        String deeper = indent + "  ";
        return switch (value) {
            case Map<?, ?> map -> {
                List<String> entries = new ArrayList<>();
                map.forEach((k, v) -> entries.add(Canonical.json(k) + ": " + pretty(v, deeper)));
                yield together("{", entries, "}", indent, holdsMaps(map.values()));
            }
            case List<?> list ->
                together("[", list.stream().map(v -> pretty(v, deeper)).toList(), "]", indent, holdsMaps(list));
            default -> Canonical.json(value);
        };
    }

    private static boolean holdsMaps(Collection<?> values) {
        return values.stream().anyMatch(Map.class::isInstance);
    }

    private static String together(String open, List<String> entries, String close, String indent, boolean lines) {
        String line = open + String.join(", ", entries) + close;
        return lines || line.length() > 100
                ? open + "\n" + indent + "  " + String.join(",\n" + indent + "  ", entries) + "\n" + indent + close
                : line;
    }
}
