package hooke.config.form;

import hooke.Decimals;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The one way in which an experiment is written out: every key with its value, in the records' order. */
public final class Canonical {
    /** What YAML reads as itself, also inside brackets. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_./+-]*");

    private static final List<String> NOT_TEXT = List.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    private Canonical() {}

    /** Which keys not to write. */
    public interface LeaveOut {
        /** @param written the value as a file writes it on one line, made when asked for; of values with keys of their own their JSON */
        boolean test(RecordComponent component, Supplier<String> written);
    }

    /** A record as a map of maps, lists, numbers, booleans and text; a variant without keys as its kind alone. */
    public static Map<String, Object> map(Record record) {
        return map(record, (_, _) -> false);
    }

    /** A record as a map, without some keys. */
    public static Map<String, Object> map(Record record, LeaveOut leaveOut) {
        Components components = Components.of(record.getClass());
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < components.all().size(); i++) {
            RecordComponent component = components.all().get(i);
            Object value = value(record, component);
            if (!(value instanceof OptionalLong optional) || optional.isPresent()) {
                Object plain = plain(value, component, leaveOut);
                if (!leaveOut.test(component, () -> plain instanceof Map<?, ?> ? json(plain) : flow(plain))) {
                    map.put(components.keys().get(i), plain);
                }
            }
        }
        return map;
    }

    private static Object plain(Object value, RecordComponent component, LeaveOut leaveOut) {
        Zero zero = component.getAnnotation(Zero.class);
        return switch (value) {
            case Integer i when i == 0 && zero != null -> zero.value();
            case Double d when d == 0 && zero != null -> zero.value();
            case OptionalLong optional -> optional.getAsLong();
            case Collection<?> items ->
                items.stream().map(item -> plain(item, component, leaveOut)).toList();
            case Enum<?> constant -> Words.word(constant);
            case Record record when Components.itemType(component).isSealed() -> variant(record, leaveOut);
            case Record record -> map(record, leaveOut);
            default -> value;
        };
    }

    private static Object variant(Record record, LeaveOut leaveOut) {
        String kind = Words.kind(record.getClass());
        Map<String, Object> keys = map(record, leaveOut);
        if (keys.isEmpty()) {
            return kind;
        }
        if (record.getClass().isAnnotationPresent(Bare.class)) {
            return keys.values().iterator().next();
        }
        Map<String, Object> tagged = new LinkedHashMap<>();
        tagged.put("kind", kind);
        tagged.putAll(keys);
        return tagged;
    }

    /** Every key with its value as text, by path; a variant's kind as {@code model.norm.kind}. */
    public static Map<String, String> settings(Record record) {
        Map<String, String> settings = new LinkedHashMap<>();
        flatten(record, "", settings);
        return settings;
    }

    private static void flatten(Record record, String path, Map<String, String> settings) {
        Components components = Components.of(record.getClass());
        for (int i = 0; i < components.all().size(); i++) {
            RecordComponent component = components.all().get(i);
            String key = path + components.keys().get(i);
            Object value = value(record, component);
            if (value instanceof Record r && component.getType().isRecord()) {
                flatten(r, key + ".", settings);
            } else if (value instanceof Record r && !hasBare(component.getType())) {
                settings.put(Keys.kind(key), Words.kind(r.getClass()));
                flatten(r, key + ".", settings);
            } else if (!(value instanceof OptionalLong optional) || optional.isPresent()) {
                settings.put(key, flow(plain(value, component, (_, _) -> false)));
            }
        }
    }

    /** Whether a variant of it is written as a bare value, so that the key has the value and no kind. */
    public static boolean hasBare(Class<?> sealed) {
        return Words.variants(sealed).stream().anyMatch(v -> v.isAnnotationPresent(Bare.class));
    }

    public static Object value(Record record, RecordComponent component) {
        try {
            Object value = component.getAccessor().invoke(record);
            return value instanceof java.util.Set<?> set ? set.stream().sorted().toList() : value;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    /** JSON without spaces. */
    public static String json(Object value) {
        var out = new StringBuilder(1024);
        json(value, out);
        return out.toString();
    }

    private static void json(Object value, StringBuilder out) {
        switch (value) {
            case Map<?, ?> map -> {
                String before = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    quoted(String.valueOf(entry.getKey()), out.append(before));
                    json(entry.getValue(), out.append(':'));
                    before = ",";
                }
                out.append(map.isEmpty() ? "{}" : "}");
            }
            case Collection<?> items -> {
                String before = "[";
                for (Object item : items) {
                    json(item, out.append(before));
                    before = ",";
                }
                out.append(items.isEmpty() ? "[]" : "]");
            }
            case Double d -> out.append(Decimals.shortest(d));
            case String s -> quoted(s, out);
            default -> out.append(value);
        }
    }

    /** YAML in block form. */
    public static String yaml(Map<String, Object> map) {
        var out = new StringBuilder();
        block(map, "", out);
        return out.toString();
    }

    private static void block(Map<?, ?> map, String indent, StringBuilder out) {
        map.forEach((key, value) -> {
            String flow = flow(value);
            out.append(indent).append(key).append(':');
            if (value instanceof Map<?, ?> below && !below.isEmpty()) {
                out.append('\n');
                block(below, indent + "  ", out);
            } else if (value instanceof Collection<?> items && flow.length() > 100) {
                out.append('\n');
                items.forEach(item ->
                        out.append(indent).append("  - ").append(flow(item)).append('\n'));
            } else {
                out.append(' ').append(flow).append('\n');
            }
        });
    }

    private static String flow(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                "{"
                        + map.entrySet().stream()
                                .map(entry -> entry.getKey() + ": " + flow(entry.getValue()))
                                .collect(Collectors.joining(", "))
                        + "}";
            case Collection<?> items ->
                "[" + String.join(", ", items.stream().map(Canonical::flow).toList()) + "]";
            case Double d -> Decimals.shortest(d);
            case String s when PLAIN.matcher(s).matches() && !NOT_TEXT.contains(s.toLowerCase(Locale.ROOT)) -> s;
            case String s -> quoted(s);
            default -> String.valueOf(value);
        };
    }

    /** Text in quotes that JSON and YAML read alike: what is not to be printed, and halves of surrogate pairs, as \\uXXXX. */
    static String quoted(String text) {
        return quoted(text, new StringBuilder(text.length() + 2)).toString();
    }

    private static StringBuilder quoted(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
            if (pair) {
                out.append(c).append(text.charAt(++i));
            } else if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c == '\n') {
                out.append("\\n");
            } else if (Character.isISOControl(c)
                    || Character.isSurrogate(c)
                    || c == '\u2028'
                    || c == '\u2029'
                    || c >= 0xFEFF) {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"');
    }
}
