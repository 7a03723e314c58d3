package hooke.cli;

import hooke.Check;
import hooke.InputException;
import hooke.store.Run;
import hooke.store.Store;
import hooke.store.StoredSweep;
import hooke.sweep.CellResults;
import hooke.sweep.SweepResults;
import hooke.sweep.Sweeps;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The runs that one word of the command line stands for, where a command looks at more than one. */
final class RunsNamed {
    private RunsNamed() {}

    /**
     * Every seed of a run's name, or of the names that fit a pattern with {@code *}; else every run of the sweep of that name, or of its
     * cell {@code SWEEP.CELL}, also where these runs were trained under other names. Throws an {@link InputException} with the nearest
     * name where there is none.
     *
     * @param address {@code name} or {@code name/seed}, whose seed says nothing here
     */
    static List<Run> find(Store store, String address) {
        String name = address.replaceAll("/.*", "");
        String regex = Arrays.stream(name.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        List<Run> all = store.runs();
        List<Run> named = all.stream().filter(run -> run.name().matches(regex)).toList();
        if (!named.isEmpty()) {
            return named;
        }
        var others = new LinkedHashSet<>(all.stream().map(Run::name).toList());
        for (StoredSweep sweep : store.sweeps()) {
            others.add(sweep.name());
            if (sweep.name().equals(name)) {
                return store.runsOfSweep(name);
            }
            if (name.startsWith(sweep.name() + ".")) {
                var parsed = Sweeps.parse(sweep.text(), sweep.name() + ".yaml", Sweeps.Options.NONE);
                for (CellResults cell : SweepResults.read(store, parsed).cells()) {
                    others.add(sweep.name() + "." + cell.cell().label());
                    if (name.equals(sweep.name() + "." + cell.cell().label())) {
                        return stored(cell);
                    }
                }
            }
        }
        throw new InputException("no run, sweep or cell in %s is called '%s'%s"
                .formatted(store.folder(), name, Check.didYouMean(name, others)));
    }

    private static List<Run> stored(CellResults cell) {
        return cell.runs().stream()
                .flatMap(run -> Stream.ofNullable(run.stored()))
                .toList();
    }
}
