package hooke.track;

import hooke.config.Experiment;
import hooke.store.Event;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.series.Series;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A stored run as trackers are told of it: every point of its series, its settings, tags and events.
 *
 * @param group what its tracker shows it with: the sweep that was asked for, or the experiment as it calls itself
 * @param tags those of the experiment, and those that people gave to the run
 * @param settings by key, as text
 * @param times of its steps
 */
public record TrackedRun(
        Run run,
        String group,
        String note,
        SequencedSet<String> tags,
        SequencedMap<String, String> settings,
        List<Series> series,
        List<Event> events,
        RunTimes times) {

    /** @param now stands for the end of a run that has not ended */
    public static TrackedRun of(RunReader reader, String group, OffsetDateTime now) {
        Experiment experiment = reader.experiment();
        var tags = new LinkedHashSet<>(experiment.tags());
        tags.addAll(reader.tags());
        return new TrackedRun(
                reader.run(),
                group,
                experiment.note(),
                tags,
                reader.settings(),
                reader.seriesNames().stream().map(reader::series).toList(),
                reader.events(),
                RunTimes.of(reader, now));
    }

    /** The run's name, less that of the sweep that it is a cell of. */
    public String label() {
        return run.name().startsWith(group + ".") ? run.name().substring(group.length() + 1) : run.name();
    }

    /** Points of all series. */
    public long points() {
        return series.stream().mapToLong(Series::size).sum();
    }

    /** What was measured at each step, by the name of the series. */
    public SortedMap<Long, SequencedMap<String, Double>> bySteps() {
        var steps = new TreeMap<Long, SequencedMap<String, Double>>();
        for (Series one : series) {
            for (int i = 0; i < one.size(); i++) {
                steps.computeIfAbsent(one.steps()[i], _ -> new LinkedHashMap<>())
                        .put(one.name(), one.values()[i]);
            }
        }
        return steps;
    }

    /** When a step was made, in seconds since 1970. */
    public double at(long step) {
        return times.at(step);
    }
}
