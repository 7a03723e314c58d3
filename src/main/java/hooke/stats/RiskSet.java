package hooke.stats;

import hooke.stats.TimeToEvent.Reached;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One time at which runs reached the event: how many of each group were still at risk, and how many of these reached it then. At equal
 * times the event comes before the censoring.
 */
public record RiskSet(List<Integer> atRisk, List<Integer> events) {
    public RiskSet {
        atRisk = List.copyOf(atRisk);
        events = List.copyOf(events);
    }

    /** The risk sets of all times at which a run of any group reached the event, in order. */
    static List<RiskSet> of(List<Times> groups) {
        var times = new TreeSet<Double>();
        List<NavigableMap<Double, Integer>> ends = new ArrayList<>();
        List<Map<Double, Integer>> events = new ArrayList<>();
        for (Times group : groups) {
            var end = new TreeMap<Double, Integer>();
            var event = new TreeMap<Double, Integer>();
            for (TimeToEvent time : group.all()) {
                end.merge(time.until(), 1, Integer::sum);
                if (time instanceof Reached) {
                    event.merge(time.until(), 1, Integer::sum);
                }
            }
            times.addAll(event.keySet());
            ends.add(end);
            events.add(event);
        }
        int[] left = groups.stream().mapToInt(Times::n).toArray();
        List<RiskSet> sets = new ArrayList<>();
        for (double time : times) {
            for (int g = 0; g < left.length; g++) {
                NavigableMap<Double, Integer> gone = ends.get(g).headMap(time, false);
                left[g] -= gone.values().stream().mapToInt(Integer::intValue).sum();
                gone.clear();
            }
            sets.add(new RiskSet(
                    Arrays.stream(left).boxed().toList(),
                    events.stream().map(e -> e.getOrDefault(time, 0)).toList()));
        }
        return sets;
    }

    int atRisk(int group) {
        return atRisk.get(group);
    }

    int events(int group) {
        return events.get(group);
    }

    int allAtRisk() {
        return atRisk.stream().mapToInt(Integer::intValue).sum();
    }

    int allEvents() {
        return events.stream().mapToInt(Integer::intValue).sum();
    }
}
