package hooke.view.page;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The words that a page explains where a reader points at them; docs/glossary.md is the same file. */
public final class Glossary {
    static final String RESOURCE = "glossary.md";

    private static final Pattern ENTRY = Pattern.compile("(?m)^- \\*\\*(.+?)\\*\\*: (.+)$");

    private static final Map<String, String> MEANINGS = ENTRY.matcher(Page.resource(RESOURCE))
            .results()
            .collect(Collectors.toUnmodifiableMap(
                    entry -> entry.group(1).toLowerCase(java.util.Locale.ROOT), entry -> entry.group(2)));

    private Glossary() {}

    /** A word or heading, with its meaning to be seen on pointing at it if it has an entry, also as a plural. */
    public static Html explained(String words) {
        String key = words.toLowerCase(java.util.Locale.ROOT);
        String meaning = MEANINGS.getOrDefault(
                key, MEANINGS.getOrDefault(key.endsWith("s") ? key.substring(0, key.length() - 1) : key, ""));
        return meaning.isEmpty() ? Html.text(words) : Html.tag("abbr", words).with("title", meaning.replace("`", ""));
    }
}
