package hooke.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Byte-level BPE: merges, words, and what holds whatever the text. The numbers of Hugging Face's tokenizers stand in VerifyBpeTest. */
final class BpeTest {
    private static final Pattern GPT2 = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Trained on every byte, and on some words. */
    private static Bpe ofAllBytes() {
        byte[] all = new byte[256];
        IntStream.range(0, 256).forEach(i -> all[i] = (byte) i);
        return BpeTrainer.train(
                300, List.of(all, bytes("the cat and the hat and the bat that sat"), bytes("naïve naïve")));
    }

    @Test
    void the_most_frequent_pair_is_merged_first_and_the_smaller_one_of_equals() {
        Bpe bpe = BpeTrainer.train(BpeTrainer.LEAST, List.of(bytes("ab ab ab cd cd"), bytes("cd")));

        // Entries are <pad> <eos> <unk> a b c d Ġ; of Ġ a, Ġ c, a b and c d, each three times, a b is the least.
        assertThat(IntStream.range(3, bpe.size()).mapToObj(bpe::name))
                .containsExactly("a", "b", "c", "d", "Ġ", "ab", "cd", "Ġab", "Ġcd");
        assertThat(bpe.encode("ab dab")).containsExactly(10, 7, 6, 8);
        assertThat(bpe.decode(bpe.encode("ab dab"))).isEqualTo(" ab dab");
    }

    @Test
    void pairs_in_a_row_merge_from_the_left() {
        Bpe bpe = BpeTrainer.train(BpeTrainer.LEAST, List.of(bytes("aaaaa aaaaa aaa")));

        assertThat(bpe.bytes(bpe.encode("aaaaaaa"))).isEqualTo(bytes(" aaaaaaa"));
        assertThat(bpe.encode("aaaaa")).hasSize(1);
    }

    @Test
    void a_byte_that_training_did_not_see_is_unk() {
        Bpe bpe = BpeTrainer.train(BpeTrainer.LEAST, List.of(bytes("abc")));

        int[] tokens = bpe.encode("xa<eos>");

        assertThat(tokens).startsWith(6, 2).endsWith(1);
        assertThat(bpe.decode(tokens)).isEqualTo(" <unk>a<eos>");
        assertThat(bpe.text(tokens)).isEqualTo(" a");
    }

    @Test
    void any_bytes_come_back() {
        Bpe bpe = ofAllBytes();
        var random = new Random(3);
        for (int round = 0; round < 1000; round++) {
            byte[] text = new byte[random.nextInt(60)];
            random.nextBytes(text);
            if (round % 2 == 0) {
                text = bytes(randomText(random));
            }
            byte[] expected = Bpe.spaced(text, 0, text.length);
            assertThat(bpe.bytes(bpe.encode(text))).isEqualTo(expected);
        }
    }

    /** However long a word is: merging takes about as long as the word, and not its square. */
    @Test
    void a_word_of_a_million_letters_is_cut() {
        Bpe bpe = ofAllBytes();
        byte[] text = bytes("that".repeat(250_000));

        assertThat(bpe.bytes(bpe.encode(text))).isEqualTo(Bpe.spaced(text, 0, text.length));
    }

    @Test
    void words_are_those_of_the_expression() {
        var random = new Random(4);
        for (int round = 0; round < 20_000; round++) {
            String text = randomText(random);
            byte[] bytes = bytes(text);
            List<String> words = new ArrayList<>();
            for (int at = 0; at < bytes.length; ) {
                int end = PreTokens.end(bytes, at, bytes.length);
                words.add(new String(bytes, at, end - at, StandardCharsets.UTF_8));
                at = end;
            }
            assertThat(words)
                    .as("%s", text)
                    .isEqualTo(GPT2.matcher(text).results().map(m -> m.group()).toList());
        }
    }

    /** Mostly what is near a border of the expression, and any character of Unicode. */
    private static String randomText(Random random) {
        String likely = "aZé日ⅷ٣19'stremvld  \t\n\u00a0\u2003\u2028\u0085\u001c\u200b.,!_-́😀𝟘𐐀";
        int[] points = likely.codePoints().toArray();
        var text = new StringBuilder();
        for (int i = random.nextInt(16); i > 0; i--) {
            int any = random.nextInt(Character.MAX_CODE_POINT + 1);
            boolean isAny = random.nextInt(8) == 0 && Character.getType(any) != Character.SURROGATE;
            text.appendCodePoint(isAny ? any : points[random.nextInt(points.length)]);
        }
        return text.toString();
    }

    @Test
    void too_small_a_vocabulary_and_no_text_are_refused() {
        assertThatThrownBy(() -> BpeTrainer.train(258, List.of(bytes("a"))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("258")
                .hasMessageContaining("259");
        assertThatThrownBy(() -> BpeTrainer.train(300, List.of(new byte[0])))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no text");
    }

    @Test
    void several_threads_cut_alike() {
        Bpe bpe = ofAllBytes();
        List<String> texts =
                IntStream.range(0, 2000).mapToObj(i -> "that " + i * 7 + " cat").toList();
        List<int[]> alone = texts.stream().map(bpe::encode).toList();

        Bpe fresh = ofAllBytes();
        List<int[]> together = texts.parallelStream().map(fresh::encode).toList();

        assertThat(together).usingRecursiveComparison().isEqualTo(alone);
    }
}
