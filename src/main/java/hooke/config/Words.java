package hooke.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How Java's names are written in a file: {@code nLayers} as n_layers, {@code LayerNorm} as layer-norm, {@code Q_K_V_O} as q-k-v-o. */
final class Words {
    private Words() {}

    /** The key of a record component. */
    static String key(String component) {
        return component.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    /** The {@code kind} of a variant; AdamW is one word. */
    static String kind(Class<?> variant) {
        return variant.getSimpleName()
                .replaceAll("(?<=[a-z0-9])(?=[A-Z][a-z])", "-")
                .toLowerCase(Locale.ROOT);
    }

    /** The variants of a sealed interface, in the order of its file. */
    static List<Class<?>> variants(Class<?> sealed) {
        return List.of(sealed.getPermittedSubclasses());
    }

    static List<String> kinds(Class<?> sealed) {
        return variants(sealed).stream().map(Words::kind).toList();
    }

    /** An enum's constant; a weight keeps its name, {@code W_V}. */
    static String word(Enum<?> constant) {
        String name = constant.name();
        return name.matches("[Wb]_[A-Za-z]+") ? name : name.replace('_', '-').toLowerCase(Locale.ROOT);
    }

    static List<String> words(Class<?> enumType) {
        return Arrays.stream(enumType.getEnumConstants())
                .map(c -> word((Enum<?>) c))
                .toList();
    }

    /** Text from outside as a sentence may show it: short, and nothing that moves a terminal's cursor. */
    static String shown(String text, int most) {
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
