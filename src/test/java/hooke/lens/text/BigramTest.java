package hooke.lens.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BigramTest {
    private static void assertSumsToOne(Bigram model, int size) {
        for (int before = 0; before < size; before++) {
            int given = before;
            double[] all = IntStream.range(0, size)
                    .mapToDouble(token -> model.probability(given, token))
                    .toArray();
            assertThat(Arrays.stream(all).sum()).isCloseTo(1, within(1e-12));
            assertThat(all).doesNotContain(0.0);
        }
    }

    @Test
    void probabilities_sum_to_one_whatever_the_text() {
        var random = new Random(5);
        for (int round = 0; round < 50; round++) {
            int size = 3 + random.nextInt(20);
            int[] text = random.ints(random.nextInt(200), 0, 1 + random.nextInt(size))
                    .toArray();
            assertSumsToOne(new Bigram(text, size), size);
        }
    }

    /** By hand: pairs 0 1, 1 0 (twice), 0 2, 2 1; one half of a pair is discounted, since none of the counts decides. */
    @Test
    void a_small_text_by_hand() {
        var model = new Bigram(new int[] {0, 1, 0, 2, 1, 0}, 4);

        // Pairs: 01 once, 10 twice, 02 once, 21 once: discount 3 / (3 + 2) = .6. Predecessors: 0 has 1, 1 has 2, 2 has
        // 1: 2 / (2 + 2) = .5.
        double alone = (2 - .5 + .5 * 3 / 4) / 4;
        assertThat(model.probability(0, 1)).isCloseTo((1 - .6 + .6 * 2 * alone) / 2, within(1e-12));
        assertThat(model.probability(3, 1)).isCloseTo(alone, within(1e-12));
        assertThat(model.nats(0, new int[] {1})[0]).isCloseTo(-Math.log(model.probability(0, 1)), within(1e-12));
    }

    @Test
    void pairs_that_were_seen_are_more_probable() {
        var model = new Bigram(new int[] {1, 2, 3, 1, 2, 4, 1, 2}, 5);

        assertThat(model.probability(1, 2)).isGreaterThan(0.6);
        assertThat(model.probability(2, 3)).isGreaterThan(model.probability(2, 0));
    }

    @Test
    void real_titles_are_less_surprising_than_by_their_tokens_alone() throws IOException {
        Tokenizer tokenizer = Tokenizer.parse(
                Files.readString(Path.of("golden/headlines/bpe/tokenizer_small.json")), "tokenizer_small.json");
        List<String> titles = Files.readAllLines(Path.of("golden/headlines/bpe/titles.txt"));
        int[] train = tokenizer.encode(String.join("<eos>", titles.subList(0, 4500)) + "<eos>");
        int[] test = tokenizer.encode(String.join("<eos>", titles.subList(4500, 5000)) + "<eos>");
        double[] counts = new double[tokenizer.size()];
        Arrays.fill(counts, 1);
        Arrays.stream(train).forEach(token -> counts[token]++);
        double all = Arrays.stream(counts).sum();
        double unigram = Arrays.stream(test)
                .mapToDouble(token -> -Math.log(counts[token] / all))
                .average()
                .orElseThrow();

        double bigram = Arrays.stream(new Bigram(train, tokenizer.size()).nats(1, test))
                .average()
                .orElseThrow();

        assertThat(bigram).isLessThan(unigram - 0.5).isPositive();
    }
}
