package hooke.lens.intervene;

import hooke.Check;
import hooke.hook.Hooks;
import hooke.lens.Examples;
import hooke.lens.OpenedModel;
import hooke.lens.Score;
import hooke.tensor.DType;
import hooke.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Clean examples, each beside a corrupted one with other answers, and the measure between them: at each answer position the logit of the
 * clean answer less that of the corrupted answer, summed over positions.
 *
 * @param clean what should be answered
 * @param corrupted the same number of other examples
 */
public record Pairs(Examples clean, Examples corrupted) {
    public Pairs {
        Check.that(
                clean.n() == corrupted.n(),
                "pairs need as many clean examples (%s) as corrupted ones (%s)",
                clean.n(),
                corrupted.n());
    }

    /** Examples beside others of them, drawn with this seed; those that meet their like at every answer are left out. */
    public static Pairs of(Examples examples, long seed) {
        Examples others = examples.shuffled(seed);
        int[] kept = IntStream.range(0, examples.n())
                .filter(i -> !Arrays.equals(examples.answers()[i], others.answers()[i]))
                .toArray();
        Check.that(
                kept.length >= 1,
                "no two of %s make a pair with seed %s, for each meets its like: take more examples, or another seed",
                examples.name(),
                seed);
        return new Pairs(some(examples, kept), some(others, kept));
    }

    private static Examples some(Examples examples, int[] kept) {
        return new Examples(
                examples.name(),
                Arrays.stream(kept).mapToObj(i -> examples.tokens()[i]).toArray(int[][]::new),
                Arrays.stream(kept).mapToObj(i -> examples.answers()[i]).toArray(int[][]::new));
    }

    public int n() {
        return clean.n();
    }

    Pairs range(int from, int to) {
        return new Pairs(clean.range(from, to), corrupted.range(from, to));
    }

    /** The sum over these pairs of the logit difference at each answer position, [answer position]; recorded for a backward pass. */
    Tensor difference(OpenedModel opened, Tensor logits) {
        int[] positions = opened.task().answerPositions();
        Tensor[] sums = new Tensor[positions.length];
        for (int i = 0; i < positions.length; i++) {
            Tensor at = logits.select(1, positions[i]).to(DType.F64); // [pair, d_vocab_out]
            Tensor right = at.gather(1, Score.answers(clean, i).view(n(), 1));
            Tensor wrong = at.gather(1, Score.answers(corrupted, i).view(n(), 1));
            sums[i] = right.minus(wrong).sum();
        }
        return Tensor.stack(0, Arrays.asList(sums));
    }

    /** Hooks for a batch of pairs. */
    interface Way {
        Hooks hooks(Pairs batch);
    }
}
