package hooke.lens.text;

import hooke.hook.Hooks;
import hooke.model.Transformer;
import hooke.task.Batch;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import java.util.stream.DoubleStream;

/** The loss of a model on single tokens. */
public final class TokenLosses {
    /** Logits in memory at a time. */
    private static final int LOGITS = 1 << 23;

    private TokenLosses() {}

    /** In nats, of each target that counts, in the order of the blocks. */
    public static double[] of(Transformer model, Batch.Sequences batch) {
        DoubleStream.Builder losses = DoubleStream.builder();
        int classes = model.config().dVocabOut();
        int together = Math.max(1, LOGITS / (classes * batch.tokens()[0].length));
        for (int from = 0; from < batch.size(); from += together) {
            Batch.Sequences piece = batch.range(from, Math.min(from + together, batch.size()));
            try (var _ = new Scope();
                    var _ = new NoGrad()) {
                float[] logits = model.forward(piece.tokens(), Hooks.NONE).toFloats(); // [batch, pos, d_vocab_out]
                int row = 0;
                for (int[] targets : piece.targets()) {
                    for (int target : targets) {
                        if (target != Batch.Sequences.NONE) {
                            losses.add(loss(logits, row * classes, classes, target));
                        }
                        row++;
                    }
                }
            }
        }
        return losses.build().toArray();
    }

    private static double loss(float[] logits, int from, int classes, int target) {
        double most = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + classes; i++) {
            most = Math.max(most, logits[i]);
        }
        double sum = 0;
        for (int i = from; i < from + classes; i++) {
            sum += Math.exp(logits[i] - most);
        }
        return most + Math.log(sum) - logits[from + target];
    }
}
