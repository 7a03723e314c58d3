package hooke.config.form;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How Java's names are written in a file: {@code nLayers} as n_layers, {@code LayerNorm} as layer-norm, {@code Q_K_V_O} as q-k-v-o. */
public final class Words {
    /** Kinds, variants and words are asked for some hundred thousand times by a sweep of a thousand cells: written once a class. */
    private static final ClassValue<String> KIND = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> variant) {
            Kind kind = variant.getAnnotation(Kind.class);
            return kind != null ? kind.value() : parted(variant.getSimpleName().replaceFirst("Config$", ""), '-', true);
        }
    };

    private static final ClassValue<Variants> VARIANTS = new ClassValue<>() {
        @Override
        protected Variants computeValue(Class<?> sealed) {
            List<Class<?>> all = List.of(sealed.getPermittedSubclasses());
            return new Variants(all, all.stream().map(Words::kind).toList());
        }
    };

    private static final ClassValue<List<String>> CONSTANTS = new ClassValue<>() {
        @Override
        protected List<String> computeValue(Class<?> enumType) {
            return Arrays.stream(enumType.getEnumConstants())
                    .map(c -> word((Enum<?>) c))
                    .toList();
        }
    };

    private record Variants(List<Class<?>> all, List<String> kinds) {}

    private Words() {}

    /** The key of a record component. */
    public static String key(String component) {
        return parted(component, '_', false);
    }

    /**
     * With a sign before each capital behind a small letter or digit, in small letters.
     *
     * @param beforeSmall only where the capital is followed by a small letter
     */
    private static String parted(String name, char sign, boolean beforeSmall) {
        var out = new StringBuilder(name.length() + 4);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean begins = i > 0 && isCapital(c) && !isCapital(name.charAt(i - 1)) && name.charAt(i - 1) != '_';
            boolean small = i + 1 < name.length() && name.charAt(i + 1) >= 'a' && name.charAt(i + 1) <= 'z';
            if (begins && (!beforeSmall || small)) {
                out.append(sign);
            }
            out.append(Character.toLowerCase(c));
        }
        return out.toString();
    }

    private static boolean isCapital(char c) {
        return c >= 'A' && c <= 'Z';
    }

    /** The {@code kind} of a variant; AdamW is one word, and TableConfig, which has a file of its own, is {@code table}. */
    public static String kind(Class<?> variant) {
        return KIND.get(variant);
    }

    /** The variants of a sealed interface, in the order of its file. */
    public static List<Class<?>> variants(Class<?> sealed) {
        return VARIANTS.get(sealed).all();
    }

    public static List<String> kinds(Class<?> sealed) {
        return VARIANTS.get(sealed).kinds();
    }

    /** An enum's constant; a weight keeps its name, {@code W_V}. */
    public static String word(Enum<?> constant) {
        String name = constant.name();
        return name.startsWith("W_") || name.startsWith("b_")
                ? name
                : name.replace('_', '-').toLowerCase(Locale.ROOT);
    }

    public static List<String> words(Class<?> enumType) {
        return CONSTANTS.get(enumType);
    }

    /** Text from outside as a sentence may show it: short, and nothing that moves a terminal's cursor. */
    public static String shown(String text, int most) {
        var out = new StringBuilder();
        for (int i = 0; i < text.length() && i < most; i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || c == '\u2028'
                    || c == '\u2029') {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return text.length() <= most ? out.toString() : out + "...";
    }
}
