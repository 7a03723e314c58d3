package hooke.sweep.file;

import hooke.config.form.Tree;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Scalar;
import hooke.config.form.Tree.Sequence;
import hooke.config.form.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A tree as a reader of YAML 1.1 understands it, which Weights and Biases' is: yes is true, 1_000 and 0x10 are numbers, {@code <<} merges. */
final class Yaml11 {
    private static final Pattern TRUE = Pattern.compile("yes|Yes|YES|true|True|TRUE|on|On|ON");
    private static final Pattern FALSE = Pattern.compile("no|No|NO|false|False|FALSE|off|Off|OFF");
    private static final Pattern NULL = Pattern.compile("~|null|Null|NULL|");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9][0-9_]*(\\.[0-9_]*)?([eE][-+]?[0-9]+)?");
    private static final Pattern HEX = Pattern.compile("([-+]?)0x([0-9a-fA-F_]{1,15})");
    private static final Pattern OCTAL = Pattern.compile("([-+]?)0([0-7_]{1,20})");

    private Yaml11() {}

    static Tree of(Tree tree) {
        return switch (tree) {
            case Scalar s -> s.plain() ? new Scalar(s.where(), text(s.text()), true) : s;
            case Sequence s ->
                new Sequence(s.where(), s.items().stream().map(Yaml11::of).toList());
            case Mapping m -> merged(m);
        };
    }

    /** Its own keys win over those that it merges, and what is merged first over what comes later. */
    private static Mapping merged(Mapping m) {
        Map<String, Tree> all = new LinkedHashMap<>();
        m.entries().forEach((key, value) -> {
            if (!key.equals("<<")) {
                all.put(key, of(value));
            }
        });
        Tree below = m.get("<<");
        List<Tree> others = below instanceof Sequence s ? s.items() : below == null ? List.of() : List.of(below);
        for (Tree other : others) {
            Values.mapping(of(other), "<<").entries().forEach(all::putIfAbsent);
        }
        return new Mapping(m.where(), all);
    }

    private static String text(String plain) {
        if (TRUE.matcher(plain).matches()) {
            return "true";
        } else if (FALSE.matcher(plain).matches()) {
            return "false";
        } else if (NULL.matcher(plain).matches()) {
            return "null";
        }
        var hex = HEX.matcher(plain);
        if (hex.matches()) {
            return hex.group(1) + Long.parseLong("0" + hex.group(2).replace("_", ""), 16);
        }
        var octal = OCTAL.matcher(plain);
        if (octal.matches()) {
            return octal.group(1) + Long.parseLong("0" + octal.group(2).replace("_", ""), 8);
        }
        return DECIMAL.matcher(plain).matches() ? plain.replace("_", "") : plain;
    }
}
