package hooke.sweep.axes;

import hooke.Check;
import hooke.InputException;
import hooke.config.Draft;
import hooke.config.Experiment;
import hooke.config.form.Tree;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Sequence;
import hooke.config.form.Values;
import hooke.sweep.Cell;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/** From axes to cells: every combination of the axes' choices with every draw, less what conditions and constraints leave out. */
public final class Expansion {
    /** Combinations that are looked at, before constraints: some seconds. */
    private static final int MOST_COMBINATIONS = 100_000;

    private static final int LONGEST_LABEL = 60;
    private static final Set<String> NO_NUMBER_DEPENDS_ON = Set.of("name", "note", "tags", "seed");

    private final String prefix;
    private final String name;
    private final Draft base;
    private final List<SweepAxis> axes;
    private final Draws draws;
    private final List<Condition> constraints;
    private final int first;
    private final int cap;
    private final String label;

    /** @param first cells after which no more are made */
    public Expansion(
            String prefix,
            String name,
            Draft base,
            List<SweepAxis> axes,
            Draws draws,
            List<Condition> constraints,
            int first,
            int cap,
            String label) {
        this.prefix = prefix;
        this.name = name;
        this.base = base;
        this.axes = axes;
        this.draws = draws;
        this.constraints = constraints;
        this.first = first;
        this.cap = cap;
        this.label = label;
    }

    public record Cells(List<Cell> all, List<String> remarks) {}

    /** What one combination chooses, by axis, and the experiment that comes of it. */
    private record Combination(SequencedMap<String, Choice> choices, int draw, Experiment experiment) {}

    public Cells cells() {
        checkCount();
        List<List<Choice>> samples = draws.all();
        List<Combination> kept = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        Map<String, String> settings = base.experiment().settings();
        int[] at = new int[axes.size()];
        do {
            for (int draw = 0; draw < samples.size() && kept.size() < first; draw++) {
                Combination combination = combination(at, samples.get(draw), draw, settings, seen);
                if (combination != null) {
                    kept.add(combination);
                }
            }
        } while (kept.size() < first && next(at));
        Check.that(
                !kept.isEmpty(),
                "%sthe constraints exclude all %s: %s",
                prefix,
                combinations(),
                String.join("; ", constraints.stream().map(Condition::toString).toList()));
        return named(kept);
    }

    private BigInteger combinations() {
        BigInteger count = BigInteger.valueOf(draws.count());
        for (SweepAxis axis : axes) {
            count = count.multiply(BigInteger.valueOf(axis.choices().size()));
        }
        return count;
    }

    private void checkCount() {
        BigInteger count = combinations();
        boolean all = first == Integer.MAX_VALUE && constraints.isEmpty();
        int most = all && axes.stream().allMatch(a -> a.when() == null) ? cap : MOST_COMBINATIONS;
        Check.that(
                count.compareTo(BigInteger.valueOf(most)) <= 0,
                "%shas %,d combinations, more than %s: leave values out, or draw some at random",
                prefix,
                count,
                most == cap ? "cap (%,d)".formatted(cap) : "the %,d that can be looked at".formatted(most));
    }

    /** The next combination, the last axis fastest; false after the last. */
    private boolean next(int[] at) {
        for (int i = at.length - 1; i >= 0; i--) {
            if (++at[i] < axes.get(i).choices().size()) {
                return true;
            }
            at[i] = 0;
        }
        return false;
    }

    private @org.jspecify.annotations.Nullable Combination combination(
            int[] at, List<Choice> sample, int draw, Map<String, String> ofBase, Set<String> seen) {
        SequencedMap<String, Choice> sure = new LinkedHashMap<>();
        SequencedMap<String, Choice> choices = new LinkedHashMap<>();
        for (int i = 0; i < at.length; i++) {
            SweepAxis axis = axes.get(i);
            Choice choice = axis.choices().get(at[i]);
            choices.put(axis.key(), choice);
            if (axis.when() == null) {
                sure.put(axis.key(), choice);
            }
        }
        for (int k = 0; k < sample.size(); k++) {
            choices.put(draws.keys().get(k).path(), sample.get(k));
            if (draws.keys().get(k).when() == null) {
                sure.put(draws.keys().get(k).path(), sample.get(k));
            }
        }
        if (sure.size() < choices.size()) {
            Map<String, String> known = known(sure, ofBase);
            axes.stream()
                    .filter(a -> a.when() != null && !a.when().holds(known))
                    .forEach(a -> choices.remove(a.key()));
            draws.keys().stream()
                    .filter(d -> d.when() != null && !d.when().holds(known))
                    .forEach(d -> choices.remove(d.path()));
            boolean isNew = seen.add(choices.entrySet().stream()
                    .map(e -> e.getKey() + "=" + e.getValue().name())
                    .toList()
                    .toString());
            if (!isNew) {
                return null; // Differs from another in a choice alone that does not apply.
            }
        }
        return bound(choices, draw, ofBase);
    }

    /** Null where a constraint leaves it out: also one that cannot be an experiment, if a constraint says so, too. */
    private @org.jspecify.annotations.Nullable Combination bound(
            SequencedMap<String, Choice> choices, int draw, Map<String, String> ofBase) {
        Experiment experiment;
        try {
            experiment = laid(choices).experiment();
        } catch (InputException e) {
            Map<String, String> written = written(choices, ofBase);
            if (constraints.stream().allMatch(c -> c.holds(written))) {
                throw fault(choices, e);
            }
            return null;
        }
        Map<String, String> settings = constraints.isEmpty() ? Map.of() : experiment.settings();
        return constraints.stream().allMatch(c -> c.holds(settings))
                ? new Combination(choices, draw, experiment)
                : null;
    }

    /** The base alone is right, so what is wrong is said with the place of the choice, and never with one in the base's file. */
    private InputException fault(SequencedMap<String, Choice> choices, InputException first) {
        List<Choice.Setting> settings =
                choices.values().stream().flatMap(c -> c.settings().stream()).toList();
        String said = String.valueOf(first.getMessage());
        Choice.Setting blamed = settings.stream()
                .filter(s -> said.contains(s.path()))
                .findFirst()
                .orElse(settings.getLast());
        String sentence = said;
        try {
            laid(base.writtenAt(blamed.value().where()), choices).experiment();
        } catch (InputException e) {
            sentence = String.valueOf(e.getMessage());
        }
        List<String> cell = new ArrayList<>();
        choices.forEach((key, choice) -> cell.add(key + " = " + Values.shown(choice.name())));
        return new InputException(sentence + ", in the cell " + String.join(", ", cell), first);
    }

    private Draft laid(SequencedMap<String, Choice> choices) {
        return laid(base, choices);
    }

    private static Draft laid(Draft base, SequencedMap<String, Choice> choices) {
        return base.withAll(choices.values().stream()
                .flatMap(choice -> choice.settings().stream())
                .map(setting -> Map.entry(setting.path(), setting.value()))
                .toList());
    }

    private Map<String, String> known(SequencedMap<String, Choice> choices, Map<String, String> ofBase) {
        try {
            return laid(choices).experiment().settings();
        } catch (InputException notYetWhole) {
            return written(choices, ofBase);
        }
    }

    /** What settings would be, those that follow from others left as they are in the base. */
    private static Map<String, String> written(SequencedMap<String, Choice> choices, Map<String, String> ofBase) {
        Map<String, String> settings = new HashMap<>(ofBase);
        choices.values().forEach(c -> c.settings().forEach(s -> write(s.path(), s.value(), settings)));
        return settings;
    }

    private static void write(String path, Tree value, Map<String, String> settings) {
        switch (value) {
            case Mapping m -> m.entries().forEach((key, below) -> write(path + "." + key, below, settings));
            case Sequence s -> settings.put(path, s.yaml());
            case Tree.Scalar s -> settings.put(path, s.text());
        }
    }

    private Cells named(List<Combination> combinations) {
        Check.that(
                combinations.size() <= cap,
                "%shas %,d cells, more than cap (%,d): leave values out, or raise cap",
                prefix,
                combinations.size(),
                cap);
        List<String> labels = combinations.stream().map(this::label).toList();
        boolean tooLong = label.isEmpty() && labels.stream().anyMatch(l -> l.length() > LONGEST_LABEL);
        Map<String, String> byHash = new HashMap<>();
        Map<String, Integer> byLabel = new HashMap<>();
        List<Cell> cells = new ArrayList<>();
        List<Map<String, String>> settings = new ArrayList<>();
        int twice = 0;
        for (int i = 0; i < combinations.size(); i++) {
            Combination combination = combinations.get(i);
            String own = tooLong ? "c%04d".formatted(i + 1) : labels.get(i);
            Experiment experiment = named(combination.experiment(), own);
            String hash = experiment.cellHash();
            String other = byHash.putIfAbsent(hash, own);
            if (other != null && !draws.keys().isEmpty()) {
                twice++;
                continue;
            }
            Check.that(other == null, "%sthe cells %s and %s are the same experiment", prefix, other, own);
            Check.that(
                    byLabel.put(own, i) == null,
                    "%stwo cells would be called %s: give their values names, or change label",
                    prefix,
                    own);
            cells.add(new Cell(own, names(combination.choices()), new LinkedHashMap<>(), experiment, hash));
            settings.add(experiment.settings());
        }
        List<String> remarks = new ArrayList<>(unusedConditions(combinations));
        if (twice > 0) {
            remarks.add("draws that were drawn before, and are not trained again: %,d".formatted(twice));
        }
        return new Cells(withDifferences(cells, settings), remarks);
    }

    private List<String> unusedConditions(List<Combination> combinations) {
        List<String> conditional = new ArrayList<>();
        axes.stream().filter(a -> a.when() != null).forEach(a -> conditional.add(a.key()));
        draws.keys().stream().filter(d -> d.when() != null).forEach(d -> conditional.add(d.path()));
        return conditional.stream()
                .filter(key -> combinations.stream().noneMatch(c -> c.choices().containsKey(key)))
                .map(key -> "%s%s is set in no cell: its condition (when) holds in none".formatted(prefix, key))
                .toList();
    }

    private Experiment named(Experiment experiment, String own) {
        String whole = name + "." + own;
        Check.that(
                own.matches("[A-Za-z0-9._+-]+") && whole.length() <= 100,
                "%sthe label %s must be letters, digits and . _ + -, with the sweep's name at most 100 characters",
                prefix,
                Values.shown(own));
        return experiment.named(whole).withSeed(0).resolved(1);
    }

    private static SequencedMap<String, String> names(SequencedMap<String, Choice> choices) {
        SequencedMap<String, String> names = new LinkedHashMap<>();
        choices.forEach((key, choice) -> names.put(key, choice.name()));
        return names;
    }

    /** Each cell with those settings that are not the same in all of them. */
    private static List<Cell> withDifferences(List<Cell> cells, List<Map<String, String>> settings) {
        Set<String> differ = new LinkedHashSet<>();
        Map<String, String> first = settings.getFirst();
        for (Map<String, String> other : settings) {
            other.forEach((key, value) -> {
                if (!value.equals(first.get(key))) {
                    differ.add(key);
                }
            });
            first.keySet().stream().filter(key -> !other.containsKey(key)).forEach(differ::add);
        }
        differ.removeAll(NO_NUMBER_DEPENDS_ON);
        List<Cell> all = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            Cell cell = cells.get(i);
            SequencedMap<String, String> own = new LinkedHashMap<>();
            settings.get(i).forEach((key, value) -> {
                if (differ.contains(key)) {
                    own.put(key, value);
                }
            });
            all.add(new Cell(cell.label(), cell.choices(), own, cell.experiment(), cell.hash()));
        }
        return all;
    }

    private String label(Combination combination) {
        if (!label.isEmpty()) {
            return new LabelTemplate(prefix, label).fill(names(combination.choices()), combination.experiment());
        }
        List<String> parts = new ArrayList<>();
        combination.choices().forEach((key, choice) -> {
            if (draws.keys().stream().noneMatch(d -> d.path().equals(key))) {
                parts.add(
                        LabelTemplate.clean(choice.named() ? choice.name() : Axes.lastWord(key) + "-" + choice.name()));
            }
        });
        if (!draws.keys().isEmpty()) {
            parts.add((combination.draw() < draws.atRandom() ? "r%03d" : "t%03d").formatted(combination.draw() + 1));
        }
        return parts.isEmpty() ? "base" : String.join("+", parts);
    }
}
