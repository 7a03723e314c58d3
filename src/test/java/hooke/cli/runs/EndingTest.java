package hooke.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.train.Evaluation;
import hooke.train.Measure;
import hooke.train.Outcome;
import hooke.train.Trainer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndingTest {
    @Test
    void whatTheFirstLookSawHappenedByThenAndNotAtThatStep() {
        var imported = new Outcome.Reached(30_000, -1);

        assertThat(Ending.sentence("memorized", "not memorized", imported))
                .isEqualTo("memorized by step 30,000, the first that was evaluated");
        assertThat(Ending.cell(imported)).isEqualTo("<= 30,000");
        assertThat(Ending.sentence("memorized", "not memorized", new Outcome.Reached(0, -1)))
                .isEqualTo("memorized at step 0");
        assertThat(Ending.sentence("memorized", "not memorized", new Outcome.Reached(30, 20)))
                .isEqualTo("memorized at step 30 (not yet at 20)");
        assertThat(Ending.cell(new Outcome.Reached(30, 20))).isEqualTo("30");
    }

    @Test
    void aTaskWithoutAStoryOfGrokkingSaysHowWellAndSinceWhen() {
        var last = Evaluation.of(100, Measure.of(1e-3, 1), Measure.of(2e-3, 0.9995));
        var reached = new Outcome.Reached(60, 50);
        var result = new Trainer.Result(100, new Outcome.Reached(70, 60), reached, reached, last);

        assertThat(Ending.sentences(shipped("quick-grok"), result))
                .containsExactly("memorized at step 60 (not yet at 50)", "grokked at step 60 (not yet at 50)");
        assertThat(Ending.sentences(shipped("list-copy"), result))
                .containsExactly(
                        "copies 99.95% of the digits of the test set",
                        "99.9% test accuracy reached at step 70 (not yet at 60)");
        var never = new Trainer.Result(100, new Outcome.Censored(100), reached, new Outcome.Censored(100), last);
        assertThat(Ending.sentences(shipped("list-copy", "train.stop=never"), never))
                .containsExactly(
                        "copies 99.95% of the digits of the test set",
                        "more than 99% test accuracy not reached within 100 steps");
    }

    private static Experiment shipped(String name, String... settings) {
        return Experiments.named(name, Path.of("experiments"), List.of(settings));
    }

    @Test
    void ofARunThatWasSeenOnceNothingIsClaimed() {
        var unobserved = new Outcome.Unobserved(1000);
        assertThat(Ending.sentence("grokked", "not grokked", unobserved))
                .isEqualTo("unknown whether grokked: only step 1,000 was evaluated");
        assertThat(Ending.cell(unobserved)).isEqualTo("unknown");
    }

    /** A milestone is noted when its patience is over, and happened before. */
    @Test
    void aMilestoneHappenedWhenItBegan() {
        assertThat(Ending.happened(2380, "{\"step\": 2180, \"last_below\": 2170}"))
                .isEqualTo(2180);
        assertThat(Ending.happened(2380, "{\"loss\": \"NaN\"}")).isEqualTo(2380);
    }
}
