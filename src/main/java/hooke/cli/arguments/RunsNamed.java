package hooke.cli.arguments;

import hooke.Check;
import hooke.InputException;
import hooke.store.Run;
import hooke.store.Store;
import hooke.store.StoredSweep;
import hooke.sweep.CellResults;
import hooke.sweep.SweepResults;
import hooke.sweep.file.Sweeps;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The runs that one word of the command line stands for, where a command looks at more than one. */
public final class RunsNamed {
    private RunsNamed() {}

    /**
     * Every seed of a run's name, or of the names that fit a pattern with {@code *}; else every run of the sweep of that name, or of its
     * cell {@code SWEEP.CELL}, also where these runs were trained under other names. Throws an {@link InputException} with the nearest
     * name where there is none.
     *
     * @param address {@code name} or {@code name/seed}, whose seed says nothing here
     */
    public static List<Run> find(Store store, String address) {
        String name = address.replaceAll("/.*", "");
        String regex = regex(name);
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

    /**
     * The runs of one word where a seed may be named: {@code name/seed}, either of which may be a pattern with {@code *}, is these runs
     * alone; anything else is as {@link #find} has it.
     *
     * @param command that takes whole runs, for the sentence that refuses a step
     */
    public static List<Run> whole(Store store, String word, String command) {
        if (!word.contains("/")) {
            return word.contains("@") ? List.of(WholeRun.find(store, word, command)) : find(store, word);
        }
        if (!word.contains("*")) {
            return List.of(WholeRun.find(store, word, command));
        }
        String regex = regex(word);
        List<Run> fit = store.runs().stream()
                .filter(run -> run.address().matches(regex))
                .toList();
        Check.that(!fit.isEmpty(), "no run in %s fits '%s'; ./hooke ls lists them", store.folder(), word);
        return fit;
    }

    private static String regex(String pattern) {
        return Arrays.stream(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    }

    private static List<Run> stored(CellResults cell) {
        return cell.runs().stream()
                .flatMap(run -> Stream.ofNullable(run.stored()))
                .toList();
    }
}
