package hooke.sweep.file;

import hooke.Check;
import hooke.config.form.Tree;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Scalar;
import hooke.config.form.Tree.Sequence;
import hooke.config.form.Values;
import hooke.sweep.Cell;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * From which seeds each cell is trained. Wherever a sweep speaks of {@code seed} as if it were a setting, it means this; a seed is never
 * passed over, and two that differ are refused.
 */
final class SweepSeeds {
    static final String NO_AXIS = "cells cannot differ in seed; the seeds of every cell are given by seeds";

    private static final int MAX_SEEDS = 100_000;
    private static final String SET = "seed=";

    private SweepSeeds() {}

    /** The file with a seed that stands in {@code set} or {@code grid} under {@code seeds}, where it belongs. */
    static Mapping lifted(Mapping file) {
        Map<String, Tree> said = new LinkedHashMap<>();
        put(said, "seeds", file.get("seeds"));
        Mapping lifted = file;
        if (file.get("set") instanceof Mapping set && !isNull(set.get("seed"))) {
            put(said, "set.seed", list(set.get("seed")));
            lifted = lifted.with("set", set.without("seed"));
        }
        if (file.get("grid") instanceof Mapping grid && grid.entries().containsKey("seed")) {
            put(said, "grid.seed", gridded(grid.get("seed")));
            Mapping rest = grid.without("seed");
            lifted = rest.entries().isEmpty() ? lifted.without("grid") : lifted.with("grid", rest);
        }
        Check.that(
                !(file.get("random") instanceof Mapping random && random.get("seed") instanceof Mapping),
                "%srandom.seed must be a whole number, from which the draws follow: %s",
                file.where().prefix(),
                NO_AXIS);
        agree(said);
        Tree seeds = said.isEmpty() ? null : said.values().iterator().next();
        return seeds == null ? lifted : lifted.with("seeds", seeds);
    }

    private static @Nullable Tree gridded(@Nullable Tree given) {
        if (given instanceof Mapping m && m.entries().containsKey("values")) {
            Check.that(m.get("when") == null, "%sgrid.seed.when: %s", m.where().prefix(), NO_AXIS);
            return m.get("values");
        }
        return given;
    }

    private static boolean isNull(@Nullable Tree tree) {
        return tree == null || tree instanceof Scalar s && s.isNull();
    }

    private static @Nullable Tree list(@Nullable Tree seed) {
        return seed instanceof Scalar s ? new Sequence(s.where(), List.of(s)) : seed;
    }

    private static void put(Map<String, Tree> said, String key, @Nullable Tree seeds) {
        if (seeds != null) {
            said.put(key, seeds);
        }
    }

    /** @param said seeds by the key that says them */
    private static void agree(Map<String, Tree> said) {
        List<Map.Entry<String, Tree>> all = List.copyOf(said.entrySet());
        for (Map.Entry<String, Tree> other : all) {
            Map.Entry<String, Tree> first = all.getFirst();
            Check.that(
                    read(other.getValue(), name(other)).equals(read(first.getValue(), name(first))),
                    "%s%s contradicts %s: let one of them say the seeds",
                    other.getKey().startsWith("--")
                            ? ""
                            : other.getValue().where().prefix(),
                    other.getKey(),
                    first.getKey());
        }
    }

    /** The place already names an option. */
    private static String name(Map.Entry<String, Tree> said) {
        return said.getKey().startsWith("--") ? "seeds" : said.getKey();
    }

    /** What a command line says: {@code --seeds}, or a seed among the settings; empty if nothing. */
    static Optional<Tree> asked(Sweeps.Options options) {
        Map<String, Tree> said = new LinkedHashMap<>();
        options.seeds().ifPresent(seeds -> said.put("--seeds", Tree.parseLine(seeds, "--seeds")));
        for (String set : options.sets()) {
            Tree value = isSeed(set) ? Tree.parseLine(set.substring(SET.length()), "--set " + set) : null;
            if (!isNull(value)) {
                put(said, "--set " + set, list(value));
            }
        }
        agree(said);
        return said.values().stream().findFirst();
    }

    /** The settings without those that {@link #asked} has heard. */
    static List<String> others(List<String> sets) {
        return sets.stream()
                .filter(set -> !isSeed(set) || set.equals("seed=null") || set.equals("seed=~"))
                .toList();
    }

    private static boolean isSeed(String set) {
        return set.startsWith(SET);
    }

    /** A number of them, or a list. */
    static List<Long> read(Tree given, String key) {
        if (given instanceof Scalar number) {
            if (!number.text().matches("[1-9][0-9]{0,5}") || Integer.parseInt(number.text()) > MAX_SEEDS) {
                throw Values.refusal(
                        given, key, "must be how many (at least 1, at most 100,000) or a list of them, in brackets");
            }
            return LongStream.range(0, Long.parseLong(number.text())).boxed().toList();
        }
        List<Long> seeds = new ArrayList<>();
        Values.some(given, key).forEach(seed -> seeds.add(Values.whole(seed, key, 0, Long.MAX_VALUE / 10)));
        Check.that(
                Set.copyOf(seeds).size() == seeds.size(),
                "%s%s names one of them twice",
                given.where().prefix(),
                key);
        return List.copyOf(seeds);
    }

    static void check(List<Cell> cells, List<Long> seeds, String prefix) {
        for (Cell cell : cells) {
            Check.that(
                    seeds.size() == 1 || cell.experiment().readsSeed(),
                    "%sseeds (%s of them) would all be one run: %s names the seed of every stream under seeds",
                    prefix,
                    seeds.size(),
                    cell.label());
        }
    }
}
