package hooke.sweep.measures;

import hooke.store.RunReader;
import hooke.store.series.Series;
import hooke.sweep.Cell;
import hooke.sweep.CellResults;
import hooke.sweep.SweepResults;
import hooke.sweep.SweepRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A setting that changed no number: cells that differ in it alone agree, bit by bit, in every point of every series of every seed that
 * both have done. What tells of the machine (series {@code machine/...}) is left out. A setting may do nothing in some cells and much in
 * others, so that the number of pairs compared is told, too.
 *
 * @param setting by path, or the axis as {@link Cell#choices} names it
 * @param agreeing pairs in which it did nothing; at least one
 * @param compared all pairs that differ in it alone and have a seed in common that both have done
 */
public record Inert(String setting, List<Pair> agreeing, int compared) {
    public Inert {
        agreeing = List.copyOf(agreeing);
    }

    /** @param seeds that both have done */
    public record Pair(Cell first, Cell second, List<Long> seeds) {
        public Pair {
            seeds = List.copyOf(seeds);
        }
    }

    /** One sentence with its count. */
    public String sentence() {
        Pair pair = agreeing.getFirst();
        String several = compared == 1 ? "" : ", as in %s of %s such pairs".formatted(agreeing.size(), compared);
        return "%s changed no number: %s and %s agree in every point of %s%s"
                .formatted(
                        setting,
                        pair.first().label(),
                        pair.second().label(),
                        pair.seeds().size() == 1
                                ? "the one seed that both have done"
                                : "all %s seeds that both have done"
                                        .formatted(pair.seeds().size()),
                        several);
    }

    /** All of them, in the order of the cells. Curves are read only where the last numbers agree. */
    public static List<Inert> find(SweepResults results) {
        Map<String, List<Pair>> agreeing = new LinkedHashMap<>();
        Map<String, Integer> compared = new LinkedHashMap<>();
        List<CellResults> rows = results.cells();
        for (int[] pair : neighbours(rows)) {
            CellResults a = rows.get(pair[0]);
            CellResults b = rows.get(pair[1]);
            Optional<String> setting = onlyDifference(a.cell(), b.cell());
            List<Long> seeds = setting.isEmpty() ? List.of() : common(a, b);
            if (setting.isPresent() && !seeds.isEmpty()) {
                compared.merge(setting.get(), 1, Integer::sum);
                if (seeds.stream().allMatch(seed -> agree(results, a, b, seed))) {
                    agreeing.computeIfAbsent(setting.get(), _ -> new ArrayList<>())
                            .add(new Pair(a.cell(), b.cell(), seeds));
                }
            }
        }
        return agreeing.entrySet().stream()
                .map(e -> new Inert(e.getKey(), e.getValue(), Objects.requireNonNull(compared.get(e.getKey()))))
                .toList();
    }

    /** Pairs whose choices differ in one alone, in the order of the cells; found by what is left without it, for comparing each with each takes seconds. */
    private static List<int[]> neighbours(List<CellResults> rows) {
        Set<String> keys = new LinkedHashSet<>();
        rows.forEach(row -> keys.addAll(row.cell().choices().keySet()));
        List<int[]> pairs = new ArrayList<>();
        for (String key : keys) {
            Map<Map<String, String>, List<Integer>> alike = new HashMap<>();
            for (int i = 0; i < rows.size(); i++) {
                Map<String, String> rest = new HashMap<>(rows.get(i).cell().choices());
                rest.remove(key);
                List<Integer> before = alike.computeIfAbsent(rest, _ -> new ArrayList<>());
                int second = i;
                before.forEach(first -> pairs.add(new int[] {first, second}));
                before.add(i);
            }
        }
        pairs.sort(Comparator.<int[]>comparingInt(pair -> pair[0]).thenComparingInt(pair -> pair[1]));
        return pairs;
    }

    /** The one choice in which cells differ; of named cells the one setting. */
    private static Optional<String> onlyDifference(Cell a, Cell b) {
        List<String> keys = differing(a.choices(), b.choices());
        if (keys.equals(List.of(Cell.NAMED))) {
            keys = differing(a.settings(), b.settings());
        }
        return keys.size() == 1 ? Optional.of(keys.getFirst()) : Optional.empty();
    }

    private static List<String> differing(Map<String, String> a, Map<String, String> b) {
        Set<String> keys = new LinkedHashSet<>(a.keySet());
        keys.addAll(b.keySet());
        return keys.stream()
                .filter(key -> !Objects.equals(a.get(key), b.get(key)))
                .limit(2)
                .toList();
    }

    private static List<Long> common(CellResults a, CellResults b) {
        return a.runs().stream()
                .filter(run -> run.status() == SweepRun.Status.DONE)
                .map(SweepRun::seed)
                .filter(seed -> b.run(seed).orElseThrow().status() == SweepRun.Status.DONE)
                .toList();
    }

    private static boolean agree(SweepResults results, CellResults a, CellResults b, long seed) {
        SweepRun x = a.run(seed).orElseThrow();
        SweepRun y = b.run(seed).orElseThrow();
        if (!Objects.equals(x.ending(), y.ending())) {
            return false;
        }
        @Nullable RunReader first = results.reader(x);
        @Nullable RunReader second = results.reader(y);
        return first != null
                && second != null
                && names(first).equals(names(second))
                && names(first).stream().allMatch(name -> same(first.series(name), second.series(name)));
    }

    private static List<String> names(RunReader run) {
        return run.seriesNames().stream()
                .filter(name -> !name.startsWith("machine/"))
                .sorted()
                .toList();
    }

    /** Arrays.equals of doubles compares bits, but for the many forms of NaN. */
    private static boolean same(Series a, Series b) {
        return Arrays.equals(a.steps(), b.steps()) && Arrays.equals(a.values(), b.values());
    }
}
