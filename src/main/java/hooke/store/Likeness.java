package hooke.store;

import hooke.Amounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * With which instructions runs were computed: the addresses of the runs by {@link Provenance#likeness}. Unlike ones round otherwise, so that
 * a difference between two runs may be the machine's.
 */
public record Likeness(SequencedMap<String, List<String>> runs) {
    private static final String THEN = " and then ";

    /** So many addresses of a group are named. */
    private static final int NAMED = 4;

    /** A run that was resumed on an unlike machine is in a group of its own. Of what was imported from other programs nothing is known. */
    public static Likeness of(List<Run> runs, Survey survey) {
        Map<Long, List<String>> likeness = survey.likeness();
        SequencedMap<String, List<String>> groups = new LinkedHashMap<>();
        for (Run run : runs) {
            String one = likeness.getOrDefault(run.id(), List.of()).stream()
                    .filter(part -> !part.isEmpty())
                    .distinct()
                    .collect(Collectors.joining(THEN));
            if (!one.isEmpty()) {
                groups.computeIfAbsent(one, _ -> new ArrayList<>()).add(run.address());
            }
        }
        return new Likeness(groups);
    }

    /** Of most of those runs that were computed with the same instructions from their beginning to their end. */
    public Optional<String> usual() {
        return runs.entrySet().stream()
                .filter(group -> !group.getKey().contains(THEN))
                .max(Comparator.comparingInt(group -> group.getValue().size()))
                .map(Map.Entry::getKey);
    }

    /** What the reader of their figures must know, if they differ: which, and in what. */
    public Optional<String> remark() {
        List<String> all = new ArrayList<>(runs.keySet());
        if (all.stream().allMatch(one -> isLike(all.getFirst(), one))) {
            return Optional.empty();
        }
        return Optional.of(
                "These runs were computed with different instructions, so that some differences may be the machines': "
                        + runs.entrySet().stream()
                                .sorted(Comparator.comparingInt(
                                        e -> -e.getValue().size()))
                                .map(e -> e.getKey() + " (" + named(e.getValue()) + ")")
                                .collect(Collectors.joining("; "))
                        + ".");
    }

    private static String named(List<String> addresses) {
        int more = addresses.size() - NAMED;
        return addresses.stream().limit(NAMED).collect(Collectors.joining(", "))
                + (more > 0 ? " and " + Amounts.count(more) + " more" : "");
    }

    /** Whether they differ in nothing that both tell: an older Hooke told less. */
    public static boolean isLike(String a, String b) {
        Map<String, String> x = parts(a);
        Map<String, String> y = parts(b);
        return x.entrySet().stream()
                .allMatch(e -> y.getOrDefault(e.getKey(), e.getValue()).equals(e.getValue()));
    }

    /** {@code OpenBLAS Zen} by its first word. */
    private static Map<String, String> parts(String likeness) {
        return Arrays.stream(likeness.split(", "))
                .collect(Collectors.toMap(part -> part.split(" ", 2)[0], Function.identity(), (a, b) -> a + b));
    }
}
