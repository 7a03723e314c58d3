package hooke.task;

import hooke.config.Experiment;
import hooke.tensor.Rng;
import java.util.Arrays;
import java.util.List;

/**
 * The forgetful mask: keys that a training sequence's queries do not see, drawn anew for each sequence of each batch, never the first
 * position. A function of the seed and the batch's number. x-transformers' {@code mask_prob}.
 *
 * @param share of the keys, rounded down to a number of them
 */
record Forgetting(long seed, double share) {
    /** The same data, with keys hidden in its batches; what is measured on sees all. */
    static Data of(Experiment experiment, Data data) {
        double share = experiment.train().forgetfulMask();
        return share == 0 ? data : new Forgetting(experiment.seed(), share).over(data);
    }

    private Data over(Data data) {
        return new Data() {
            @Override
            public Batch batch(long number) {
                return switch (data.batch(number)) {
                    case Batch.Sequences sequences -> hide(sequences, number);
                    case Batch.Examples _ ->
                        throw new IllegalArgumentException("the examples of a finite task have no key hidden");
                };
            }

            @Override
            public List<EvaluationSet> sets() {
                return data.sets();
            }
        };
    }

    private Batch.Sequences hide(Batch.Sequences batch, long number) {
        int keys = batch.tokens()[0].length;
        int hidden = Math.min((int) (keys * share), keys - 1);
        try (Rng rng = Rng.stream(seed, "forget", number)) {
            int[][] all = new int[batch.size()][];
            for (int i = 0; i < all.length; i++) {
                int[] order = rng.permutation(keys - 1);
                all[i] = Arrays.stream(order, 0, hidden)
                        .map(key -> key + 1)
                        .sorted()
                        .toArray();
            }
            return new Batch.Sequences(batch.tokens(), batch.targets(), all);
        }
    }
}
