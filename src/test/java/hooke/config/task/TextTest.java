package hooke.config.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.text.Bytes;
import hooke.text.Characters;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {
    private static final String TEN = "one two\n".repeat(10);

    @TempDir
    private Path folder;

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private Experiment experiment(String task, String... settings) throws IOException {
        Path file = folder.resolve("own.yaml");
        Files.writeString(file, """
                task: {kind: text, %s}
                model: {n_layers: 1, d_model: 8, n_heads: 1}
                train: {steps: 1, batch: 1}
                """.formatted(task));
        return Experiments.read(file, List.of(settings));
    }

    private TextConfig text(String task) throws IOException {
        return (TextConfig) experiment(task).task();
    }

    @Test
    void factsAreFoundWhenItIsRead() throws IOException {
        write("a.txt", "\uFEFFone two\r\n\nthree\rfour\nfivé");

        TextConfig text = text("file: a.txt, train_fraction: 0.5, tokenizer: bytes, context: 8");
        TextConfig.Facts facts = text.facts();

        assertThat(facts.trainDocuments()).isEqualTo(2);
        assertThat(facts.testDocuments()).isEqualTo(2);
        assertThat(facts.trainTokens()).isEqualTo("one two.three.".length());
        assertThat(facts.testTokens()).isEqualTo(11);
        assertThat(facts.testCharacters()).isEqualTo(10);
        assertThat(facts.testBytes()).isEqualTo(11);
        assertThat(text.dVocab()).isEqualTo(259);
        assertThat(text.trainSize()).isEqualTo(1);
        assertThat(text.size()).isEqualTo(3);
        TextTokens tokens = TextTokens.of(text, null);
        assertThat(tokens.tokenizer().decode(tokens.train())).isEqualTo("one two<eos>three<eos>");
        assertThat(tokens.tokenizer().decode(tokens.test())).isEqualTo("four<eos>fivé<eos>");
    }

    @Test
    void aByteOrderMarkAloneIsNoText() throws IOException {
        write("a.txt", "\uFEFF\n");

        assertThatThrownBy(() -> text("file: a.txt, tokenizer: bytes, context: 2"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a.txt has no text");
    }

    @Test
    void theTestSetDoesNotTeachTheCharacters() throws IOException {
        write("a.txt", "ab\nba\nac\n");

        TextConfig text = text("file: a.txt, train_fraction: 0.7, tokenizer: characters, context: 2");

        assertThat(text.dVocab()).isEqualTo(5);
        assertThat(text.facts().unknown()).isEqualTo(1);
        assertThat(text.remarks())
                .anyMatch(remark -> remark.startsWith("tokens of the test set that the tokenizer does not know: 1;"));
    }

    @Test
    void bpeIsTrainedOnTheTrainingPartUnlessAllIsAskedFor() throws IOException {
        write("a.txt", "ab ab ab\nab ab\nxy xy xy xy xy xy\n");
        String task = "file: a.txt, train_fraction: 0.7, context: 2, tokenizer: {kind: bpe, vocab_size: 300%s}";

        TextConfig part = text(task.formatted(""));
        TextConfig all = text(task.formatted(", trained_on: all"));

        assertThat(TextTokens.of(part, null).tokenizer().encode("xy")).contains(2, 2);
        assertThat(TextTokens.of(all, null).tokenizer().encode("xy")).hasSize(1);
    }

    @Test
    void aTokenizerFileIsTheOneThatTheExperimentWasMadeWith() throws IOException {
        write("a.txt", "ab ab ab\nab ab\n");
        write("tokenizer.json", new Bytes().json());
        TextConfig text =
                text("file: a.txt, train_fraction: 0.5, context: 2, tokenizer: {kind: file, path: tokenizer.json}");

        assertThat(text.dVocab()).isEqualTo(259);
        write("tokenizer.json", Characters.of(List.of(new byte[] {'a'})).json());
        assertThatThrownBy(() -> TextTokens.of(text, null))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is not the tokenizer that the experiment was made with");
    }

    @Test
    void columnsOfCsvAndJsonLinesHaveTheSameDocuments() throws IOException {
        write("a.txt", "one, two\nthree \"quoted\"\nfour\n");
        write("a.csv", "id,title\n1,\"one, two\"\n2,\"three \"\"quoted\"\"\"\n3,\n4,four\n");
        write("a.tsv", "title\tid\none, two\t1\nthree \"quoted\"\t2\nfour\t3\n");
        write("a.jsonl", """
                {"title": "one, two", "score": 1.5}
                {"title": "three \\"quoted\\""}
                {"title": "four"}
                """);
        String rest = ", column: title, train_fraction: 0.5, tokenizer: bytes, context: 2";

        int[] plain = TextTokens.of(text("file: a.txt" + rest), null).test();
        for (String name : List.of("a.csv", "a.tsv", "a.jsonl")) {
            assertThat(TextTokens.of(text("file: " + name + rest), null).test())
                    .as(name)
                    .isEqualTo(plain);
        }
    }

    @Test
    void aCellMayBeLongerThanTheLibraryAllowsByItself() throws IOException {
        String longest = "a".repeat(20_000_001);
        write("a.jsonl", "{\"text\": \"%s\"}\n{\"text\": \"b\"}\n".formatted(longest));
        assertThat(text("tokenizer: bytes, context: 2, file: a.jsonl").facts().longest())
                .isEqualTo(longest.length());

        write("a.csv", "text\nb\n\"" + longest + "\n");
        assertThatThrownBy(() -> text("tokenizer: bytes, context: 2, file: a.csv"))
                .hasMessageContaining("a.csv:3: the record that begins here has a quote (\") that is not closed");
    }

    @Test
    void utf16IsRefusedWithTheWayOut() throws IOException {
        for (var charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
            String mark = charset.equals(StandardCharsets.UTF_16) ? "" : "\uFEFF"; // Java writes it for UTF_16 alone.
            Files.write(folder.resolve("a.txt"), (mark + "one title\nanother\n").getBytes(charset));

            assertThatThrownBy(() -> text("file: a.txt, tokenizer: bytes, context: 2"))
                    .isInstanceOf(InputException.class)
                    .hasMessageEndingWith("a.txt is UTF-16; save it as UTF-8 (iconv -f UTF-16 -t UTF-8)");
        }
    }

    @Test
    void whatIsNoUtf8IsKeptAndCounted() throws IOException {
        byte[] bytes = "na\u00efve 😀\ncaf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
        byte[] good = "日本 😀 \n".getBytes(StandardCharsets.UTF_8);
        byte[] both = new byte[bytes.length + good.length];
        System.arraycopy(bytes, 0, both, 0, bytes.length);
        System.arraycopy(good, 0, both, bytes.length, good.length);
        Files.write(folder.resolve("a.txt"), both);

        TextConfig text = text("file: a.txt, train_fraction: 0.7, tokenizer: bytes, context: 2");

        assertThat(text.facts().malformed()).isEqualTo(2);
        assertThat(text.remarks()).contains("bytes of the text that are no UTF-8, kept as they are: 2");
        TextTokens tokens = TextTokens.of(text, null);
        byte[] back = {
            tokens.tokenizer().bytes(tokens.train()[2])[0], (byte) 0xEF,
        };
        assertThat(back[0]).isEqualTo(back[1]);
        assertThat(tokens.tokenizer().decode(tokens.test())).isEqualTo("日本 😀 <eos>");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a.txt   | ''                           | tokenizer: bytes      | a.txt has no text
            a.txt   | \\n\\n                       | tokenizer: bytes      | a.txt has no text
            a.csv   | ''                           | tokenizer: bytes      | a.csv is empty: its first line names the columns
            a.csv   | id,titel\\n1,a               | 'tokenizer: bytes, column: title' | a.csv has no column title (task.column) (did you mean 'titel'?): its first line names id, titel
            a.csv   | id;text\\n1;a                 | tokenizer: bytes      | a.csv has no column text (task.column): its first line names id;text; if ; separates its columns, save it with commas instead
            a.csv   | id\\ttext\\n1\\ta             | tokenizer: bytes      | if tabs separate its columns, call it .tsv
            a.tsv   | id,text\\n1,a                 | tokenizer: bytes      | if commas separate its columns, call it .csv
            a.csv   | text,text\\na,b\\nc,d         | tokenizer: bytes      | a.csv has two columns text
            a.csv   | text,id\\na,1\\n\\"b\\n\\nc,2\\nd,3 | tokenizer: bytes | a.csv:3: the record that begins here has a quote (\\") that is not closed; one within quotes is written \\"\\"
            a.csv   | text,id\\na,1\\n\\"b\\n\\nc\\"d,2\\n  | tokenizer: bytes | a.csv:3: the record that begins here has a quote (\\") that closes before its cell ends, in line 5; one within
            a.jsonl | [{\\"text\\": \\"a\\"}]       | tokenizer: bytes      | 'a.jsonl:1: must be an object, {\\"text\\": ..}, not an array: jq -c ''.[]'' makes a line of each object of a JSON array'
            a.jsonl | \\n[\\n{\\"text\\": \\"a\\"}\\n] | tokenizer: bytes    | 'a.jsonl:2: must be an object, {\\"text\\": ..}, not an array'
            a.jsonl | {\\"id\\": 1, \\"title\\": \\"a\\", \\"by\\": \\"b\\"} | tokenizer: bytes | a.jsonl:1 has no column text (task.column): it has the texts title, by and besides id
            a.jsonl | {\\"text\\": \\"a\\"}\\n{\\"text\\": null} | tokenizer: bytes | a.jsonl:2: text (null) must be a text
            a.jsonl | {\\"text\\": \\"a\\", \\"text\\": \\"b\\"} | tokenizer: bytes | 'a.jsonl:1: is no JSON object, which each line must be: duplicate property \\"text\\"'
            a.jsonl | {\\n\\"text\\": \\"a\\"\\n}   | tokenizer: bytes      | 'a.jsonl:1: is no JSON object, which each line must be: unexpected end-of-input: expected close marker for Object'
            a.jsonl | {\\"t\\": \\"a\\"}           | tokenizer: bytes      | a.jsonl:1 has no column text (task.column)
            a.pdf   | a                            | tokenizer: bytes      | must end with .txt, .csv, .tsv or .jsonl
            a.txt   | one                          | tokenizer: bytes      | a.txt has one document, and two are needed, to train on and to test on: each line is one, so break it into lines (fold -s)
            a.csv   | text\\none                    | tokenizer: characters | a.csv has one document, and two are needed, to train on and to test on: each row is one
            a.txt   | one\\ntwo                     | 'tokenizer: bytes, train_fraction: 0.4' | task.train_fraction (0.4) leaves 0 of 2 documents for training
            a.txt   | \\n \\n\\t\\n                  | tokenizer: bytes      | a.txt has no text
            a.txt   | a\\nb\\nc                    | 'tokenizer: bytes, context: 4' | task.context (4) must be less than the 4 tokens of the training text
            a.txt   | a\\nb\\nc                    | 'tokenizer: bytes, context: 1, separator: <end>' | task.separator (<end>) must be a special token of the tokenizer: <pad>, <eos>, <unk>
            a.txt   | a\\nb\\nc                    | 'tokenizer: {vocab_size: 258}' | task.tokenizer.vocab_size (258) must be from 259
            a.txt   | a\\nb\\nc                    | 'tokenizer: {kind: file, path: t.json}' | t.json does not exist; name a tokenizer.json
            a.txt   | a\\nb\\nc                    | 'tokenizer: bytes, train_fraction: 0' | task.train_fraction (0.0) must be more than 0 and less than 1
            a.txt   | a\\nb\\nc                    | 'tokenizer: bytes, train_fraction: 2' | task.train_fraction (2.0) must be more than 0 and less than 1
            """)
    void aTextThatIsNoneIsToldInASentence(String name, String text, String task, String sentence) throws IOException {
        write(name, unescaped(text));

        assertThatThrownBy(() -> experiment("file: " + name + ", " + task))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(unescaped(sentence))
                .message()
                .doesNotContain("\n");
    }

    @Test
    void aTokenizerThatWouldLeaveOutBytesIsRefused() throws IOException {
        String json = """
                {"added_tokens": [{"id": 0, "content": "<eos>", "special": true}],
                 "pre_tokenizer": {"type": "ByteLevel"},
                 "model": {"type": "BPE", "unk_token": %s, "vocab": {"<eos>": 0, "a": 1, "Ġ": 2, "?": 3}, "merges": []}}""";
        write("a.txt", "a\naé\nab\n");
        String task = "file: a.txt, train_fraction: 0.5, context: 1, tokenizer: {kind: file, path: t.json}";

        write("t.json", json.formatted("null"));
        assertThatThrownBy(() -> text(task))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("task.tokenizer has no token for some of the text's bytes, 3 in all");

        write("t.json", json.formatted("\"?\""));
        assertThat(text(task).facts().unknown()).isEqualTo(3);
    }

    private static String unescaped(String text) {
        return text.replace("\\n", "\n").replace("\\t", "\t").replace("\\\"", "\"");
    }

    /** Its bytes would be learned. */
    @Test
    void aPackedFileIsRefusedWhateverItsName() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(TEN.getBytes(StandardCharsets.UTF_8));
        }
        for (String name : List.of("a.txt", "a.csv", "a.txt.gz")) {
            Files.write(folder.resolve(name), packed.toByteArray());

            assertThatThrownBy(() -> text("tokenizer: bytes, context: 2, file: " + name))
                    .isInstanceOf(InputException.class)
                    .hasMessageEndingWith(name + " is compressed by gzip: unpack it first (gunzip)");
        }
    }

    @Test
    void otherFilesAndTokenizersAreRefusedToo() throws IOException {
        String rest = ", tokenizer: bytes, context: 8";
        assertThatThrownBy(() -> experiment("file: none.txt" + rest)).hasMessageContaining("does not exist");
        write("a.txt", TEN);
        assertThatThrownBy(() -> experiment("file: a.txt" + rest, "model.d_vocab=300"))
                .hasMessageContaining("model.d_vocab (300) must be the task's 259");
        assertThatThrownBy(() -> experiment("file: a.txt" + rest, "train.batch=10"))
                .hasMessageContaining("train.batch (10) must be at most the 8 examples of the training set");

        TextConfig text = text("file: a.txt" + rest);
        write("a.txt", TEN + "three\n");
        assertThatThrownBy(() -> TextTokens.of(text, null))
                .hasMessageContaining("a.txt is not the file that the experiment was made with");
        TextConfig pinned = text("file: a.txt" + rest + ", facts: {test_bytes: 7}");
        assertThatThrownBy(() -> TextTokens.of(pinned, null)).hasMessageContaining("task.facts do not fit");
    }

    @Test
    void settingsThatNothingReadsAreTold() throws IOException {
        write("a.txt", TEN);

        assertThat(experiment("file: a.txt, tokenizer: bytes, context: 8, column: t, blocks: sequential")
                        .unread())
                .containsKeys("task.column", "train.order");
    }
}
