package hooke.lens.logits;

import hooke.lens.Activations;
import hooke.lens.Examples;
import hooke.lens.OpenedModel;
import hooke.lens.Score;
import hooke.tensor.DType;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Direct logit attribution: what each component of the residual stream adds, on average, to the logits of the right answers, less the
 * mean over all classes (which softmax does not see). Components sum to {@code total}.
 *
 * @param n examples
 * @param components embed, pos_embed, 0.0 (layer 0, head 0), ..., and the biases
 * @param logits [component][answer position][of which answer]: what it adds there to the logit of each of the example's answers
 * @param total [answer position][of which answer]
 */
public record DirectAttribution(int n, List<String> components, double[][][] logits, double[][] total) {

    /** Refused for post-LN models, whose stream is no sum. */
    public static DirectAttribution of(OpenedModel opened, Examples examples) {
        var model = opened.model();
        int[] positions = opened.task().answerPositions();
        List<String> labels = new ArrayList<>();
        List<double[][]> sums = new ArrayList<>();
        var needed = ResidualStack.needs(true);
        int length = examples.tokens()[0].length;
        Activations.within(model, length, needed, Activations.BYTES).forEach(examples.tokens(), needed, part -> {
            Examples batch = examples.range(part.first(), part.first() + part.tokens().length);
            ResidualStack stack = ResidualStack.decomposed(
                            model, part.cache(), model.config().nLayers(), true)
                    .finalNorm(model, part.cache());
            if (labels.isEmpty()) {
                labels.addAll(stack.labels());
                stack.labels().forEach(_ -> sums.add(new double[positions.length][positions.length]));
            }
            for (int i = 0; i < positions.length; i++) {
                Tensor each = stack.logits(model, positions[i]); // [component, batch, d_vocab_out]
                Tensor centred = each.minus(each.mean(true, -1));
                for (int j = 0; j < positions.length; j++) {
                    Tensor classes = Score.answers(batch, j)
                            .view(1, batch.n(), 1)
                            .expand(stack.labels().size(), batch.n(), 1);
                    double[] added = centred.gather(2, classes).sum(1, 2).toDoubles(); // [component]
                    for (int c = 0; c < added.length; c++) {
                        sums.get(c)[i][j] += added[c] / examples.n();
                    }
                }
            }
        });
        bias(opened, examples, positions, labels, sums);
        double[][] total = new double[positions.length][positions.length];
        for (double[][] component : sums) {
            for (int i = 0; i < total.length; i++) {
                for (int j = 0; j < total.length; j++) {
                    total[i][j] += component[i][j];
                }
            }
        }
        return new DirectAttribution(examples.n(), labels, sums.toArray(double[][][]::new), total);
    }

    private static void bias(
            OpenedModel opened, Examples examples, int[] positions, List<String> labels, List<double[][]> sums) {
        @Nullable Tensor bias = opened.model().weights().bias("unembed.b_U");
        if (bias == null || bias.abs().max().item() == 0) {
            return;
        }
        Tensor exact = bias.detach().to(DType.F64);
        double[] b = exact.minus(exact.mean(true, -1)).toDoubles();
        double[][] added = new double[positions.length][positions.length];
        for (int[] answers : examples.answers()) {
            for (int i = 0; i < positions.length; i++) {
                for (int j = 0; j < positions.length; j++) {
                    added[i][j] += b[answers[j]] / examples.n();
                }
            }
        }
        labels.add("b_U");
        sums.add(added);
    }
}
