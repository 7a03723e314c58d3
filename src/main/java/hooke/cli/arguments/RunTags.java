package hooke.cli.arguments;

import hooke.store.Run;
import hooke.store.Store;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The tags of runs: those that people gave them, and those that their experiments have. */
public final class RunTags {
    private final Map<Long, List<String>> given;
    private final Map<Long, String> ofExperiments;

    public RunTags(Store store) {
        given = store.tags();
        ofExperiments = store.survey().setting("tags");
    }

    /** Those that people gave it. */
    public List<String> given(Run run) {
        return given.getOrDefault(run.id(), List.of());
    }

    public Set<String> of(Run run) {
        var all = new TreeSet<>(given(run));
        words(ofExperiments.getOrDefault(run.id(), "")).forEach(all::add);
        return all;
    }

    /** Of all runs. */
    public Set<String> all() {
        var all = new TreeSet<String>();
        given.values().forEach(all::addAll);
        ofExperiments.values().stream().flatMap(RunTags::words).forEach(all::add);
        return all;
    }

    /** {@code [a, "b c"]}, as a list is kept among the settings. */
    private static Stream<String> words(String list) {
        return Arrays.stream(list.replaceAll("^\\[|]$", "").split(", "))
                .map(word -> word.replaceAll("^[\"']|[\"']$", ""))
                .filter(word -> !word.isEmpty());
    }
}
