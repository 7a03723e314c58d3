package hooke.store.archive;

import hooke.InputException;
import hooke.Printable;
import hooke.config.EventKind;
import hooke.config.Experiment;
import hooke.store.Event;
import hooke.store.series.Series;
import hooke.store.sqlite.JsonColumn;
import hooke.store.sqlite.Stored;
import java.time.DateTimeException;
import java.util.HashSet;
import java.util.List;

/** What an archive says of one run, looked at before anything of it is stored: no later reader has to doubt it. */
record HeadCheck(String file, Experiment experiment, Archive.Head head, Archive.Rules rules) {
    void check() {
        that(experiment.hash().equals(head.hash()), "its settings are not those of its hash");
        that(head.step() >= 0, "its step is negative");
        moment("created", head.created());
        moment("ended", head.ended());
        try {
            rules.outcome().accept(head.outcome());
        } catch (InputException e) {
            throw damaged("its outcome: " + e.getMessage());
        }
        that(
                !head.provenance().isEmpty()
                        && head.resumedAt().size() == head.provenance().size() - 1,
                "its provenance and the steps where it was resumed do not fit together");
        that(head.resumedAt().stream().allMatch(this::isStep), "it was resumed at a step that it does not have");
        that(new HashSet<>(head.series()).size() == head.series().size(), "two of its series have one name");
        head.series()
                .forEach(name -> that(Stored.isName(name), "a series cannot be called '" + Printable.line(name) + "'"));
        head.events().forEach(this::check);
        head.tags().forEach(Stored::checkTag);
        head.checkpoints()
                .forEach(saved ->
                        that(saved.sha256().matches("[0-9a-f]{64}"), "'" + saved.sha256() + "' is no SHA-256"));
        List<Long> steps = head.checkpoints().stream().map(Archive.Saved::step).toList();
        that(
                steps.stream().allMatch(this::isStep)
                        && steps.stream().sorted().distinct().toList().equals(steps),
                "the steps of its checkpoints do not rise up to its own");
    }

    private void check(Event event) {
        that(Stored.isName(event.kind()), "an event cannot be called '" + Printable.line(event.kind()) + "'");
        that(!event.is(EventKind.ARTIFACT), "it keeps a file that no archive takes along");
        that(isStep(event.step()), "it has the event " + event.kind() + " at a step that it does not have");
        try {
            JsonColumn.object(event.detail());
        } catch (IllegalArgumentException e) {
            throw damaged("the detail of its event %s cannot be read: %s".formatted(event.kind(), e.getMessage()));
        }
    }

    /** Throws unless the points are at steps that the run has. */
    void check(Series series) {
        that(
                isStep(series.steps()[0]) && isStep(series.steps()[series.size() - 1]),
                "its series " + series.name() + " has points at steps that it does not have");
    }

    private boolean isStep(long step) {
        return step >= 0 && step <= head.step();
    }

    private void moment(String field, String text) {
        try {
            Stored.moment(text);
        } catch (DateTimeException e) {
            throw damaged("its %s ('%s') is no moment".formatted(field, text));
        }
    }

    void that(boolean condition, String fault) {
        if (!condition) {
            throw damaged(fault);
        }
    }

    InputException damaged(String fault) {
        return new InputException("%s is damaged: run %s/%s cannot be imported: %s"
                .formatted(file, experiment.name(), experiment.seed(), fault));
    }
}
