package hooke.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.cli.Session;
import hooke.cli.terminal.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class TokenizerCommandTest {
    private static final String TITLES = "golden/headlines/bpe/titles.txt";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void titles_make_the_tokenizer_that_hugging_face_makes_of_them() throws Exception {
        Path out = folder.resolve("tokenizer.json");

        Session trained = Session.of("tokenizer", "train", TITLES, "--vocab-size", "2000", "--out", out.toString());

        assertThat(trained.status()).as(trained.err()).isZero();
        assertThat(trained.out()).contains("2,000 entries from 5,000 texts");
        assertThat(out).hasSameTextualContentAs(Path.of("golden/headlines/bpe/tokenizer.json"));
        assertThat(Session.of("tokenizer", "show", out.toString(), "Hello world")
                        .out())
                .isEqualTo("""
                          id  token   from  to
                         960  ĠHel       0   3
                         281  lo         3   5
                        1148  Ġworld     5  11
                        """);
        JsonNode json = Json.tree(Session.of("tokenizer", "show", out.toString(), "a<eos>b", "--json")
                .out());
        assertThat(json.path(1).path("token").asString("")).isEqualTo("<eos>");
        assertThat(json.path(2).path("from").asInt()).isEqualTo(6);
    }

    @Test
    void a_text_with_little_to_merge_and_bytes_that_are_no_utf8_is_told() throws Exception {
        Path text = Files.write(folder.resolve("short.txt"), new byte[] {'a', 'b', (byte) 0xFF, '\n', 'a'});
        Path out = folder.resolve("short.json");

        Session trained = Session.of("tokenizer", "train", text.toString(), "--out", out.toString());

        assertThat(trained.out())
                .contains("nothing is left to merge")
                .contains("bytes of the text that are no UTF-8, kept as they are: 1");
        assertThat(Session.of("tokenizer", "show", out.toString(), "ab").status())
                .isZero();
    }

    @Test
    void what_is_wrong_is_said_in_a_sentence() throws Exception {
        assertRefused("--vocab-size (258) must be at least 259", "train", TITLES, "--vocab-size", "258");
        Path broken = Files.writeString(folder.resolve("broken.json"), "{\"model\": {");
        assertRefused("broken.json is not JSON", "show", broken.toString(), "a");
        assertRefused("does not exist", "show", folder.resolve("none.json").toString(), "a");
        assertThat(folder.resolve("tokenizer.json")).doesNotExist();
    }

    private static void assertRefused(String sentence, String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "tokenizer";
        System.arraycopy(words, 0, all, 1, words.length);
        Session session = Session.of(all);
        assertThat(session.status()).isEqualTo(2);
        assertThat(session.err()).contains(sentence).hasLineCount(1);
    }
}
