package hooke.view.run;

import hooke.Amounts;
import hooke.config.Aim;
import hooke.config.EventKind;
import hooke.config.Experiment;
import hooke.config.TrainConfig;
import hooke.store.Event;
import hooke.store.Provenance;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.files.Checkpoint;
import hooke.store.files.StoredFile;
import hooke.store.series.Series;
import hooke.sweep.measures.Goal;
import hooke.view.plot.Curve;
import hooke.view.plot.HeatMap;
import hooke.view.run.RunReport.Fact;
import hooke.view.run.RunReport.Kind;
import hooke.view.run.RunReport.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** What the store knows of a run, as a report shows it; also of one that still trains. */
public final class StoredRun {
    private StoredRun() {}

    /** @param heatMaps what was computed for the report beside */
    public static RunReport report(RunReader reader, List<HeatMap> heatMaps) {
        Run run = reader.run();
        Experiment experiment = reader.experiment().tagged(reader.tags());
        List<RunReport.Event> events = events(reader, experiment);
        Optional<RunReport.Event> diverged = first(events, Kind.DIVERGED);
        State state = switch (run.status()) {
            case RUNNING -> State.RUNNING;
            case STOPPED -> State.INTERRUPTED;
            case FAILED, DAMAGED -> State.FAILED;
            case DONE ->
                diverged.isPresent()
                        ? State.DIVERGED
                        : first(events, Kind.STOPPED).isPresent() ? State.STOPPED : State.FINISHED;
        };
        String why = state == State.FAILED
                ? json(run.outcome() == null ? "" : run.outcome())
                        .path("outcome")
                        .path("why")
                        .asString("")
                : diverged.map(RunReport.Event::detail).orElse("");
        return new RunReport(
                run.address(),
                experiment,
                state,
                why,
                run.step(),
                reader.isImported() ? Optional.empty() : trained(run),
                reader.seriesNames().stream()
                        .map(name -> curve(reader.series(name)))
                        .toList(),
                events,
                provenance(run, reader.provenance()),
                reader.checkpoints().stream().map(StoredRun::checkpoint).toList(),
                heatMaps);
    }

    /** Known where one process did it all; between two lies time in which nobody trained. */
    private static Optional<Duration> trained(Run run) {
        return run.parts() == 1 && run.ended() != null
                ? Optional.of(Duration.between(run.created(), run.ended()))
                : Optional.empty();
    }

    private static Curve curve(Series series) {
        return new Curve(
                series.name(), Arrays.stream(series.steps()).asDoubleStream().toArray(), series.values());
    }

    private static RunReport.Checkpoint checkpoint(Checkpoint checkpoint) {
        StoredFile weights = checkpoint.weights();
        StoredFile state = checkpoint.state();
        return new RunReport.Checkpoint(
                checkpoint.step(),
                String.valueOf(weights.path().getFileName()),
                weights.bytes() + (state == null ? 0 : state.bytes()),
                weights.sha256(),
                state != null);
    }

    private static List<RunReport.Event> events(RunReader reader, Experiment experiment) {
        Stream<RunReport.Event> resumed = reader.resumedAt().stream()
                .map(step -> new RunReport.Event(
                        Kind.RESUMED,
                        step,
                        OptionalLong.empty(),
                        step == 0 ? "from the beginning" : "from the checkpoint of this step"));
        return Stream.concat(reader.events().stream().flatMap(e -> event(e, experiment)), resumed)
                .sorted(Comparator.comparingLong(RunReport.Event::step))
                .toList();
    }

    /** A milestone is stored when it is sure, and tells at which evaluation it began. */
    private static Stream<RunReport.Event> event(Event event, Experiment experiment) {
        return Stream.concat(milestone(event, experiment), stop(event, experiment.train()).stream());
    }

    /** A run ends where the milestone is sure that its rule waits for. */
    private static Optional<RunReport.Event> stop(Event event, TrainConfig train) {
        String name = event.is(EventKind.MILESTONE)
                ? json(event.detail()).path("name").asString("")
                : event.kind();
        return train.stopsAt()
                .filter(stop -> stop.name().equals(name))
                .map(stop -> new RunReport.Event(
                        Kind.STOPPED, event.step(), OptionalLong.empty(), new Goal(Goal.Kind.REACHED, stop).text()));
    }

    private static Stream<RunReport.Event> milestone(Event event, Experiment experiment) {
        JsonNode detail = json(event.detail());
        long step = detail.path("step").asLong(event.step());
        long lastBelow = detail.path("last_below").asLong(-1);
        OptionalLong after = lastBelow < 0 ? OptionalLong.empty() : OptionalLong.of(lastBelow);
        Optional<Kind> told = Aim.ofEvent(event.type(), experiment)
                .filter(Aim.of(experiment)::contains)
                .map(StoredRun::kind);
        return switch (event.type()) {
            case MEMORIZED, GROKKED, REACHED -> told.map(kind -> new RunReport.Event(kind, step, after, "")).stream();
            case MILESTONE -> {
                String name = detail.path("name").asString("");
                yield experiment.train().allMilestones().stream()
                        .filter(m -> m.name().equals(name))
                        .map(m -> new RunReport.Event(Kind.NAMED, name, step, after, m.meaning()));
            }
            case DIVERGED ->
                Stream.of(new RunReport.Event(
                        Kind.DIVERGED,
                        event.step(),
                        OptionalLong.empty(),
                        detail.path("why")
                                .asString(
                                        "the loss became " + detail.path("loss").asString("no number"))));
            case IMPORTED, ARTIFACT, TOKENIZER, SAMPLES, UNKNOWN -> Stream.empty();
        };
    }

    private static Kind kind(Aim aim) {
        return switch (aim) {
            case MEMORIZED -> Kind.MEMORIZED;
            case GROKKED -> Kind.GROKKED;
            case REACHED -> Kind.REACHED;
        };
    }

    private static Optional<RunReport.Event> first(List<RunReport.Event> events, Kind kind) {
        return events.stream().filter(e -> e.kind() == kind).findFirst();
    }

    /** One line a fact; where several processes worked on the run and differ, all that it was. */
    private static List<Fact> provenance(Run run, List<Provenance> parts) {
        var facts = new ArrayList<Fact>();
        facts.add(new Fact("Run", run.address() + ", number " + run.id() + " of its store"));
        facts.add(new Fact("Experiment", run.hash()));
        facts.add(new Fact("Without its seed", run.cellHash()));
        fact(facts, "Hooke", parts, p -> p.commit().isEmpty() ? p.hooke() : p.hooke() + ", commit " + p.commit());
        fact(facts, "libtorch", parts, Provenance::libtorch);
        fact(facts, "OpenBLAS", parts, Provenance::openblas);
        fact(facts, Comparison.INSTRUCTIONS, parts, Provenance::likeness);
        fact(facts, "Java", parts, Provenance::java);
        fact(facts, "System", parts, Provenance::os);
        fact(facts, "Processor", parts, p -> p.cpu() + ", " + p.cores() + (p.cores() == 1 ? " core" : " cores"));
        fact(facts, "Command", parts, Provenance::command);
        fact(facts, parts.size() == 1 ? "Begun" : "Begun and resumed", parts, p -> Amounts.moment(p.at()));
        return facts;
    }

    private static void fact(
            List<Fact> facts, String name, List<Provenance> parts, Function<Provenance, String> value) {
        String values = parts.stream().map(value).distinct().collect(Collectors.joining("; "));
        if (!values.isEmpty()) {
            facts.add(new Fact(name, values));
        }
    }

    /** What another version wrote may have another form: then nothing is known from it. */
    private static JsonNode json(String text) {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException e) {
            return JsonNodeFactory.instance.missingNode();
        }
    }
}
