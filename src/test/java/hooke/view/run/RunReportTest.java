package hooke.view.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.config.Mask;
import hooke.view.SampleReports;
import hooke.view.plot.Axis;
import hooke.view.plot.Curve;
import hooke.view.plot.CurvePlot;
import hooke.view.plot.HeatMap;
import hooke.view.plot.Scale;
import hooke.view.run.RunReport.Event;
import hooke.view.run.RunReport.Kind;
import hooke.view.run.RunReport.State;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RunReportTest {
    private static RunReport run(State state, Event... events) {
        RunReport r = SampleReports.grokking();
        return new RunReport(
                r.address(),
                r.experiment(),
                state,
                "",
                40_000,
                Optional.empty(),
                r.curves(),
                List.of(events),
                List.of(),
                List.of(),
                List.of());
    }

    private static Event event(Kind kind, long step) {
        return new Event(kind, step, OptionalLong.of(step - 10), "");
    }

    @Test
    void whatTheFirstLookSawAlreadyHappenedByThen() {
        Event memorized = new Event(Kind.MEMORIZED, 200, OptionalLong.empty(), "");
        Event grokked = new Event(Kind.GROKKED, 200, OptionalLong.empty(), "");

        assertThat(run(State.FINISHED, memorized, grokked).headline()).isEqualTo("Memorized and grokked by step 200");
        assertThat(run(State.FINISHED, memorized, event(Kind.GROKKED, 400)).headline())
                .isEqualTo("Memorized by step 200, grokked at step 400");
        assertThat(run(State.FINISHED, new Event(Kind.MEMORIZED, 0, OptionalLong.empty(), ""))
                        .headline())
                .isEqualTo("Memorized at step 0, not grokked within 40,000 steps");
    }

    @Test
    void theHeadlineSaysWhatCameOfIt() {
        assertThat(SampleReports.grokking().headline()).isEqualTo("Memorized at step 200, grokked at step 4,700");
        assertThat(SampleReports.listCopy().headline())
                .isEqualTo("Copies 99.95% of the digits; 99.9% test accuracy reached at step 2,400");
        assertThat(run(State.FINISHED, event(Kind.MEMORIZED, 200)).headline())
                .isEqualTo("Memorized at step 200, not grokked within 40,000 steps");
        assertThat(run(State.RUNNING, event(Kind.MEMORIZED, 200)).headline())
                .isEqualTo("Memorized at step 200, not grokked by step 40,000");
        assertThat(run(State.FINISHED, event(Kind.GROKKED, 300), event(Kind.MEMORIZED, 400))
                        .headline())
                .isEqualTo("Grokked at step 300, memorized at step 400");
        assertThat(run(State.FINISHED).headline()).isEqualTo("Neither memorized nor grokked within 40,000 steps");
        assertThat(run(State.DIVERGED, event(Kind.MEMORIZED, 200)).headline())
                .isEqualTo("Diverged at step 40,000: memorized at step 200, not grokked before");
    }

    @Test
    void everyPlotHasEveryCurveAndEveryEvent() {
        List<CurvePlot> plots = SampleReports.grokking().plots();

        assertThat(plots).extracting(CurvePlot::title).containsExactly("Loss", "Accuracy");
        assertThat(plots.getFirst().curves()).extracting(Curve::name).containsExactly("train loss", "test loss");
        assertThat(plots)
                .allSatisfy(plot -> assertThat(plot.markers())
                        .extracting(CurvePlot.Marker::x)
                        .containsExactly(200.0, 3100.0, 4700.0, 21_200.0, 21_900.0));
    }

    @Test
    void scalesFitTheData() {
        CurvePlot loss = SampleReports.grokking().plots().getFirst();
        assertThat(loss.x().scales()).startsWith(Scale.LOG1P);
        assertThat(loss.y().scales()).startsWith(Scale.LOG);

        assertThat(SampleReports.listCopy().plots().getFirst().x().scales()).startsWith(Scale.LINEAR);

        var zero = new Curve("train_loss", new double[] {0, 1}, new double[] {1, 0});
        assertThat(Axis.measure("loss", true, List.of(zero)).scales()).startsWith(Scale.LINEAR);
    }

    @Test
    void aSeriesThatIsNeitherLossNorAccuracyHasAPlotOfItsOwn() {
        RunReport r = SampleReports.listCopy();
        var memory = new Curve("machine/native_bytes", new double[] {0, 100}, new double[] {1e6, 1e6});
        var more = new RunReport(
                r.address(),
                r.experiment(),
                r.state(),
                "",
                3300,
                Optional.empty(),
                List.of(memory),
                r.events(),
                List.of(),
                List.of(),
                List.of());

        assertThat(more.learning()).isEmpty();
        assertThat(more.plots()).extracting(CurvePlot::title).containsExactly("Native bytes");
    }

    @Test
    void brokenDataIsRefused() {
        double[] two = {0, 1};
        assertThatThrownBy(() -> new Curve("c", two, new double[3]))
                .isInstanceOf(InputException.class)
                .hasMessage("curve c has 2 x and 3 y");
        assertThatThrownBy(() -> new Curve("c", new double[] {1, 1}, two))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("must rise");
        assertThatThrownBy(() -> HeatMap.attention("m", List.of("a", "b"), new Mask.Full(), new double[][] {{1, 2}}))
                .isInstanceOf(InputException.class)
                .hasMessage("heat map m has 1 rows for 2 labels");
    }
}
