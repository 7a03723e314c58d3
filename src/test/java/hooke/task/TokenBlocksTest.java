package hooke.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenBlocksTest {
    /** The targets that count, in order. */
    private static int[] scored(Batch.Sequences batch) {
        return Arrays.stream(batch.targets())
                .flatMapToInt(Arrays::stream)
                .filter(target -> target != Batch.Sequences.NONE)
                .toArray();
    }

    @Test
    void everyTokenIsScoredOnceWhateverTheBatchAndTheContext() {
        var random = new Random(7);
        for (int i = 0; i < 200; i++) {
            int length = 2 + random.nextInt(3000);
            int context = 1 + random.nextInt(300);
            int batch = 1 + random.nextInt(64);
            int[] tokens = random.ints(length, 0, 500).toArray();

            Batch.Sequences all = new TokenBlocks(tokens, context).all();

            List<Integer> scored = new ArrayList<>();
            for (int from = 0; from < all.size(); from += batch) {
                Batch.Sequences piece = all.range(from, Math.min(from + batch, all.size()));
                Arrays.stream(scored(piece)).forEach(scored::add);
            }
            assertThat(scored.stream().mapToInt(t -> t).toArray())
                    .as("length %s, context %s, batch %s", length, context, batch)
                    .containsExactly(Arrays.copyOfRange(tokens, 1, length));
        }
    }

    @Test
    void aTargetIsTheTokenBehindItsInput() {
        var blocks = new TokenBlocks(new int[] {1, 5, 7, 9, 4, 8}, 2);

        assertThat(blocks.all().tokens()).isDeepEqualTo(new int[][] {{1, 5}, {7, 9}, {4, 0}});
        assertThat(blocks.all().targets()).isDeepEqualTo(new int[][] {{5, 7}, {9, 4}, {8, -1}});
        assertThat(blocks.whole()).isEqualTo(2);
        assertThat(blocks.numbered(new int[] {1}).targets()).isDeepEqualTo(new int[][] {{9, 4}});
    }

    /** {@code if ptr + B * C + 1 >= len(ids): ptr = 0}. */
    @Test
    void sequentialBatchesAreTheOriginals() {
        var random = new Random(8);
        for (int i = 0; i < 100; i++) {
            int blocks = 1 + random.nextInt(6);
            int context = 1 + random.nextInt(9);
            int[] ids = IntStream.range(0, blocks * context + 1 + random.nextInt(200))
                    .toArray();
            var text = new TokenBlocks(ids, context);
            int ptr = 0;
            for (int number = 0; number < 50; number++) {
                if (ptr + blocks * context + 1 >= ids.length) {
                    ptr = 0;
                }
                Batch.Sequences batch = text.sequential(number, blocks);
                assertThat(batch.tokens()[0][0]).isEqualTo(ptr);
                assertThat(batch.targets()[blocks - 1][context - 1]).isEqualTo(ptr + blocks * context);
                ptr += blocks * context;
            }
        }
    }

    /** The counts of evaluate_init in golden/headlines/gpt/run.json: context 32, batch 8, 2,700 tokens. */
    @Test
    void theGoldenTextIsScoredAsThereInBothWays() {
        var text = new TokenBlocks(new Random(9).ints(2700, 0, 512).toArray(), 32);

        assertThat(scored(text.all())).hasSize(2699);
        assertThat(scored(text.original(8))).hasSize(2560);
        assertThat(text.original(8).size()).isEqualTo(10 * 8);
        assertThat(text.original(256).size()).isZero();
    }
}
