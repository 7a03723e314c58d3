package hooke.lens.text;

import hooke.config.task.TextConfig;
import hooke.config.task.TextScore;
import hooke.model.Transformer;
import hooke.stats.Estimate;
import hooke.stats.Resamples;
import hooke.task.Text;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A model's loss on each token of the test set beside that of a bigram model which was counted on the training set.
 *
 * @param score of the model
 * @param bigram of the bigram model
 * @param difference the model's loss less the bigram model's, a token, resampled document by document
 */
public record TextStudy(TextScore score, TextScore bigram, Estimate difference) {
    private static final int RESAMPLES = 2000;
    private static final double LEVEL = 0.95;

    public static TextStudy of(TextConfig config, Text text, Transformer model) {
        int[] test = text.texts().test();
        int separator = text.end().orElseThrow();
        double[] losses = TokenLosses.of(model, text.scored());
        double[] counted = new Bigram(text.texts().train(), text.dVocab()).nats(separator, test);
        return new TextStudy(
                score(config, losses), score(config, counted), difference(losses, counted, test, separator));
    }

    private static TextScore score(TextConfig config, double[] losses) {
        return TextScore.of(config, Arrays.stream(losses).sum() / losses.length);
    }

    /** Tokens of one document are not independent: whole documents are drawn. */
    static Estimate difference(double[] losses, double[] others, int[] tokens, int separator) {
        int[] ends = IntStream.range(0, tokens.length)
                .filter(i -> tokens[i] == separator || i == tokens.length - 1)
                .toArray();
        double[] sums = new double[ends.length];
        double[] counts = new double[ends.length];
        for (int document = 0, i = 0; document < ends.length; document++) {
            for (; i <= ends[document]; i++) {
                sums[document] += losses[i] - others[i];
                counts[document]++;
            }
        }
        double[] drawn = Arrays.stream(Resamples.draw(Resamples.stream(0, "documents"), ends.length, RESAMPLES))
                .mapToDouble(resample -> ratio(sums, counts, resample))
                .sorted()
                .toArray();
        int tail = (int) Math.round(RESAMPLES * (1 - LEVEL) / 2);
        boolean varies = drawn[0] < drawn[RESAMPLES - 1]; // One document says nothing about others.
        return new Estimate(
                ratio(sums, counts, IntStream.range(0, ends.length).toArray()),
                varies ? drawn[tail] : Double.NaN,
                varies ? drawn[RESAMPLES - 1 - tail] : Double.NaN,
                LEVEL,
                ends.length,
                "nats/token",
                "bootstrap of documents, percentile");
    }

    private static double ratio(double[] sums, double[] counts, int[] documents) {
        double sum = 0;
        double count = 0;
        for (int document : documents) {
            sum += sums[document];
            count += counts[document];
        }
        return sum / count;
    }

    /** {@code -0.61 [..] nats/token, n = 200, ..; the interval excludes 0}. */
    public String verdict() {
        if (!difference.hasInterval()) {
            return difference.text();
        }
        String excludes = difference.low() > 0 || difference.high() < 0 ? "excludes 0" : "does not exclude 0";
        return "%s; the interval %s".formatted(difference.text(), excludes);
    }
}
