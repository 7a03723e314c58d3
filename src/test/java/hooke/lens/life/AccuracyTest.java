package hooke.lens.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.config.task.LifeFile;
import hooke.task.life.Game;
import hooke.task.life.Grade;
import hooke.task.life.LifeExamples;
import hooke.task.life.LifeExamples.Example;
import hooke.task.life.Player;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The original's test boards, graded as there and as here. */
final class AccuracyTest {
    static String file(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(LifeExamples.class.getResource(name))
                        .toURI())
                .toString();
    }

    private static List<Example> boards(String name) throws URISyntaxException {
        return LifeExamples.of(name, LifeFile.read(file(name)), Game.CONWAY);
    }

    private static double original(List<Accuracy> accuracies, int width) {
        return accuracies.stream()
                .filter(a -> a.width() == width)
                .findFirst()
                .orElseThrow()
                .original()
                .value();
    }

    /** The figures were counted by another program. */
    @Test
    void underTheOriginalsMetricADeadBoardBeatsThePublishedModelOnUnseenWidths() throws URISyntaxException {
        List<Accuracy> dead = Accuracy.of(new Player.AllDead(), boards("generalization.csv"), 225);
        Map<Integer, Double> published =
                Published.read(file("generalization_published.csv")).byWidth();

        assertThat(dead).extracting(Accuracy::width).containsExactly(15, 14, 13, 12, 11, 10, 9, 7, 6, 5, 3);
        assertThat(original(dead, 3)).isCloseTo(0.996, within(0.0005));
        assertThat(original(dead, 10)).isCloseTo(0.943, within(0.0005));
        assertThat(original(dead, 15)).isCloseTo(0.867, within(0.0005));
        assertThat(published.get(3)).isCloseTo(0.974, within(0.0005));
        assertThat(published.get(10)).isCloseTo(0.707, within(0.0005));
        assertThat(published.get(15)).isCloseTo(0.800, within(0.0005));
        published.forEach((width, accuracy) -> assertThat(accuracy).isLessThan(original(dead, width)));
    }

    @Test
    void publishedAccuraciesAreThoseOfTheOriginal() throws URISyntaxException {
        Published test = Published.read(file("test_published.csv"));
        Published generalization = Published.read(file("generalization_published.csv"));

        assertThat(test.boards()).hasSize(100);
        assertThat(test.mean()).isCloseTo(0.9998828, within(1e-6));
        assertThat(generalization.mean()).isCloseTo(0.8125, within(5e-5));
        assertThat(new TreeMap<>(test.byWidth()).headMap(16))
                .allSatisfy((_, accuracy) -> assertThat(accuracy).isEqualTo(1));
    }

    @Test
    void theRulesAreRightAndAnotherPaddingChangesOnlyTheOriginalsMetric() throws URISyntaxException {
        List<Example> boards = boards("test.csv");
        for (Accuracy rules : Accuracy.of(new Player.Rules(Game.CONWAY), boards, 256)) {
            assertThat(rules.cells().value()).isEqualTo(1);
            assertThat(rules.whole().value()).isEqualTo(1);
            assertThat(rules.original().value()).isEqualTo(1);
            assertThat(rules.malformed()).isZero();
            assertThat(rules.firstWrong()).isEmpty();
        }
        List<Accuracy> narrow = Accuracy.of(new Player.Copy(), boards.subList(25, 100), 225);
        List<Accuracy> wide = Accuracy.of(new Player.Copy(), boards.subList(25, 100), 256);
        for (int i = 0; i < wide.size(); i++) {
            assertThat(wide.get(i).cells()).isEqualTo(narrow.get(i).cells());
            assertThat(wide.get(i).whole()).isEqualTo(narrow.get(i).whole());
            assertThat(wide.get(i).original().value())
                    .isGreaterThanOrEqualTo(narrow.get(i).original().value());
        }
    }

    @Test
    void shortAnswersAreWrongWhereTheyEndAndCounted() {
        List<Example> boards = List.of(new Example(2, "1010", "1010"), new Example(2, "1011", "0000"));
        Player brief = (asked, _) -> List.of(" [10]$", " [0000]$");
        Accuracy accuracy = Accuracy.of(brief, boards, 4).getFirst();

        assertThat(accuracy.malformed()).isEqualTo(1);
        assertThat(accuracy.cells().value()).isEqualTo(0.75);
        assertThat(accuracy.whole().value()).isEqualTo(0.5);
        assertThat(accuracy.original().value()).isEqualTo(1); // the original sees nothing wrong
        assertThat(accuracy.grades()).extracting(Grade::firstWrong).containsExactly(2, -1);
        assertThat(accuracy.firstWrong()).containsExactly(0.5);
    }

    @Test
    void theOriginalsTestBoardsStandInItsValidationSet() throws URISyntaxException {
        List<Example> validation = boards("validation_2_4_8.csv");
        Map<Integer, Integer> overlap = LifeExamples.overlap(validation, boards("test.csv"));

        assertThat(overlap).containsEntry(2, 25).containsEntry(4, 6).containsEntry(8, 3);
    }
}
