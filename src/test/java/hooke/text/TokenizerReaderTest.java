package hooke.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of other programs: GPT-2's forms are read, and what would make other tokens is refused by its name. */
final class TokenizerReaderTest {
    private static final String GPT2 = """
            {"version": "1.0", "truncation": null, "padding": null,
             "added_tokens": [{"id": 5, "content": "<|endoftext|>", "single_word": false, "lstrip": false, "rstrip": false,
                               "normalized": true, "special": true},
                              {"id": 6, "content": "   ", "special": false}],
             "normalizer": null,
             "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true},
             "post_processor": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false},
             "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true},
             "model": {"dropout": null, "unk_token": null, "continuing_subword_prefix": "", "end_of_word_suffix": "",
                       "fuse_unk": false,
                       "vocab": {"a": 0, "b": 1, "Ġ": 2, "Ġa": 3, "Ġab": 4, "<|endoftext|>": 5},
                       "merges": ["Ġ a", "Ġa b"]}}""";

    private static int[] encode(String json, String text) {
        return Tokenizer.parse(json, "file.json").encode(text);
    }

    @Test
    void the_form_of_gpt2() {
        assertThat(encode(GPT2, "ab ab<|endoftext|>a   b?")).containsExactly(0, 1, 4, 5, 0, 6, 1);
        Tokenizer read = Tokenizer.parse(GPT2, "file.json");
        assertThat(read.text(0, 5, 6, 1)).isEqualTo("a   b");
        String again = Tokenizer.parse(read.json(), "again").json();
        assertThat(again).isEqualTo(read.json()).contains("\"unk_token\": null", "\"add_prefix_space\": false");
    }

    @Test
    void merges_as_pairs_are_those_as_strings() {
        String pairs = GPT2.replace("\"Ġ a\", \"Ġa b\"", "[\"Ġ\", \"a\"], [\"Ġa\", \"b\"]");

        assertThat(Tokenizer.parse(pairs, "f").json())
                .isEqualTo(Tokenizer.parse(GPT2, "f").json());
    }

    @Test
    void choices_that_make_other_tokens_make_them() {
        String ignores = GPT2.replace("\"fuse_unk\"", "\"ignore_merges\": true, \"fuse_unk\"")
                .replace("[\"Ġ a\", \"Ġa b\"]", "[\"Ġ a\"]");
        assertThat(encode(ignores, "a ab")).containsExactly(0, 4);
        String unknown = GPT2.replace("\"unk_token\": null", "\"unk_token\": \"b\"");
        assertThat(encode(unknown, "a??")).containsExactly(0, 1, 1);
        assertThat(encode(unknown.replace("\"fuse_unk\": false", "\"fuse_unk\": true"), "a??a"))
                .containsExactly(0, 1, 0);
        assertThat(encode(GPT2.replace("\"trim_offsets\": true}", "\"use_regex\": false}"), "a ab"))
                .containsExactly(0, 4);
    }

    @Test
    void a_byte_without_a_token_is_lost_or_unknown() {
        byte[] text = "a?\n<|endoftext|>b".getBytes(StandardCharsets.UTF_8);
        Tokenizer without = Tokenizer.parse(GPT2, "f");
        assertThat(without.unknown()).isEmpty();
        assertThat(without.lost(text)).isEqualTo(2);

        Tokenizer with = Tokenizer.parse(GPT2.replace("\"unk_token\": null", "\"unk_token\": \"b\""), "f");
        assertThat(with.unknown()).hasValue(1);
        assertThat(with.lost(text)).isZero();
    }

    @Test
    void a_byte_order_mark_is_no_part_of_it_and_what_is_no_utf8_is_refused() {
        byte[] marked = ("\uFEFF" + GPT2).getBytes(StandardCharsets.UTF_8);
        assertThat(Tokenizer.parse(marked, "f").json())
                .isEqualTo(Tokenizer.parse(GPT2, "f").json());

        byte[] latin = GPT2.replace("\"b\": 1", "\"é\": 1").getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> Tokenizer.parse(latin, "f"))
                .isInstanceOf(InputException.class)
                .hasMessage("f is not UTF-8, as a tokenizer.json is");
        assertThatThrownBy(() -> Tokenizer.parse(" \n", "f")).hasMessage("f is empty: it must be a tokenizer.json");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    "normalizer": null | "normalizer": {"type": "NFC"} | normalizer NFC
                    "model": {"dropout" | "model": {"type": "WordPiece", "dropout" | model WordPiece
                    "pre_tokenizer": {"type": "ByteLevel" | "pre_tokenizer": {"type": "Whitespace" | pre_tokenizer Whitespace
                    "truncation": null | "truncation": {"max_length": 5} | truncation
                    "dropout": null | "dropout": 0.1 | dropout 0.1
                    "end_of_word_suffix": "" | "end_of_word_suffix": "</w>" | end_of_word_suffix </w>
                    "fuse_unk" | "byte_fallback": true, "fuse_unk" | byte_fallback true
                    "lstrip": false | "lstrip": true | '<|endoftext|>' with lstrip
                    "unk_token": null | "unk_token": "?" | unk_token "?"
                    "Ġa b" | "b b" | no 'bb' in its vocab
                    "Ġa b" | "b" | no pair
                    "b": 1 | "b": 0 | same number, 0
                    "b": 1 | "b": 9 | none has the number 1
                    "b": 1 | "b": "1" | gives 'b' the number
                    "vocab" | "words" | its model has no vocab
                    "merges": ["Ġ a", "Ġa b"] | "merges": {"Ġ": "a"} | its model has no list of merges
                    "model": {"dropout" | "modell": {"dropout" | it has no model
                    "vocab": { | "type": "Unigram", "vocab": [], "words": { | model Unigram
                    "id": 6 | "id": -1 | an added token without content or id, which is a whole number from 0
                    "truncation": null | "truncation": {"max_length": 5} | truncation {"max_length":5}
                    "normalizer": null | "normalizer": {"type": "\\u001b[31m\\n"} | normalizer \\u001b[31m\\n, with
                    "b": 1 | "b": NaN | is not JSON: non-standard token 'NaN'
                    """)
    void whatever_else_a_file_asks_for_is_refused_by_name(String part, String other, String named) {
        assertThat(GPT2).contains(part);

        assertThatThrownBy(() -> Tokenizer.parse(
                        GPT2.replaceFirst(Pattern.quote(part), Matcher.quoteReplacement(other)), "file.json"))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("file.json ")
                .hasMessageContaining(named)
                .satisfies(e -> assertThat(String.valueOf(e.getMessage())).hasLineCount(1));
    }
}
