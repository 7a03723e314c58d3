package hooke.lens.logits;

import hooke.lens.Activations;
import hooke.lens.Examples;
import hooke.lens.OpenedModel;
import hooke.lens.Score;
import hooke.tensor.DType;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the model would answer if it ended early: the residual stream after each layer through the final norm and the unembedding
 * (nostalgebraist 2020, "interpreting GPT: the logit lens").
 *
 * @param n examples
 * @param places 0.pre, 1.pre, ..., final
 * @param accuracy [place][answer position]
 * @param loss [place][answer position], in nats
 */
public record LogitLens(int n, List<String> places, double[][] accuracy, double[][] loss) {

    public static LogitLens of(OpenedModel opened, Examples examples) {
        var model = opened.model();
        int[] positions = opened.task().answerPositions();
        List<String> places = new ArrayList<>();
        List<double[]> right = new ArrayList<>();
        List<double[]> loss = new ArrayList<>();
        var needed = ResidualStack.needsAccumulated();
        Tensor unembedding = model.weights().unembedding().detach().to(DType.F64);
        @Nullable Tensor bias = model.weights().bias("unembed.b_U");
        int length = examples.tokens()[0].length;
        Activations.within(model, length, needed, Activations.BYTES).forEach(examples.tokens(), needed, part -> {
            Examples batch = examples.range(part.first(), part.first() + part.tokens().length);
            ResidualStack stack = ResidualStack.accumulated(model, part.cache());
            if (places.isEmpty()) {
                places.addAll(stack.labels());
                places.forEach(_ -> right.add(new double[positions.length]));
                places.forEach(_ -> loss.add(new double[positions.length]));
            }
            Tensor read = stack.normalisedEach(model); // [place, batch, pos, d_model]
            for (int i = 0; i < positions.length; i++) {
                Tensor classes = Score.answers(batch, i);
                for (int p = 0; p < places.size(); p++) {
                    Tensor at = read.select(0, p).select(1, positions[i]).to(DType.F64);
                    Tensor product = at.matmul(unembedding);
                    Tensor logits = bias == null ? product : product.plus(bias.detach());
                    right.get(p)[i] +=
                            logits.argmax(-1).eq(classes).to(DType.F64).sum().item();
                    loss.get(p)[i] += logits.crossEntropy(classes).item() * batch.n();
                }
            }
        });
        return new LogitLens(examples.n(), places, divided(right, examples.n()), divided(loss, examples.n()));
    }

    private static double[][] divided(List<double[]> sums, int n) {
        return sums.stream()
                .map(row -> Arrays.stream(row).map(v -> v / n).toArray())
                .toArray(double[][]::new);
    }
}
