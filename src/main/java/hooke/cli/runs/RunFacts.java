package hooke.cli.runs;

import hooke.Check;
import hooke.InputException;
import hooke.config.ByToken;
import hooke.store.Run;
import hooke.store.Survey;
import hooke.train.Outcome;
import hooke.train.Trainer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What runs can be filtered and sorted by, by the name of a key: what {@code ls} shows, any setting as {@code --set} takes it, and the last
 * value of any series.
 */
public final class RunFacts {
    /** How a list's own columns are called. */
    public static final List<String> OWN =
            List.of("run", "name", "seed", "state", "step", "memorized", "grokked", "begun", "took");

    private final Survey survey;
    private final Map<Long, String> tokenizers;
    private final Map<Long, Optional<Trainer.Result>> results = new HashMap<>();

    RunFacts(Survey survey) {
        this.survey = survey;
        this.tokenizers = survey.setting("task.facts.tokenizer_sha256");
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
            case "memorized" -> run -> outcome(run, Trainer.Result::memorized);
            case "grokked" -> run -> outcome(run, Trainer.Result::grokked);
            case "begun" ->
                run -> new Fact(
                        List.of(run.created().toString()),
                        run.created().toEpochSecond(),
                        run.created().toEpochSecond());
            case "took" -> run -> Ls.took(run).map(Fact::of).orElse(Fact.UNKNOWN);
            default -> stored(key);
        };
    }

    private Fact outcome(Run run, Function<Trainer.Result, Outcome> which) {
        return result(run).map(r -> Fact.of(which.apply(r))).orElse(Fact.UNKNOWN);
    }

    private Function<Run, Fact> stored(String key) {
        List<String> series = survey.seriesNames();
        if (series.contains(key)) {
            Map<Long, Double> last = survey.last(key);
            return run -> last.containsKey(run.id()) ? Fact.of(last.get(run.id())) : Fact.UNKNOWN;
        }
        List<String> keys = survey.keys();
        if (!keys.contains(key)) {
            throw unknown(key, keys, series);
        }
        Map<Long, String> values = survey.setting(key);
        return run -> Fact.of(values.get(run.id()));
    }

    /** The last part of a key alone is not taken, as it may become ambiguous with the next run; it is told whole. */
    private static InputException unknown(String key, List<String> keys, List<String> series) {
        List<String> ending = keys.stream().filter(k -> k.endsWith("." + key)).toList();
        List<String> all = Stream.of(OWN, keys, series).flatMap(List::stream).toList();
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
