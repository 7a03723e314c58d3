package hooke.lens.life;

import hooke.stats.Bootstrap;
import hooke.stats.Estimate;
import hooke.stats.Proportion;
import hooke.stats.Resamples;
import hooke.stats.Sample;
import hooke.task.life.Grade;
import hooke.task.life.LifeExamples.Example;
import hooke.task.life.LifeText;
import hooke.task.life.Player;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How well somebody plays boards of one width. Intervals speak of other boards of the kind: by bootstrap over boards, whole boards by
 * Wilson's.
 *
 * @param width of the boards
 * @param grades one a board
 * @param original mean of the original's metric, in which padding counts and what is missing does not; without brackets 0, as there
 * @param cells share of the cells that are right
 * @param whole share of boards that are right in every cell, with their padding
 * @param malformed boards whose answer is too short, too long or no board
 */
public record Accuracy(
        int width, List<Grade> grades, Estimate original, Estimate cells, Estimate whole, int malformed) {
    private static final double LEVEL = 0.95;
    private static final int RESAMPLES = 2000;

    /** By width, the widest first. */
    public static List<Accuracy> of(Player player, List<Example> examples, int padding) {
        List<String> boards = examples.stream().map(Example::board).toList();
        List<String> answers = player.answers(boards, new LifeText(padding));
        List<Integer> widths = examples.stream()
                .map(Example::width)
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList();
        List<Accuracy> accuracies = new ArrayList<>();
        for (int width : widths) {
            List<Grade> grades = new ArrayList<>();
            for (int i = 0; i < examples.size(); i++) {
                if (examples.get(i).width() == width) {
                    grades.add(Grade.of(answers.get(i), examples.get(i).next(), padding));
                }
            }
            accuracies.add(of(width, grades));
        }
        return accuracies;
    }

    private static Accuracy of(int width, List<Grade> grades) {
        int whole = (int) grades.stream().filter(Grade::whole).count();
        return new Accuracy(
                width,
                List.copyOf(grades),
                mean(grades.stream().mapToDouble(g -> g.original().orElse(0)).toArray()),
                mean(grades.stream()
                        .mapToDouble(g -> g.right() / (double) g.cells())
                        .toArray()),
                new Proportion(whole, grades.size()).wilson(LEVEL),
                (int) grades.stream().filter(g -> !g.wellFormed()).count());
    }

    /** Of boards, with an interval where they differ. */
    static Estimate mean(double[] values) {
        Sample sample = Sample.of(values, "");
        if (sample.n() == 1) {
            return sample.mean(LEVEL);
        }
        int[][] resamples = Resamples.draw(Resamples.stream(0, "boards"), sample.n(), RESAMPLES);
        return Bootstrap.of(sample, "mean over boards", Sample::mean, resamples).bca(LEVEL);
    }

    /** First wrong cells, one a board that has one, as a share of the way through it. */
    public List<Double> firstWrong() {
        return grades.stream()
                .filter(g -> g.firstWrong() >= 0)
                .map(g -> g.firstWrong() / (double) g.cells())
                .toList();
    }
}
