package hooke.fused.decode;

import hooke.task.Batch;
import java.util.List;

/**
 * How well a decoder predicts the targets of sequences.
 *
 * @param loss mean cross-entropy in nats over all targets
 * @param accuracy share of targets that have the largest logit
 */
public record Scoring(int sequences, double loss, double accuracy) {
    /** @param most sequences, from the first */
    public static Scoring of(Decoder decoder, Batch.Sequences batch, int most) {
        int count = Math.min(most, batch.size());
        double loss = 0;
        long right = 0;
        long targets = 0;
        for (int i = 0; i < count; i++) {
            int[] tokens = batch.tokens()[i];
            float[][] logits = new float[tokens.length][decoder.model().dVocabOut()];
            KeyValues sequence = decoder.sequence();
            decoder.read(List.of(new Stretch(sequence, tokens, logits)));
            decoder.end(sequence);
            for (int position = 0; position < tokens.length; position++) {
                int target = batch.targets()[i][position];
                if (target != Batch.Sequences.NONE) {
                    loss += loss(logits[position], target);
                    right += Sampling.GREEDY.choose(logits[position], 0) == target ? 1 : 0;
                    targets++;
                }
            }
        }
        return new Scoring(count, loss / targets, (double) right / targets);
    }

    private static double loss(float[] logits, int target) {
        double most = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            most = Math.max(most, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - most);
        }
        return most + Math.log(sum) - logits[target];
    }
}
