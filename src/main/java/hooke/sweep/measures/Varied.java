package hooke.sweep.measures;

import hooke.config.form.Keys;
import hooke.stats.Sample;
import hooke.sweep.Cell;
import hooke.sweep.axes.Axes;
import hooke.sweep.axes.LabelTemplate;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One setting in which the cells of a sweep differ, as tables, legends and axes show it.
 *
 * @param key the path of a setting, or {@code cell} for named bundles of settings
 * @param word the end of the path that no other such setting has
 * @param shown by value, what a person reads: numbers rounded as far as they stay apart. The values stand in their order: numbers by
 *     size, others as the cells have them
 * @param ofCell the value by the hash of the cell; of cells to which the setting does not apply there is none
 * @param isNumeric whether every value is a number
 * @param isInLabels whether the label of each cell tells its value
 * @param borders of more than six numbers, where one group of about equal size ends and the next begins; else empty
 */
public record Varied(
        String key,
        String word,
        SequencedMap<String, String> shown,
        Map<String, String> ofCell,
        boolean isNumeric,
        boolean isInLabels,
        List<Double> borders) {
    private static final int BINS = 5;
    private static final int DIGITS = 3;

    /** What each group of numbers spans. */
    private static final String TO = " to ";

    public Varied {
        borders = List.copyOf(borders);
    }

    /** In the order of the sweep's file. A sweep of a single cell has all that it chose, though nothing differs. */
    public static List<Varied> of(List<Cell> cells) {
        Set<String> keys = new LinkedHashSet<>();
        cells.forEach(cell -> keys.addAll(cell.axes().keySet()));
        List<Varied> varied = new ArrayList<>();
        for (String key : keys) {
            Varied one = of(key, word(key, keys), cells, cell -> cell.axes().get(key));
            if (one.differs(cells) || cells.size() == 1) {
                varied.add(one);
            }
        }
        return varied;
    }

    /** Of any setting, chosen by the sweep or not. */
    static Varied ofSetting(String key, List<Cell> cells) {
        return of(
                key,
                word(key, Set.of(key)),
                cells,
                cell -> cell.experiment().settings().get(key));
    }

    private static Varied of(String key, String word, List<Cell> cells, Function<Cell, @Nullable String> of) {
        Map<String, String> values = new LinkedHashMap<>();
        cells.forEach(cell -> Optional.ofNullable(of.apply(cell)).ifPresent(value -> values.put(cell.hash(), value)));
        List<String> all = values.values().stream().distinct().toList();
        boolean numeric = !all.isEmpty() && all.stream().allMatch(v -> number(v).isPresent());
        List<String> ordered = numeric
                ? all.stream()
                        .sorted(Comparator.comparingDouble(v -> number(v).orElseThrow()))
                        .toList()
                : all;
        List<Double> borders = List.of();
        if (numeric && all.size() > Panel.MOST_GROUPS) {
            Sample sample = Sample.of(
                    values.values().stream()
                            .mapToDouble(v -> number(v).orElseThrow())
                            .toArray(),
                    "");
            borders = IntStream.range(1, BINS)
                    .mapToObj(i -> sample.quantile((double) i / BINS))
                    .distinct()
                    .toList();
        }
        boolean inLabels = cells.stream()
                .allMatch(cell -> cell.label().contains(LabelTemplate.clean(values.getOrDefault(cell.hash(), ""))));
        return new Varied(key, word, shown(ordered, numeric), values, numeric, inLabels, borders);
    }

    private boolean differs(List<Cell> cells) {
        return shown.size() > 1 || ofCell.size() < cells.size();
    }

    private static String word(String key, Set<String> keys) {
        if (key.equals(Cell.NAMED)) {
            return "bundle"; // tables have a column called cell
        }
        if (Keys.isKind(key)) {
            return Axes.lastWord(key);
        }
        int dot = key.lastIndexOf('.');
        while (dot > 0) {
            String end = key.substring(dot);
            boolean isWord = !end.matches("\\.[0-9]+.*"); // else a member of a list, which says nothing alone
            if (isWord && keys.stream().filter(k -> ("." + k).endsWith(end)).count() == 1) {
                return end.substring(1);
            }
            dot = key.lastIndexOf('.', dot - 1);
        }
        return key;
    }

    private static OptionalDouble number(String value) {
        try {
            double number = value.matches("[-+.0-9eE]+") ? Double.parseDouble(value) : Double.NaN;
            return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    /** With the fewest digits that keep all apart, and none that is no whole number from looking like one. */
    private static SequencedMap<String, String> shown(List<String> values, boolean numeric) {
        SequencedMap<String, String> shown = new LinkedHashMap<>();
        for (int digits = DIGITS; ; digits++) {
            shown.clear();
            for (String value : values) {
                shown.put(value, numeric ? rounded(value, digits) : value);
            }
            boolean apart = new LinkedHashSet<>(shown.values()).size() == values.size();
            boolean whole =
                    numeric && shown.entrySet().stream().anyMatch(e -> isWhole(e.getValue()) && !isWhole(e.getKey()));
            if (!numeric || digits >= 17 || apart && !whole) {
                return shown;
            }
        }
    }

    private static boolean isWhole(String number) {
        return number(number).orElseThrow() == Math.rint(number(number).orElseThrow());
    }

    private static String rounded(String value, int digits) {
        BigDecimal number = new BigDecimal(value).stripTrailingZeros();
        if (number.scale() > 0) {
            number = number.round(new MathContext(digits)).stripTrailingZeros();
        }
        int exponent = number.precision() - number.scale() - 1;
        return number.signum() != 0 && (exponent < -3 || exponent > 8)
                ? number.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + exponent
                : number.toPlainString();
    }

    /** In their order. */
    public List<String> values() {
        return List.copyOf(shown.keySet());
    }

    /** What the sweep chose for that cell; empty where the setting does not apply to it. */
    public Optional<String> value(Cell cell) {
        return Optional.ofNullable(ofCell.get(cell.hash()));
    }

    /** NaN where it is no number. */
    public double number(Cell cell) {
        return value(cell).map(v -> number(v).orElse(Double.NaN)).orElse(Double.NaN);
    }

    /** As a person reads it; empty where the setting does not apply. */
    public String shown(Cell cell) {
        return value(cell).map(v -> shown.getOrDefault(v, v)).orElse("");
    }

    /** What cells are put in where they are compared: the values, or of many numbers fifths, {@code 1.2e-4 to 3.1e-4}. */
    public List<String> groups() {
        if (borders.isEmpty()) {
            return List.copyOf(shown.values());
        }
        Map<Integer, List<String>> bins = new LinkedHashMap<>();
        shown.forEach((value, text) -> bins.computeIfAbsent(bin(number(value).orElseThrow()), _ -> new ArrayList<>())
                .add(text));
        return bins.values().stream()
                .map(bin -> bin.size() == 1 ? bin.getFirst() : bin.getFirst() + TO + bin.getLast())
                .toList();
    }

    /** Index in {@link #groups}; -1 where the setting does not apply. */
    public int group(Cell cell) {
        if (borders.isEmpty()) {
            return value(cell).map(v -> values().indexOf(v)).orElse(-1);
        }
        double number = number(cell);
        return Double.isNaN(number) ? -1 : bin(number);
    }

    private int bin(double number) {
        return (int) borders.stream().filter(border -> number > border).count();
    }
}
