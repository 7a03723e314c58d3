package hooke.view.run;

import hooke.Amounts;
import hooke.config.Aim;
import hooke.config.Experiment;
import hooke.config.TrainConfig;
import hooke.config.task.TextScore;
import hooke.store.series.Series;
import hooke.view.plot.Axis;
import hooke.view.plot.Curve;
import hooke.view.plot.CurvePlot;
import hooke.view.plot.HeatMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that a report shows of one run, as plain data.
 *
 * @param address {@code name/seed}
 * @param state how far the run is
 * @param why the reason of a divergence or failure, else empty
 * @param lastStep updates done
 * @param trained time spent training, if known
 * @param curves every point of every series, {@code train_loss}, {@code test_accuracy}, ...
 * @param events in the order of their steps
 * @param heatMaps attention patterns and the like
 */
public record RunReport(
        String address,
        Experiment experiment,
        State state,
        String why,
        long lastStep,
        Optional<Duration> trained,
        List<Curve> curves,
        List<Event> events,
        List<Fact> provenance,
        List<Checkpoint> checkpoints,
        List<HeatMap> heatMaps) {

    public enum State {
        RUNNING,
        INTERRUPTED,
        FINISHED,
        /** Before all steps were done, by the experiment's own rule. */
        STOPPED,
        DIVERGED,
        FAILED
    }

    /**
     * Something that happened.
     *
     * @param name in a word
     * @param after the last evaluation at which it had not happened yet: the truth lies between
     * @param detail in words, or empty
     */
    public record Event(Kind kind, String name, long step, OptionalLong after, String detail) {
        /** One that has no name but its kind. */
        public Event(Kind kind, long step, OptionalLong after, String detail) {
            this(kind, kind.word(), step, after, detail);
        }

        /** {@code at step 100}; {@code by step 100} where nobody looked before, so that it may have been earlier. */
        String when() {
            return (after.isEmpty() && step > 0 ? "by" : "at") + " step " + Amounts.count(step);
        }
    }

    public enum Kind {
        MEMORIZED(CurvePlot.Tone.MILESTONE),
        GROKKED(CurvePlot.Tone.MILESTONE),
        /** The goal of a task that knows no grokking. */
        REACHED(CurvePlot.Tone.MILESTONE),
        /** A milestone that the experiment names. */
        NAMED(CurvePlot.Tone.MILESTONE),
        RESUMED(CurvePlot.Tone.QUIET),
        STOPPED(CurvePlot.Tone.QUIET),
        DIVERGED(CurvePlot.Tone.ALARM),
        FAILED(CurvePlot.Tone.ALARM);

        private final CurvePlot.Tone tone;

        Kind(CurvePlot.Tone tone) {
            this.tone = tone;
        }

        CurvePlot.Tone tone() {
            return tone;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public record Fact(String name, String value) {}

    /** @param resumable whether it holds the optimizer's state, too */
    public record Checkpoint(long step, String file, long bytes, String sha256, boolean resumable) {}

    public RunReport {
        curves = List.copyOf(curves);
        events = List.copyOf(events);
        provenance = List.copyOf(provenance);
        checkpoints = List.copyOf(checkpoints);
        heatMaps = List.copyOf(heatMaps);
    }

    /** What came of it, in a sentence. */
    public String headline() {
        if (!experiment.task().isKnown()) {
            return "Weights for an unknown task, for inspection only";
        }
        String result = experiment.task().memorizes() ? grokking() : skill();
        return switch (state) {
            case DIVERGED -> "Diverged at step " + Amounts.count(lastStep) + ": " + lower(result);
            case FAILED -> "Failed at step " + Amounts.count(lastStep) + ": " + lower(result);
            case RUNNING, INTERRUPTED, FINISHED, STOPPED -> result;
        };
    }

    /** How far it has come without a milestone. */
    private String within() {
        return switch (state) {
            case FINISHED, STOPPED ->
                isSeenOnce()
                        ? " at step " + Amounts.count(lastStep) + ", the only one that was evaluated"
                        : " within " + Amounts.count(lastStep) + " steps";
            case RUNNING, INTERRUPTED -> " by step " + Amounts.count(lastStep);
            case DIVERGED, FAILED -> " before";
        };
    }

    /** {@code Copies 99.95% of the digits; 99.9% test accuracy reached at step 60}. */
    private String skill() {
        Optional<Event> reached = first(Kind.REACHED);
        TrainConfig train = experiment.train();
        String goal = reached.isPresent()
                ? Aim.REACHED.done(train) + " " + reached.get().when()
                : Aim.of(experiment).isEmpty()
                        ? last("test_" + TextScore.BITS_PER_BYTE)
                                        .map(bits -> Amounts.figure(bits) + " bits/byte")
                                        .orElse("loss not measured")
                                + " after " + Amounts.of(lastStep, "step", "steps")
                        : Aim.REACHED.missed(train) + within();
        return last("test_accuracy")
                .map(accuracy -> capital(experiment.task().doing(Amounts.percent(accuracy))) + "; " + goal)
                .orElse(capital(goal));
    }

    private String grokking() {
        Optional<Event> memorized = first(Kind.MEMORIZED);
        Optional<Event> grokked = first(Kind.GROKKED);
        String within = within();
        boolean ended = state == State.FINISHED || state == State.STOPPED;
        if (isSeenOnce() && ended && (memorized.isEmpty() || grokked.isEmpty())) {
            String known = memorized
                    .map(e -> "Memorized " + e.when() + "; whether it grokked")
                    .or(() -> grokked.map(e -> "Grokked " + e.when() + "; whether the training set was memorized"))
                    .orElse("Whether it memorized or grokked");
            return known + " is not known: only step " + Amounts.count(lastStep) + " was looked at";
        }
        if (memorized.isPresent() && grokked.isPresent()) {
            String m = memorized.get().when();
            String g = grokked.get().when();
            return m.equals(g)
                    ? "Memorized and grokked " + m
                    : memorized.get().step() <= grokked.get().step()
                            ? "Memorized " + m + ", grokked " + g
                            : "Grokked " + g + ", memorized " + m;
        } else if (memorized.isPresent()) {
            return "Memorized " + memorized.get().when() + ", not grokked" + within;
        } else if (grokked.isPresent()) {
            return "Grokked " + grokked.get().when() + ", training set not memorized" + within;
        }
        return "Neither memorized nor grokked" + within;
    }

    /** As of an imported checkpoint: how it came about, nobody watched. */
    boolean isSeenOnce() {
        return lastStep > 0
                && curves.stream().filter(c -> c.name().equals("test_accuracy")).anyMatch(c -> c.x().length == 1);
    }

    /** All plots: those of {@link #learning}, then those of {@link #machine}. */
    public List<CurvePlot> plots() {
        return Stream.concat(learning().stream(), machine().stream()).toList();
    }

    /** Losses, accuracies, and one plot for each series that is neither; every event marked in each. */
    List<CurvePlot> learning() {
        List<Curve> losses =
                curves.stream().filter(c -> Series.isLoss(c.name())).toList();
        var plots = new ArrayList<CurvePlot>();
        if (!losses.isEmpty()) {
            plots.add(plot("Loss", Axis.measure("loss (" + experiment.task().lossUnit() + ")", true, losses), losses));
        }
        List<Curve> told = new ArrayList<>(losses);
        Map<String, List<Curve>> shares = curves.stream()
                .filter(c -> Series.isShare(c.name()))
                .collect(Collectors.groupingBy(
                        c -> words(c.name().substring(c.name().indexOf('_') + 1)),
                        LinkedHashMap::new,
                        Collectors.toList()));
        shares.forEach((metric, sets) -> {
            plots.add(plot(capital(metric), Axis.share(metric, experiment.task().isSolvable()), sets));
            told.addAll(sets);
        });
        for (Curve curve : curves) {
            if (!told.contains(curve) && !isMachine(curve.name())) {
                plots.add(alone(curve));
            }
        }
        return plots;
    }

    /** What tells about the machine and not the model: the series {@code machine/...}. */
    List<CurvePlot> machine() {
        return curves.stream().filter(c -> isMachine(c.name())).map(this::alone).toList();
    }

    static boolean isMachine(String series) {
        return series.startsWith("machine/");
    }

    private CurvePlot alone(Curve curve) {
        String name = words(curve.name());
        return plot(capital(name), Axis.measure(name, false, List.of(curve)), List.of(curve));
    }

    private CurvePlot plot(String title, Axis y, List<Curve> shown) {
        List<CurvePlot.Marker> markers = events.stream()
                .map(e -> new CurvePlot.Marker(e.step(), e.name(), e.kind().tone, Optional.empty()))
                .toList();
        List<Curve> named = shown.stream()
                .map(c -> new Curve(words(c.name()), c.x(), c.y()))
                .toList();
        return CurvePlot.of(title, Axis.steps(curves), y, named, markers);
    }

    /** The last point of a series, if it has one. */
    Optional<Double> last(String series) {
        return curves.stream()
                .filter(c -> c.name().equals(series) && c.y().length > 0)
                .map(c -> c.y()[c.y().length - 1])
                .findFirst();
    }

    /** The state in a word or two. */
    String stateWord() {
        return switch (state) {
            case RUNNING -> "still running";
            case INTERRUPTED -> "interrupted";
            case FINISHED -> "finished";
            case STOPPED -> "stopped early";
            case DIVERGED -> "diverged";
            case FAILED -> "failed";
        };
    }

    Optional<Event> first(Kind kind) {
        return events.stream().filter(e -> e.kind() == kind).findFirst();
    }

    /** A series as a legend names it: {@code machine/native_bytes} is native bytes, {@code loss} that of the batches. */
    static String words(String series) {
        return series.equals("loss")
                ? "batch loss"
                : series.substring(series.lastIndexOf('/') + 1).replace('_', ' ');
    }

    static String capital(String words) {
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    private static String lower(String sentence) {
        return sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
    }
}
