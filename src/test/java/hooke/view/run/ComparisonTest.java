package hooke.view.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.view.SampleReports;
import hooke.view.plot.Axis;
import hooke.view.plot.Curve;
import hooke.view.plot.CurvePlot;
import hooke.view.plot.Pen;
import hooke.view.run.Comparison.Line;
import hooke.view.run.RunReport.Event;
import hooke.view.run.RunReport.Fact;
import hooke.view.run.RunReport.Kind;
import hooke.view.run.RunReport.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    /** A run that grokked at that step, or did not where it is 0. */
    static RunReport run(String name, int seed, long grokked, String processor, String... sets) {
        Experiment experiment = Experiments.read(Path.of("experiments", "quick-grok.yaml"), List.of(sets))
                .withSeed(seed)
                .resolved(1);
        double[] steps = IntStream.rangeClosed(0, 40).mapToDouble(i -> 100 * i).toArray();
        double[] loss = IntStream.rangeClosed(0, 40)
                .mapToDouble(i -> (seed + 4) * Math.exp(-i / 5.0))
                .toArray();
        double[] accuracy = IntStream.rangeClosed(0, 40)
                .mapToDouble(i -> grokked > 0 && 100 * i >= grokked ? 1 : 0.02)
                .toArray();
        List<Event> events = new ArrayList<>(List.of(new Event(Kind.MEMORIZED, 200, OptionalLong.of(100), "")));
        if (grokked > 0) {
            events.add(new Event(Kind.GROKKED, grokked, OptionalLong.of(grokked - 100), ""));
        }
        return new RunReport(
                name + "/" + seed,
                experiment,
                State.FINISHED,
                "",
                4000,
                Optional.of(Duration.ofSeconds(20)),
                List.of(
                        new Curve("train_loss", steps, loss),
                        new Curve("test_loss", steps, loss),
                        new Curve("test_accuracy", steps, accuracy)),
                events,
                List.of(new Fact("Run", name), new Fact("Java", "25"), new Fact("Processor", processor)),
                List.of(),
                List.of());
    }

    private static final Comparison TWO = new Comparison(List.of(
            run("quick-grok", 0, 2100, "Xeon"),
            run("quick-grok-2", 1, 0, "EPYC", "train.optimizer.lr=0.01", "model.d_model=32")));

    private static List<String> differing(List<Line> lines) {
        return lines.stream().filter(Line::differs).map(Line::name).toList();
    }

    private static List<Line> named(List<Line> lines, String name) {
        return lines.stream().filter(line -> line.name().equals(name)).toList();
    }

    @Test
    void whatDiffersIsToldApartFromTheRest() {
        assertThat(differing(TWO.settings()))
                .containsExactly("seed", "model.d_model", "model.d_head", "model.d_mlp", "train.optimizer.lr");
        assertThat(TWO.settings())
                .extracting(Line::name)
                .contains("task.modulus")
                .doesNotContain("name", "note");
        assertThat(differing(TWO.provenance())).containsExactly("Processor");
        assertThat(TWO.headline())
                .isEqualTo("2 runs that differ in model.d_model, model.d_head, model.d_mlp and 1 more setting");
    }

    @Test
    void headlinesKnowSeedsAndTasks() {
        var seeds = new Comparison(List.of(run("a", 0, 0, "x"), run("a", 1, 0, "x"), run("a", 2, 0, "x")));
        var tasks = new Comparison(List.of(run("a", 0, 0, "x"), SampleReports.listCopy()));

        assertThat(seeds.headline()).isEqualTo("3 seeds of a");
        assertThat(tasks.headline()).isEqualTo("2 runs of different tasks");
        assertThat(new Comparison(List.of(run("a", 0, 0, "x"), run("b", 0, 0, "x"))).headline())
                .isEqualTo("2 runs with the same settings");
    }

    @Test
    void whatWasNotReachedIsNoNumber() {
        assertThat(named(TWO.outcomes(), "grokked")).containsExactly(new Line("grokked", List.of("2,100", "> 4,000")));
        assertThat(named(TWO.finals(), "test_accuracy"))
                .containsExactly(new Line("test_accuracy", List.of("100.00%", "2.00%")));
    }

    @Test
    void runsOfDifferentTasksShareTheSeriesOfOneName() {
        RunReport copy = SampleReports.listCopy();
        var comparison = new Comparison(List.of(run("a", 0, 2100, "x"), copy));
        CurvePlot accuracy = comparison.plots().stream()
                .filter(plot -> plot.title().equals("Test accuracy"))
                .findFirst()
                .orElseThrow();

        assertThat(accuracy.curves()).extracting(Curve::name).containsExactly("a/0", copy.address());
        assertThat(accuracy.y().format()).isEqualTo(Axis.Format.PERCENT);
        assertThat(accuracy.markers())
                .as("each in the colour of its run")
                .contains(new CurvePlot.Marker(2100, "grokked", CurvePlot.Tone.MILESTONE, Optional.of(Pen.of(0))));
        assertThat(named(comparison.settings(), "task.modulus").getFirst().values())
                .containsExactly("53", null);
    }

    @Test
    void aRunHasOnePenEverywhereAndManyRunsOfANameShareItsColour() {
        List<RunReport> runs = new ArrayList<>();
        for (int seed = 0; seed < 4; seed++) {
            runs.add(run("a", seed, 0, "x"));
            runs.add(run("b", seed, 0, "x", "model.d_model=32"));
        }

        assertThat(TWO.pens()).containsExactly(new Pen(0, 0), new Pen(1, 0));
        assertThat(new Comparison(runs).pens().subList(0, 4))
                .containsExactly(new Pen(0, 0), new Pen(1, 0), new Pen(0, 1), new Pen(1, 1));
        assertThat(new Comparison(runs).pens()).doesNotHaveDuplicates();
    }

    @Test
    void moreRunsThanAReaderTellsApartAreRefused() {
        assertThatThrownBy(() -> Comparison.check(25))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("2 to 24 runs, and these are 25");
    }
}
