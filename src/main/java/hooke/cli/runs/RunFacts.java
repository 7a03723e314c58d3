package hooke.cli.runs;

import hooke.Amounts;
import hooke.Check;
import hooke.InputException;
import hooke.config.Aim;
import hooke.config.Experiment;
import hooke.config.Milestone;
import hooke.config.task.ByToken;
import hooke.store.Run;
import hooke.store.Store;
import hooke.store.Survey;
import hooke.store.series.Series;
import hooke.train.Outcome;
import hooke.train.Trainer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What runs can be filtered and sorted by, by the name of a key: what {@code ls} shows, any setting as {@code --set} takes it, and the last
 * value of any series.
 */
public final class RunFacts {
    /** How a list's own columns are called. */
    public static final List<String> OWN =
            List.of("run", "name", "seed", "state", "step", "memorized", "grokked", "reached", "begun", "took");

    private static final List<String> MILESTONES = List.of(Milestone.MEMORIZED, Milestone.GROKKED, Milestone.REACHED);

    private final Store store;
    private final Survey survey;
    private final Map<Long, String> tokenizers;
    private final Map<Long, String> stories;
    private final Map<String, Experiment> representatives = new HashMap<>();
    private final Map<Long, Optional<Trainer.Result>> results = new HashMap<>();

    RunFacts(Store store) {
        this.store = store;
        this.survey = store.survey();
        this.tokenizers = survey.setting("task.facts.tokenizer_sha256");
        this.stories = survey.setting("task.kind");
        for (String stop : List.of("train.stop", "train.stop.kind")) {
            survey.setting(stop).forEach((run, kind) -> stories.merge(run, kind, (task, of) -> task + " " + of));
        }
    }

    /** An experiment with its kind of task and of stopping rule: reading that of every run would take too long. */
    private Optional<Experiment> representative(Run run) {
        String story = stories.getOrDefault(run.id(), "");
        try {
            return Optional.of(
                    representatives.computeIfAbsent(story, _ -> store.read(run).experiment()));
        } catch (InputException damaged) {
            return Optional.empty();
        }
    }

    /** What a run may come to, by the name that its outcome has: memorizing and grokking only where that is a story, and its own milestones. */
    SequencedMap<String, Optional<Outcome>> milestones(Run run) {
        SequencedMap<String, Optional<Outcome>> all = new LinkedHashMap<>();
        Optional<Trainer.Result> result = result(run);
        Optional<Experiment> like = representative(run).filter(e -> e.task().isKnown());
        like.ifPresent(experiment -> {
            for (Aim aim : Aim.of(experiment)) {
                switch (aim) {
                    case MEMORIZED -> all.put(Milestone.MEMORIZED, result.map(Trainer.Result::memorized));
                    case GROKKED -> all.put(Milestone.GROKKED, result.map(Trainer.Result::grokked));
                    case REACHED -> {
                        if (!experiment.train().stopsAtNamed()) {
                            all.put(Milestone.REACHED, result.map(Trainer.Result::outcome));
                        }
                    }
                }
            }
        });
        result.ifPresent(r -> r.milestones().forEach((name, outcome) -> {
            if (!MILESTONES.contains(name)) {
                all.put(name, Optional.of(outcome));
            }
        }));
        return all;
    }

    /** The unit of a series of a run, or nothing. */
    String unit(String series, Run run) {
        return Series.isLoss(series)
                ? representative(run).map(e -> e.task().lossUnit()).orElse("")
                : "";
    }

    /** The value of such a key, to be shown. */
    String shown(String key, Run run, Fact fact) {
        if (!fact.isKnown()) {
            return "";
        } else if (!survey.seriesNames().contains(key)) {
            return fact.word();
        }
        String unit = unit(key, run);
        return Amounts.figure(fact.high()) + (unit.isEmpty() ? "" : " " + unit);
    }

    /** How a run ended, read once; empty also where that is damaged: one run must not hide the others, and show says what is wrong. */
    Optional<Trainer.Result> result(Run run) {
        return results.computeIfAbsent(run.id(), _ -> {
            try {
                return Ls.result(run);
            } catch (InputException damaged) {
                return Optional.empty();
            }
        });
    }

    /**
     * A fact of each of these runs. Throws {@link InputException} where there is no such key, with the nearest one, and where their tokens
     * differ so that it does not compare.
     */
    Function<Run, Fact> by(String key, List<Run> runs) {
        Check.that(
                !ByToken.counts(key) || !tokensDiffer(runs),
                "%s does not compare these runs: %s; or name runs of one tokenizer",
                key,
                ByToken.DIFFERS);
        return switch (key) {
            case "run" -> run -> Fact.of(run.address());
            case "name" -> run -> Fact.of(run.name());
            case "seed" -> run -> Fact.of(run.seed());
            case "state" -> run -> Fact.of(Ls.state(run));
            case "step" -> run -> Fact.of(run.step());
            case Milestone.MEMORIZED -> run -> outcome(run, Trainer.Result::memorized);
            case Milestone.GROKKED -> run -> outcome(run, Trainer.Result::grokked);
            case Milestone.REACHED -> run -> outcome(run, Trainer.Result::outcome);
            case "begun" ->
                run -> new Fact(
                        List.of(run.created().toString()),
                        run.created().toEpochSecond(),
                        run.created().toEpochSecond());
            case "took" -> run -> Ls.took(run).map(Fact::of).orElse(Fact.UNKNOWN);
            default -> stored(key, runs);
        };
    }

    private Fact outcome(Run run, Function<Trainer.Result, @Nullable Outcome> which) {
        return result(run)
                .flatMap(r -> Optional.ofNullable(which.apply(r)))
                .map(Fact::of)
                .orElse(Fact.UNKNOWN);
    }

    private Function<Run, Fact> stored(String key, List<Run> runs) {
        List<String> series = survey.seriesNames();
        if (series.contains(key)) {
            Map<Long, Double> last = survey.last(key);
            return run -> last.containsKey(run.id()) ? Fact.of(last.get(run.id())) : Fact.UNKNOWN;
        }
        List<String> keys = survey.keys();
        if (!keys.contains(key)) {
            List<String> own = runs.stream()
                    .flatMap(run -> milestones(run).keySet().stream())
                    .distinct()
                    .toList();
            if (own.contains(key)) {
                return run -> outcome(run, result -> result.milestones().get(key));
            }
            throw unknown(key, keys, series, own);
        }
        Map<Long, String> values = survey.setting(key);
        return run -> Fact.of(values.get(run.id()));
    }

    /** The last part of a key alone is not taken, as it may become ambiguous with the next run; it is told whole. */
    private static InputException unknown(String key, List<String> keys, List<String> series, List<String> milestones) {
        List<String> ending = keys.stream().filter(k -> k.endsWith("." + key)).toList();
        List<String> all =
                Stream.of(OWN, milestones, keys, series).flatMap(List::stream).toList();
        return new InputException("no run here has a setting, outcome or series called '%s'%s"
                .formatted(
                        key,
                        ending.isEmpty()
                                ? Check.didYouMean(key, all)
                                : ": did you mean '" + String.join("' or '", ending) + "'?"));
    }

    /** The settings in which runs differ: of all where they were asked for together, else of each name's on their own. */
    Map<Long, SequencedMap<String, String>> differing(List<Run> runs, boolean together) {
        if (together) {
            return survey.differing(runs);
        }
        Map<Long, SequencedMap<String, String>> all = new HashMap<>();
        runs.stream()
                .collect(Collectors.groupingBy(Run::base))
                .values()
                .forEach(group -> all.putAll(survey.differing(new ArrayList<>(group))));
        return all;
    }

    /** Whether it learned a text. */
    boolean isText(Run run) {
        return tokenizers.containsKey(run.id());
    }

    /** Whether there are texts among the runs that are cut into different tokens. */
    boolean tokensDiffer(List<Run> runs) {
        return runs.stream()
                        .filter(this::isText)
                        .map(run -> tokenizers.get(run.id()))
                        .distinct()
                        .limit(2)
                        .count()
                > 1;
    }

    boolean isDamaged(Run run) {
        return run.status() == Run.Status.DONE
                && run.outcome() != null
                && result(run).isEmpty();
    }
}
