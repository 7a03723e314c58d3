package hooke.lens;

import hooke.hook.Hooks;
import hooke.lens.intervene.Intervened;
import hooke.tensor.DType;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * How well a model answers, whatever is done to it on the way.
 *
 * @param n examples
 * @param loss mean cross-entropy in nats, over examples and answer positions, in F64
 * @param accuracyAt share of right answers at each answer position
 */
public record Score(int n, double loss, double[] accuracyAt) {
    /** What to do in the forward pass of some examples; {@link Intervened} is one. */
    public interface Way {
        /** Hooks for this batch, whose first example has this number; tensors made here live until its pass is done. */
        Hooks hooks(Examples batch, int first);
    }

    /** Share of right answers over all answer positions, as training measures it. */
    public double accuracy() {
        return DoubleStream.of(accuracyAt).average().orElse(Double.NaN);
    }

    /** Of the model as it is. */
    public static Score of(OpenedModel opened, Examples examples) {
        return of(opened, examples, (_, _) -> Hooks.NONE);
    }

    /** Of the model with something done to it. */
    public static Score of(OpenedModel opened, Examples examples, Way way) {
        int[] positions = opened.task().answerPositions();
        double[] right = new double[positions.length];
        double[] loss = {0};
        forEachBatch(opened, examples, way, (batch, logits) -> {
            for (int i = 0; i < positions.length; i++) {
                Tensor classes = answers(batch, i);
                Tensor at = logits.select(1, positions[i]).to(DType.F64); // [batch, d_vocab_out]
                right[i] += at.argmax(-1).eq(classes).to(DType.F64).sum().item();
                loss[0] += at.crossEntropy(classes).item() * batch.n();
            }
        });
        double[] accuracy = Arrays.stream(right).map(r -> r / examples.n()).toArray();
        return new Score(examples.n(), loss[0] / examples.n() / positions.length, accuracy);
    }

    /** The right classes at one of the answer positions, [batch] (I64). */
    public static Tensor answers(Examples batch, int position) {
        return Tensor.of(
                Arrays.stream(batch.answers()).mapToInt(a -> a[position]).toArray(), batch.n());
    }

    /** Takes the logits of a batch, until it returns. */
    public interface Use {
        void accept(Examples batch, Tensor logits);
    }

    /** The logits of all examples, batch by batch. */
    public static void forEachBatch(OpenedModel opened, Examples examples, Way way, Use use) {
        int batch = Activations.within(opened.model(), examples.tokens()[0].length, _ -> true, 4 * Activations.BYTES)
                .batch();
        for (int first = 0; first < examples.n(); first += batch) {
            try (var _ = new Scope();
                    var _ = new NoGrad()) {
                Examples some = examples.range(first, Math.min(first + batch, examples.n()));
                use.accept(some, opened.model().forward(some.tokens(), way.hooks(some, first)));
            }
        }
    }
}
