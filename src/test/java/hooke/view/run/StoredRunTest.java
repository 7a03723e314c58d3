package hooke.view.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import hooke.config.EventKind;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.store.Provenance;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.tensor.DType;
import hooke.tensor.RawTensor;
import hooke.train.Evaluation;
import hooke.train.Measure;
import hooke.train.Outcome;
import hooke.train.ResultJson;
import hooke.train.Trainer;
import hooke.view.run.RunReport.Event;
import hooke.view.run.RunReport.Fact;
import hooke.view.run.RunReport.Kind;
import hooke.view.run.RunReport.State;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredRunTest {
    private static final OffsetDateTime NOON = OffsetDateTime.parse("2026-03-01T12:00:00+01:00");

    @TempDir
    private Path folder;

    private static Experiment experiment(String... sets) {
        return Experiments.read(Path.of("experiments", "modmul-113.yaml"), List.of(sets))
                .resolved(1);
    }

    private static Provenance provenance(OffsetDateTime at) {
        return new Provenance("0.1.0", "abc", "25", "Linux", "a cpu", 2, "2.10", "0.3.31", "", "hooke run", at);
    }

    private static SequencedMap<String, RawTensor> weights() {
        SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
        tensors.put("W", new RawTensor(DType.F32, List.of(2L), MemorySegment.ofArray(new float[] {1, 2})));
        return tensors;
    }

    private static void log(RunWriter run, long step, double accuracy) {
        run.log(step, "train_loss", 1.0 / (step + 1));
        run.log(step, "test_loss", 2.0 / (step + 1));
        run.log(step, "train_accuracy", accuracy);
        run.log(step, "test_accuracy", accuracy);
    }

    private RunReport read(Store store) {
        return StoredRun.report(store.read(store.runs().getFirst()), List.of());
    }

    @Test
    void aRunThatWasInterruptedAndFinishedIsShownWhole() {
        try (Store store = Store.open(folder)) {
            try (RunWriter run = store.claim(experiment(), provenance(NOON))) {
                run.begin();
                for (int step = 0; step <= 50; step++) {
                    log(run, step, step / 100.0);
                }
                run.checkpoint(50, weights(), weights());
                assertThat(read(store).state()).isEqualTo(State.RUNNING);
            }
            assertThat(read(store).state()).isEqualTo(State.INTERRUPTED);
            try (RunWriter run = store.claim(experiment(), provenance(NOON.plusHours(1)))) {
                run.begin();
                for (int step = 51; step <= 100; step++) {
                    log(run, step, step / 100.0);
                }
                run.event(62, EventKind.MEMORIZED, "{\"step\": 60, \"last_below\": 59}");
                run.event(100, EventKind.GROKKED, "{\"step\": 100, \"last_below\": 99}");
                run.checkpoint(100, weights(), weights());
                run.finish("{}", NOON.plusHours(2));
            }

            RunReport report = read(store);

            assertThat(report.address()).isEqualTo("modmul-113/0");
            assertThat(report.state()).isEqualTo(State.FINISHED);
            assertThat(report.headline()).isEqualTo("Memorized at step 60, grokked at step 100");
            assertThat(report.events())
                    .containsExactly(
                            new Event(Kind.RESUMED, 50, OptionalLong.empty(), "from the checkpoint of this step"),
                            new Event(Kind.MEMORIZED, 60, OptionalLong.of(59), ""),
                            new Event(Kind.GROKKED, 100, OptionalLong.of(99), ""));
            assertThat(report.curves())
                    .hasSize(4)
                    .allSatisfy(c -> assertThat(c.x()).hasSize(101));
            assertThat(report.last("test_accuracy")).contains(1.0);
            assertThat(report.checkpoints())
                    .extracting(RunReport.Checkpoint::step)
                    .containsExactly(50L, 100L);
            assertThat(report.trained()).as("nobody trained between the two").isEmpty();
            assertThat(report.provenance())
                    .contains(new Fact("Processor", "a cpu, 2 cores"))
                    .contains(new Fact("Begun and resumed", "2026-03-01 12:00+01:00; 2026-03-01 13:00+01:00"));
            assertThat(RunPage.of(report).html()).contains("<h1>Memorized at step 60, grokked at step 100</h1>");
        }
    }

    @Test
    void aTaskThatKnowsNoGrokkingIsToldByHowWellAndWhenItsGoalWasReached() {
        Experiment copy = Experiments.named("list-copy", Path.of("experiments"), List.of());
        try (Store store = Store.open(folder)) {
            try (RunWriter run = store.claim(copy, provenance(NOON))) {
                run.begin();
                log(run, 60, 0.996);
                log(run, 70, 0.9995);
                run.event(60, EventKind.MEMORIZED, "{\"step\": 60, \"last_below\": 50}");
                run.event(60, EventKind.GROKKED, "{\"step\": 60, \"last_below\": 50}");
                run.event(100, EventKind.REACHED, "{\"step\": 70, \"last_below\": 60}");
                run.checkpoint(100, weights(), weights());
                run.finish("{}", NOON.plusHours(2));
            }

            RunReport report =
                    StoredRun.report(store.read(store.find("list-copy").run()), List.of());

            assertThat(report.headline())
                    .isEqualTo("Copies 99.95% of the digits; 99.9% test accuracy reached at step 70");
            assertThat(report.events())
                    .extracting(Event::kind)
                    .containsExactly(RunReport.Kind.REACHED, RunReport.Kind.STOPPED);
        }
    }

    @Test
    void aRunThatDivergedSaysWhereAndHow() {
        try (Store store = Store.open(folder)) {
            try (RunWriter run = store.claim(experiment(), provenance(NOON))) {
                run.begin();
                log(run, 0, 0);
                run.log(1, "train_loss", Double.NaN);
                run.event(1, EventKind.DIVERGED, "{\"loss\": \"NaN\"}");
                run.finish("{}", NOON.plusMinutes(1));
            }

            RunReport report = read(store);

            assertThat(report.state()).isEqualTo(State.DIVERGED);
            assertThat(report.headline()).isEqualTo("Diverged at step 1: neither memorized nor grokked before");
            assertThat(report.why()).isEqualTo("the loss became NaN");
            assertThat(report.trained()).contains(Duration.ofMinutes(1));
        }
    }

    @Test
    void aRunThatFailedSaysWhy() {
        try (Store store = Store.open(folder)) {
            try (RunWriter run = store.claim(experiment(), provenance(NOON))) {
                run.begin();
                log(run, 0, 0);
                run.fail("{\"outcome\": {\"kind\": \"failed\", \"why\": \"the disk is full\"}}", NOON);
            }
            assertThat(read(store).state()).isEqualTo(State.FAILED);
            assertThat(read(store).why()).isEqualTo("the disk is full");
        }
    }

    @Test
    void aRunThatStopsAtAMilestoneIsMarkedThere() {
        Experiment experiment = Experiments.named(
                "quick-grok",
                Path.of("experiments"),
                List.of(
                        "train.milestones.named=[\"half: test_accuracy >= 0.5 for 2\"]",
                        "train.stop={kind: at-milestone, name: half}"));
        try (Store store = Store.open(folder)) {
            try (RunWriter run = store.claim(experiment, provenance(NOON))) {
                run.begin();
                log(run, 80, 0.6);
                run.event(80, EventKind.MILESTONE, "{\"name\": \"half\", \"step\": 60, \"last_below\": 50}");
                run.checkpoint(100, weights(), weights());
                run.finish("{}", NOON);
            }

            RunReport report =
                    StoredRun.report(store.read(store.find("quick-grok").run()), List.of());

            assertThat(report.state()).isEqualTo(State.STOPPED);
            assertThat(report.events())
                    .extracting(Event::kind, Event::step)
                    .containsExactly(tuple(RunReport.Kind.NAMED, 60L), tuple(RunReport.Kind.STOPPED, 80L));
        }
    }

    @Test
    void aRunThatItsRuleStoppedNamesTheRule() {
        try (Store store = Store.open(folder)) {
            Experiment experiment =
                    experiment("train.stop={kind: reached, metric: test-accuracy, at_least: 0.999, patience: 2}");
            try (RunWriter run = store.claim(experiment, provenance(NOON))) {
                run.begin();
                log(run, 0, 1);
                run.event(0, EventKind.REACHED, "{\"step\": 0, \"last_below\": -1}");
                var reached = new Outcome.Reached(0, -1);
                var last = Evaluation.of(0, Measure.of(1, 1), Measure.of(1, 1));
                run.finish(ResultJson.write(new Trainer.Result(0, reached, reached, reached, last)), NOON);
            }

            RunReport report = read(store);

            assertThat(report.state()).isEqualTo(State.STOPPED);
            assertThat(report.why()).isEmpty();
            assertThat(report.events())
                    .containsExactly(new Event(
                            Kind.STOPPED,
                            0,
                            OptionalLong.empty(),
                            "test accuracy at least 99.9%, held for 2 further evaluations"));
        }
    }

    @Test
    void aRunWithoutAPointHasAPage() {
        try (Store store = Store.open(folder)) {
            try (RunWriter run = store.claim(experiment(), provenance(NOON))) {
                run.begin();
            }

            assertThat(RunPage.of(read(store)).html()).contains("Neither memorized nor grokked by step 0");
        }
    }
}
