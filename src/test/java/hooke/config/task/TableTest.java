package hooke.config.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.config.Draft;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.config.Mask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A user's own file of examples: how it is read, what becomes part of the experiment, what is refused. */
final class TableTest {
    @TempDir
    private Path folder;

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Experiment experiment(String task, String... sets) throws IOException {
        Path file = write("own.yaml", """
                task: {kind: table, %s}
                model: {n_layers: 1, d_model: 8, n_heads: 1}
                train: {steps: 1}
                """.formatted(task));
        return Experiments.read(file, List.of(sets));
    }

    private TableConfig table(String task, String... sets) throws IOException {
        return (TableConfig) experiment(task, sets).task();
    }

    @Test
    void threeFormatsOfTheSameExamplesAreTheSameExperimentButForTheirHash() throws IOException {
        write("a.csv", "input,note,target\n3 1,x,1 3\n\"2 10\",\"a, b\",10 2\r\n\n9 9,,9 9\n");
        write("a.tsv", "note\tinput\ttarget\nx\t3 1\t1 3\n\"\t2 10\t10 2\n\t9 9\t9 9\n");
        write("a.jsonl", """
                {"input": "3 1", "target": [1, 3]}

                {"target": "10 2", "input": [2, 10], "note": {"any": 1}}
                {"input": "9 9", "target": "9 9"}
                """);

        TableConfig csv = table("file: a.csv, split: {train_fraction: 0.5}");
        TableConfig tsv = table("file: a.tsv, split: {train_fraction: 0.5}");
        TableConfig jsonl = table("file: a.jsonl, split: {train_fraction: 0.5}");

        assertThat(csv.facts().vocabulary()).containsExactly("1", "2", "3", "9", "10", "<sep>");
        assertThat(csv.facts())
                .extracting("examples", "trainExamples", "nCtx", "answers", "equalLengths")
                .containsExactly(3, 1, 4, 2, true);
        assertThat(TableRows.of(csv)).usingRecursiveComparison().isEqualTo(TableRows.of(tsv));
        assertThat(TableRows.of(csv)).usingRecursiveComparison().isEqualTo(TableRows.of(jsonl));
        assertThat(TableRows.of(csv).inputs()[1]).containsExactly(1, 4);
        assertThat(csv.facts().sha256()).isNotEqualTo(tsv.facts().sha256()).hasSize(64);
    }

    @Test
    void aTextIsLearnedFromItsFirstTokenToItsEnd() throws IOException {
        write("names.csv", "text\nanna\nbo\n");

        TableConfig table = table("file: names.csv, tokens: characters, split: {train_fraction: 0.5}");

        assertThat(table.facts().vocabulary()).containsExactly("a", "b", "n", "o", "<sep>", "<end>");
        assertThat(table.nCtx()).isEqualTo(5);
        assertThat(table.answers()).isEqualTo(5);
        assertThat(table.isFinite()).isFalse();
        assertThat(TableRows.of(table).inputs()).isDeepEqualTo(new int[][] {{}, {}});
    }

    @Test
    void aColumnOrAnotherFileSaysWhatIsTrainedOn() throws IOException {
        write("a.csv", "split,input,target\ntest,1,2\ntrain,2,3\ntrain,3,4\n");
        write("b.csv", "input,target\n7,8\n");

        TableConfig column = table("file: a.csv, split: column");
        TableConfig files = table("file: a.csv, split: {kind: file, test_file: b.csv}");

        assertThat(column.trainSize()).isEqualTo(2);
        assertThat(TableRows.of(column).train()).containsExactly(1, 2);
        assertThat(files.size()).isEqualTo(4);
        assertThat(TableRows.of(files).train()).containsExactly(0, 1, 2);
        assertThat(files.facts().vocabulary()).contains("8");
    }

    @Test
    void whatIsStoredNeedsTheFileOnlyForItsExamples() throws IOException {
        Path file = write("a.csv", "input,target\n1,2\n2,3\n");
        Experiment before = experiment("file: a.csv, split: {train_fraction: 0.5}");
        Files.delete(file);

        Experiment read = Experiments.parse(before.toJson(), "run own/0", List.of());

        assertThat(read).isEqualTo(before);
        assertThatThrownBy(() -> TableRows.of((TableConfig) read.task()))
                .hasMessageContaining("a.csv does not exist; name a file of examples");

        write("a.csv", "input,target\n1,2\n2,4\n");
        assertThatThrownBy(() -> TableRows.of((TableConfig) read.task()))
                .hasMessageContaining("is not the file that the experiment was made with");
    }

    @Test
    void whereTheFileLiesDoesNotNameTheRun() throws IOException {
        write("a.csv", "input,target\n1,2\n2,3\n");
        Files.createDirectory(folder.resolve("below"));
        write("below/b.csv", "input,target\n1,2\n2,3\n");
        String split = "split: {train_fraction: 0.5}";

        assertThat(experiment("file: a.csv, " + split).hash())
                .isEqualTo(experiment("file: below/b.csv, " + split).hash())
                .isEqualTo(experiment("file: nowhere.csv, " + split, "task.file=" + folder.resolve("a.csv"))
                        .hash())
                .isNotEqualTo(
                        experiment("file: a.csv, tokens: characters, " + split).hash());
    }

    @Test
    void aSweepOfSettingsKeepsTheFactsOfEachSplit() throws IOException {
        write("a.csv", "input,target\n1,2\n2,3\n3,4\n4,5\n");
        Path file = write("own.yaml", """
                task: {kind: table, file: a.csv, split: {train_fraction: 0.5}}
                model: {n_layers: 1, d_model: 8, n_heads: 1}
                train: {steps: 1}
                """);
        Draft draft = Experiments.draft(file.toString(), folder);

        assertThat(draft.experiment().task().trainSize()).isEqualTo(2);
        assertThat(draft.with(List.of("task.split.train_fraction=0.75"))
                        .experiment()
                        .task()
                        .trainSize())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a.csv   | in,target\\n1,2                       | words    | a.csv must have the columns input and target, or one column text: its first line names in, target
            a.csv   | text,target\\n1,2                     | words    | or one column text, not both: its first line names text, target
            a.csv   | input,input,target\\n1,2,3            | words    | has two columns input
            a.csv   | input,target\\n1,2,3\\n1,2            | words    | a.csv:2: has 3 columns, but the first line names 2
            a.csv   | input,target\\n1,2\\n1,               | words    | a.csv:3: has nothing to be learned: its target is empty
            a.csv   | input,target                          | words    | has no examples
            a.csv   | ''                                    | words    | is empty
            a.csv   | input,target\\n1,2                    | words    | leaves 0 of 1 examples for training
            a.csv   | input,target\\n1,x\\n1,2              | integers | a.csv:2: 'x' must be a whole number
            a.csv   | input,target\\n1,2000000\\n1,2        | integers | the largest token is 2000000
            a.csv   | input,target\\n1,a <sep>\\n1,2        | words    | a.csv:2: <sep> is reserved as a separator or end
            a.csv   | input,target\\n1,\\"2\\n              | words    | a.csv:2: the record that begins here has a quote
            a.jsonl | {\\"text\\": \\"a\\"}\\n[1]           | words    | a.jsonl:2: must be an object
            a.jsonl | {\\"text\\": \\"a\\"}\\n{\\"text\\": 1.5} | words  | a.jsonl:2: text (1.5) must be a text, a whole number or a list of these
            a.jsonl | {\\"text\\": \\"a\\"}\\n{             | words    | a.jsonl:2: is no JSON object
            a.jsonl | {\\"text\\": \\"a\\"}\\n{\\"input\\": 1, \\"target\\": 1} | words | all must be of one kind
            a.txt   | a                                     | words    | must end with .csv, .tsv or .jsonl
            """)
    void aFileThatIsNoneIsToldWithItsLine(String name, String text, String tokens, String sentence) throws IOException {
        write(name, text.replace("\\n", "\n").replace("\\\"", "\""));

        assertThatThrownBy(() -> experiment("file: " + name + ", tokens: " + tokens))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("own.yaml:1: task")
                .hasMessageContaining(sentence)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void otherFilesAreRefusedToo() throws IOException {
        assertThatThrownBy(() -> experiment("file: none.csv"))
                .hasMessageContaining("does not exist; name a file of examples");
        Files.createDirectory(folder.resolve("b.csv"));
        assertThatThrownBy(() -> experiment("file: b.csv"))
                .hasMessageContaining("is a folder; name a file of examples");
        Files.write(folder.resolve("c.csv"), "text\n\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> experiment("file: c.csv")).hasMessageContaining("is not UTF-8 text");
        write("d.csv", "input,target,split\n1,2,train\n2,3,held\n");
        assertThatThrownBy(() -> experiment("file: d.csv, split: column"))
                .hasMessageContaining(
                        "d.csv:3: task.split is column, so the column split must say train or test, not 'held'");
        assertThatThrownBy(() -> experiment("file: d.csv, split: {kind: file, test_file: e.csv}"))
                .hasMessageContaining("task.split.test_file")
                .hasMessageContaining("e.csv does not exist; name a file of examples");
    }

    @Test
    void factsThatAreWrittenOutAreHeld() throws IOException {
        write("a.csv", "input,target\n1,2\n2,3\n");
        String half = "file: a.csv, split: {train_fraction: 0.5}, ";

        TableConfig wider = table(half + "facts: {vocabulary: [\"1\", \"2\", \"3\", \"4\", <sep>]}");
        assertThat(wider.dVocab()).isEqualTo(5);
        assertThat(TableRows.of(wider).inputs()[0]).containsExactly(0);

        TableConfig narrower = table(half + "facts: {vocabulary: [\"1\", \"2\", <sep>]}");
        assertThatThrownBy(() -> TableRows.of(narrower)).hasMessageContaining("a.csv:3 has the token 3");
        TableConfig pinned = table(half + "facts: {sha256: aa}");
        assertThatThrownBy(() -> TableRows.of(pinned)).hasMessageContaining("and was aa");
        TableConfig other = table(half + "facts: {examples: 7}");
        assertThatThrownBy(() -> TableRows.of(other)).hasMessageContaining("examples 2, train_examples 1");
    }

    @Test
    void noMaskMayShowTheTokenThatIsToBePredicted() throws IOException {
        write("one.csv", "input,target\n1,2\n2,3\n");
        write("two.csv", "input,target\n1,2 1\n2,3 1\n");

        assertThat(experiment("file: one.csv, split: {train_fraction: 0.5}", "model.mask=full")
                        .model()
                        .mask())
                .isEqualTo(new Mask.Full());
        assertThatThrownBy(() -> experiment("file: two.csv, split: {train_fraction: 0.5}", "model.mask=full"))
                .hasMessageContaining("model.mask (full) must not let a position see later ones");
    }
}
