package hooke.cli.runs;

import hooke.Amounts;
import hooke.InputException;
import hooke.config.EventKind;
import hooke.config.task.SampleTexts;
import hooke.config.task.TextConfig;
import hooke.config.task.TextLoss;
import hooke.config.task.TextScore;
import hooke.lens.OpenedModel;
import hooke.lens.text.TextStudy;
import hooke.store.RunReader;
import hooke.store.files.Checkpoint;
import hooke.store.series.Series;
import hooke.task.Text;
import hooke.tensor.Scope;
import hooke.view.run.RunReport.Fact;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What is told of a run that learned a text. */
public final class TextFigures {
    private TextFigures() {}

    /** What it wrote at its last evaluation. */
    public static List<String> samples(RunReader reader) {
        return reader.events().stream()
                .filter(e -> e.is(EventKind.SAMPLES))
                .reduce((_, last) -> last)
                .map(e -> SampleTexts.of(e.detail()))
                .orElse(List.of());
    }

    /**
     * Its loss in three units, beside a bigram model's; where the text is not there, what the run has recorded. Nothing of other tasks.
     *
     * @param step of the checkpoint; else the last
     */
    public static List<Fact> losses(RunReader reader, OptionalLong step) {
        if (!(reader.experiment().task() instanceof TextConfig config)
                || reader.checkpoints().isEmpty()) {
            return List.of();
        }
        Checkpoint checkpoint = step.isPresent()
                ? reader.checkpoint(step.getAsLong())
                : reader.checkpoints().getLast();
        try {
            TextStudy study = study(reader, config, checkpoint);
            List<Fact> facts = new ArrayList<>(units(config, study.score()));
            facts.add(new Fact(
                    "bigram model", Amounts.figure(study.bigram().natsPerToken().value()) + " nats/token"));
            facts.add(new Fact("model minus bigram model", study.verdict()));
            return facts;
        } catch (InputException e) {
            List<Fact> facts = new ArrayList<>();
            Series losses = reader.series("test_loss");
            if (losses.size() > 0) {
                facts.addAll(units(config, TextScore.of(config, losses.values()[losses.size() - 1])));
            }
            facts.add(new Fact("bigram model", "not counted: " + e.getMessage()));
            return facts;
        }
    }

    static TextStudy study(RunReader reader, TextConfig config, Checkpoint checkpoint) {
        try (var _ = new Scope()) {
            return TextStudy.of(config, new Text(config, reader.tokenizer()), OpenedModel.model(reader, checkpoint));
        }
    }

    /** A loss in its three units, how much of the test set it is of, and how much of that the tokenizer does not know. */
    static List<Fact> units(TextConfig config, TextScore score) {
        List<Fact> facts = new ArrayList<>();
        for (TextLoss loss : List.of(score.natsPerToken(), score.natsPerCharacter(), score.bitsPerByte())) {
            facts.add(new Fact(loss.unit(), Amounts.figure(loss.value())));
        }
        facts.add(new Fact(
                "coverage",
                "%s: %s of %s tokens"
                        .formatted(
                                Amounts.percent(score.coverage()),
                                Amounts.count(score.scored()),
                                Amounts.count(score.tokens()))));
        int unknown = config.facts().unknown();
        if (unknown > 0) {
            facts.add(new Fact(
                    "unknown tokens",
                    "%s: %s of %s; what they stand for is not scored, so the loss is too low"
                            .formatted(
                                    Amounts.percent((double) unknown / score.tokens()),
                                    Amounts.count(unknown),
                                    Amounts.count(score.tokens()))));
        }
        return facts;
    }
}
