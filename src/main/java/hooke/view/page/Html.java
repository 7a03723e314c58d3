package hooke.view.page;

import hooke.Check;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Markup as a tree. Text, attribute values and data are escaped where the tree is written, and there is no way to put raw markup into
 * it: what a user wrote in a note cannot become a tag or a script.
 */
public sealed interface Html {
    record Text(String text) implements Html {}

    record Element(String tag, Map<String, String> attributes, List<Html> children) implements Html {
        public Element {
            Check.that(
                    tag.matches("[a-z][a-z0-9]*") && !Set.of("script", "style").contains(tag),
                    "%s is not a tag of a page's body",
                    tag);
            attributes
                    .keySet()
                    .forEach(name -> Check.that(
                            name.matches("[a-z][a-z-]*") && !name.startsWith("on"),
                            "%s is not an attribute of a page",
                            name));
        }

        /** A copy with one more attribute. */
        public Element with(String name, String value) {
            var more = new LinkedHashMap<>(attributes);
            more.put(name, value);
            return new Element(tag, more, children);
        }
    }

    record Group(List<Html> parts) implements Html {}

    /** Data for the page's scripts, beside the element that shows it. */
    record Data(JsonNode json) implements Html {}

    static Html text(String text) {
        return new Text(text);
    }

    static Html group(List<? extends Html> parts) {
        return new Group(List.copyOf(parts));
    }

    static Element tag(String tag, Html... children) {
        return new Element(tag, Map.of(), Arrays.asList(children));
    }

    static Element tag(String tag, String text) {
        return tag(tag, text(text));
    }

    /** Appends the markup. */
    default void write(StringBuilder out) {
        switch (this) {
            case Text(String text) -> escape(text, out);
            case Group(List<Html> parts) -> parts.forEach(p -> p.write(out));
            // "<" is the only character that could end the block, and in JSON it stands in strings alone
            case Data(JsonNode json) ->
                out.append("<script type=\"application/json\">")
                        .append(json.toString().replace("<", "\\u003c"))
                        .append("</script>");
            case Element(String tag, Map<String, String> attributes, List<Html> children) -> {
                out.append('<').append(tag);
                attributes.forEach((name, value) -> {
                    out.append(' ').append(name).append("=\"");
                    escape(value, out);
                    out.append('"');
                });
                out.append('>');
                if (!Set.of("input", "wbr").contains(tag)) {
                    children.forEach(c -> c.write(out));
                    out.append("</").append(tag).append('>');
                }
            }
        }
    }

    private static void escape(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                // HTML has no form, escaped or not, for the other control characters
                default -> out.append(c < ' ' && c != '\n' && c != '\t' || c == 0x7f ? '\ufffd' : c);
            }
        }
    }
}
