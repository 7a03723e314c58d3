package hooke.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every tokenizer. */
final class TokenizerTest {
    private static final List<byte[]> TEXTS = Stream.of("Naïve 日本 <eos>", "Show HN: 😀")
            .map(t -> t.getBytes(StandardCharsets.UTF_8))
            .toList();

    static Stream<Tokenizer> all() {
        return Stream.of(new Bytes(), Characters.of(TEXTS), BpeTrainer.train(300, TEXTS));
    }

    @ParameterizedTest
    @MethodSource("all")
    void knows_the_special_tokens_and_finds_them_in_texts(Tokenizer tokenizer) {
        assertThat(List.of("<pad>", "<eos>", "<unk>")).allSatisfy(special -> {
            int id = tokenizer.id(special).orElseThrow();
            assertThat(tokenizer.encode(special)).containsExactly(id);
            assertThat(tokenizer.name(id)).isEqualTo(special);
        });
        assertThat(tokenizer.id("<bos>")).isEmpty();
        assertThat(tokenizer.encode("<eos><eos>")).containsExactly(1, 1);
        assertThat(tokenizer.encode("")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("all")
    void has_a_name_and_bytes_for_every_token(Tokenizer tokenizer) {
        for (int token = 0; token < tokenizer.size(); token++) {
            assertThat(tokenizer.name(token)).isNotEmpty();
            assertThat(tokenizer.bytes(token)).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void is_the_same_after_it_was_written_and_read(Tokenizer tokenizer) {
        Tokenizer read = Tokenizer.parse(tokenizer.json(), "tokenizer.json");

        assertThat(read).hasSameClassAs(tokenizer);
        assertThat(read.json()).isEqualTo(tokenizer.json());
        assertThat(read.encode("Naïve HN 日<eos>?")).isEqualTo(tokenizer.encode("Naïve HN 日<eos>?"));
    }

    @Test
    void bytes_come_back_whatever_they_are() {
        var random = new Random(1);
        var tokenizer = new Bytes();
        for (int round = 0; round < 200; round++) {
            byte[] text = new byte[random.nextInt(50)];
            random.nextBytes(text);
            assertThat(tokenizer.encode(text)).hasSize(text.length);
            assertThat(tokenizer.bytes(tokenizer.encode(text))).isEqualTo(text);
        }
        assertThat(tokenizer.encode("A<eos>")).containsExactly(3 + 'A', 1);
    }

    @Test
    void characters_stand_in_the_order_of_unicode_and_an_unseen_one_is_unk() {
        Tokenizer tokenizer = Characters.of(List.of("bé😀a<pad>".getBytes(StandardCharsets.UTF_8)));

        assertThat(tokenizer.size()).isEqualTo(3 + 8);
        assertThat(tokenizer.encode("a?😀<eos>")).containsExactly(5, 2, 10, 1);
        assertThat(tokenizer.decode(5, 2, 10, 1)).isEqualTo("a<unk>😀<eos>");
        assertThat(tokenizer.encode(new byte[] {'a', (byte) 0xC3, 'b'})).containsExactly(5, 2, 6);
    }

    @Test
    void malformed_bytes_are_counted_and_count_as_characters() {
        byte[] text = {
            'a', (byte) 0xC3, 'b', (byte) 0xE2, (byte) 0x82, (byte) 0xAC, (byte) 0xED, (byte) 0xA0, (byte) 0x80
        };

        assertThat(Utf8.malformed(text)).isEqualTo(4); // a lead alone, and a surrogate's three
        assertThat(Utf8.characters(text)).isEqualTo(7);
    }

    /** Java's own decoder finds the same characters. */
    @Test
    void characters_are_those_of_the_jdk() {
        var random = new Random(2);
        for (int round = 0; round < 2000; round++) {
            byte[] text = new byte[random.nextInt(12)];
            for (int i = 0; i < text.length; i++) {
                int[] likely = {'a', 0xC2, 0xE0, 0xED, 0xF0, 0xF4, 0x80, 0x9F, 0xA0, 0xBF, 0xEF, 0xFF, 0xC0, 0xF5, 0x90
                };
                text[i] = (byte) likely[random.nextInt(likely.length)];
            }
            String decoded = new String(text, StandardCharsets.UTF_8).replace("\uFFFD", "");
            var ours = new StringBuilder();
            for (int at = 0; at < text.length; ) {
                int point = Utf8.point(text, at, text.length);
                if (point != Utf8.MALFORMED && point != 0xFFFD) {
                    ours.appendCodePoint(point);
                }
                at += Utf8.length(point);
            }
            assertThat(ours.toString()).isEqualTo(decoded);
        }
    }
}
