package hooke.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.config.task.LifeConfig;
import hooke.task.life.Boards;
import hooke.task.life.Game;
import hooke.task.life.LifeExamples.Example;
import hooke.task.life.LifeText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which boards a task of Life has, how they become batches, how it is asked. */
final class LifeTest {
    private static final String SMALL = "boards: {widths: [4, 2], train: 300, test: 40, density: uniform}";

    @TempDir
    private Path folder;

    private static String yaml(String task) {
        return """
                task: {kind: life, %s}
                model: {n_layers: 1, d_model: 8, n_heads: 1}
                train: {steps: 10, batch: 8}
                """.formatted(task);
    }

    private static Experiment experiment(String task, String... sets) {
        return Experiments.parse(yaml(task), "life.yaml", List.of(sets));
    }

    private static Life life(Experiment experiment) {
        return new Life((LifeConfig) experiment.task());
    }

    private static Data data(Experiment experiment) {
        Life life = life(experiment);
        try (var streams = new Streams(experiment)) {
            return life.data(experiment, life.split(experiment, streams), streams.order());
        }
    }

    @Test
    void everyBoardIsInOneSetAndIsFollowedByItsNextGeneration() {
        Experiment experiment = experiment(SMALL);
        Life life = life(experiment);
        Split split = Split.of(experiment, life);
        List<Example> train = life.boards(split.train());
        List<Example> test = life.boards(split.test());
        Set<String> all = new HashSet<>();
        train.forEach(e -> all.add(e.board()));
        test.forEach(e -> all.add(e.board()));

        assertThat(train).hasSize(experiment.task().trainSize()).hasSize(300 + 15);
        assertThat(train.size() + test.size())
                .isEqualTo(experiment.task().size())
                .isEqualTo(340 + 16);
        assertThat(all).hasSize(340 + 16);
        assertThat(life.overlap(split)).isZero();
        assertThat(test)
                .allMatch(e -> Game.CONWAY.next(Boards.of(e.board())).text(0).equals(e.next()));
        assertThat(experiment.task().remarks())
                .containsExactly(
                        "of width 2 there are 16 boards, fewer than the 340 asked for: 15 to train and 1 to test on");
    }

    @Test
    void boardsBelongToTheTaskAndTheSplitToTheSeed() {
        Experiment one = experiment(SMALL);
        Experiment other = one.withSeed(1);
        Split split = Split.of(one, life(one));

        assertThat(life(one).boards(split.train())).isEqualTo(life(other).boards(split.train()));
        assertThat(Split.of(one, life(one)).train()).isEqualTo(split.train());
        assertThat(Split.of(other, life(other)).train()).isNotEqualTo(split.train());
        assertThat(life(experiment(SMALL, "task.boards.seed=1")).boards(split.train()))
                .isNotEqualTo(life(one).boards(split.train()));
    }

    @Test
    void nearlyAllBoardsOfAWidthCanBeDrawn() {
        Experiment experiment = experiment("boards: {widths: [3], train: 500, test: 10}");
        Life life = life(experiment);
        List<Example> all = life.boards(IntStream.range(0, 510).toArray());

        assertThat(all.stream().map(Example::board).collect(Collectors.toSet())).hasSize(510); // of 512
    }

    @Test
    void densitiesAreThoseOfTheSchedule() {
        Experiment experiment =
                experiment("boards: {widths: [16], train: 101, test: 11, overlap: allowed}, loss: answer");
        Life life = life(experiment);
        Split split = Split.of(experiment, life);
        List<Example> train = life.boards(split.train());

        assertThat(train.getFirst().board()).doesNotContain("1");
        assertThat(train.getLast().board()).doesNotContain("0");
        assertThat(Boards.of(train.get(50).board()).population(0)).isBetween(96, 160);
        assertThat(life.overlap(split)).isEqualTo(2); // the dead board and the full one stand in both
        Experiment fixed = experiment("boards: {widths: [16], train: 20, test: 5, density: {kind: fixed, at: 0.1}}");
        assertThat(life(fixed).boards(new int[] {3, 4}))
                .allMatch(e -> Boards.of(e.board()).population(0) < 60);
    }

    @Test
    void allBytesOrTheAnswerAreLearnedAndTheCellsMeasured() {
        LifeText text = new LifeText(16);
        for (String loss : List.of("all", "answer")) {
            Experiment experiment = experiment(SMALL + ", loss: " + loss);
            Data data = data(experiment);
            var batch = (Batch.Sequences) data.batch(3);
            var test = (Batch.Sequences) data.sets().getLast().batch();

            assertThat(batch.size()).isEqualTo(8);
            assertThat(batch.tokens())
                    .isEqualTo(((Batch.Sequences) data(experiment).batch(3)).tokens());
            assertThat(batch.tokens()[0]).hasSize(text.length() - 1);
            long learned = Arrays.stream(batch.targets()[0])
                    .filter(t -> t != Batch.Sequences.NONE)
                    .count();
            assertThat(learned).isEqualTo(loss.equals("all") ? text.length() - 1 : text.answerLength());
            assertThat(data.sets().getFirst().batch().size()).isEqualTo(41); // as many as are tested on
            for (int i = 0; i < test.size(); i++) {
                int[] whole = LifeText.tokens(LifeText.of(test.tokens()[i]) + "$");
                String board = LifeText.board(LifeText.of(whole));
                var scored = new StringBuilder();
                for (int pos = 0; pos < test.targets()[i].length; pos++) {
                    if (test.targets()[i][pos] != Batch.Sequences.NONE) {
                        assertThat(test.targets()[i][pos]).isEqualTo(whole[pos + 1]);
                        scored.append((char) test.targets()[i][pos]);
                    }
                }
                assertThat(scored.toString())
                        .isEqualTo(Game.CONWAY.next(Boards.of(board)).text(0));
            }
        }
    }

    @Test
    void analysesSeeTheBoardsOfOneWidth() {
        Experiment experiment = experiment(SMALL);
        Life life = life(experiment);
        Alike alike = life.alike(Split.of(experiment, life));
        FiniteTask task = alike.task();

        assertThat(alike.which()).isEqualTo("those of width 4");
        assertThat(task.size()).isEqualTo(340);
        assertThat(alike.split().test()).hasSize(40);
        assertThat(task.answerPositions()).hasSize(16);
        assertThat(task.tokens(5))
                .hasSize(task.nCtx())
                .hasSize(task.positionLabels().size());
        assertThat(task.positionLabels()).doesNotHaveDuplicates();
        String text = LifeText.of(task.tokens(5)) + (char) task.answers(5)[15];
        assertThat(text).endsWith(LifeText.of(task.answers(5)));
        assertThat(LifeText.of(task.answers(5)))
                .isEqualTo(Game.CONWAY.next(Boards.of(LifeText.board(text))).text(0));
    }

    @Test
    void aBoardIsAskedForAndAnsweredInDigits() {
        Life life = life(experiment(SMALL));
        LifeText text = new LifeText(16);
        Question question = life.parseQuestion(List.of("0100", "0010", "1110", "0000"));

        assertThat(LifeText.of(question.tokens())).isEqualTo("@PredictNextState<0100001011100000>");
        assertThat(life.parseQuestion(List.of("0100001011100000")).tokens()).isEqualTo(question.tokens());
        assertThat(((Question.Continued) question).most()).isEqualTo(text.answerLength());
        assertThat(LifeText.of(life.parseQuestion(List.of("glider")).tokens())).contains("<01000010111");
        assertThat(LifeText.of(life.parseQuestion(List.of("2o$2o!")).tokens())).contains("<0000011001100000>");
        assertThat(life.parseQuestion(List.of(life.exampleQuestion())).tokens()).isNotEmpty();
        assertThat(life.sentence(
                        LifeText.tokens("@PredictNextState<1010pppppppppppp>"),
                        LifeText.tokens(" [1010pppppppppppp]$")))
                .isEqualTo("1010 -> 1010, which is right");
        assertThat(life.sentence(LifeText.tokens("@PredictNextState<1010pppppppppppp>"), LifeText.tokens(" [10pp")))
                .isEqualTo("1010 -> ' [10pp', where 1010 is right");
        assertThatThrownBy(() -> life.parseQuestion(List.of("011")))
                .hasMessageContaining("3 cells are no square board");
        assertThatThrownBy(() -> life.parseQuestion(List.of("0".repeat(25)))).hasMessageContaining("has room for 16");
        assertThatThrownBy(() -> life.parseQuestion(List.of("0120"))).isInstanceOf(InputException.class);
    }

    @Test
    void boardsOfFilesBelongToTheExperiment() throws IOException {
        String rows = "2,1010pp,1010pp\n2,1011,0000\n3,111010000,111010000\n";
        Files.writeString(folder.resolve("a.csv"), "GridSize,State 1,State 2\n" + rows);
        Files.writeString(folder.resolve("b.csv"), "State 1,State 2\n1010,1010\n0000,0000\n");
        Path file = Files.writeString(
                folder.resolve("own.yaml"),
                yaml("boards: {kind: files, train_file: a.csv, test_file: b.csv}")
                        .replace("batch: 8", "batch: 2"));
        Experiment experiment = Experiments.read(file, List.of());
        Life life = life(experiment);
        Split split = Split.of(experiment, life);

        assertThat(life.boards(split.train())).extracting(Example::board).containsExactly("1010", "1011", "111010000");
        assertThat(life.boards(split.test())).extracting(Example::width).containsExactly(2, 2);
        assertThat(life.overlap(split)).isEqualTo(1);
        assertThat(experiment.task().nCtx()).isEqualTo(2 * 9 + 23);
        String before = experiment.hash();
        Files.writeString(folder.resolve("b.csv"), "State 1,State 2\n1010,1010\n1111,0000\n");
        assertThat(Experiments.read(file, List.of()).hash()).isNotEqualTo(before);
        assertThatThrownBy(() -> life(experiment).boards(new int[] {0}))
                .hasMessageContaining("is not the file that the experiment was made with");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GridSize,State 1,State 2;2,101,1010 | :2: State 1 has 3 cells: a board of width 2 has 4",
                "GridSize,State 1,State 2;2,1010,10102 | :2: State 2 must be cells, 1 alive and 0 dead",
                "GridSize,State 1,State 2;2,10x0,1010 | not 'x0'",
                "GridSize,State 1,State 2;two,1010,1010 | GridSize (two) must be the width",
                "GridSize,State 1,State 2;2,1010 | has 2 columns, but the first line names 3",
                "State 1,State 2;10100,10100 | the 5 cells of State 1 are no square board",
                "State 1,State 2;1010,1011 | State 2 is not the next generation of State 1 under B3/S23, torus",
                "input,target;1,1 | must be CSV with the columns GridSize,State 1,State 2",
                "State 1,State 2; | has no board",
            })
    void filesThatAreNoBoardsAreRefused(String text, String sentence) throws IOException {
        Files.writeString(folder.resolve("a.csv"), text.replace(';', '\n'));
        Path file = Files.writeString(
                folder.resolve("own.yaml"),
                yaml("boards: {kind: files, train_file: a.csv, test_file: a.csv}")
                        .replace("batch: 8", "batch: 1"));

        assertThatThrownBy(() -> life(Experiments.read(file, List.of())).boards(new int[] {0}))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "boards: {widths: [4]}, rule: B3/S29 | task.rule (B3/S29) must say",
                "boards: {widths: [4]}, rule: B33/S2 | task.rule (B33/S2) must name each number of neighbours once",
                "boards: {widths: []} | task.boards.widths must name a width",
                "boards: {widths: [0]} | task.boards.widths (0) must be from 1 to 64",
                "boards: {widths: [4, 4]} | task.boards.widths names one of them twice",
                "boards: {widths: [4], test: 0} | task.boards.test (0) must be at least 1",
                "boards: {widths: [4], density: {kind: fixed, at: 2}} | task.boards.density.at (2.0) must be from 0 to 1",
                "boards: {widths: [4]}, padding: 9 | task.padding (9) must be from the 16 cells",
                "boards: {widths: [4.5]} | must be a whole number",
                "boards: {width: [4]} | task.boards.width",
            })
    void impossibleTasksAreRefused(String task, String sentence) {
        assertThatThrownBy(() -> experiment(task))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(sentence);
    }
}
