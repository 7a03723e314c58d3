package hooke.lens.logits;

import hooke.hook.Cache;
import hooke.hook.Hooks;
import hooke.lens.OpenedModel;
import hooke.tensor.DType;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the model would answer to one question if it ended early, the logit lens without right answers: the most probable classes after
 * each layer.
 *
 * @param position of the question at which the answer is read
 * @param places 0.pre, 1.pre, ..., final
 * @param likeliest [place][rank], the most probable class first
 */
public record EarlyAnswers(int position, List<String> places, List<List<Guess>> likeliest) {
    public record Guess(int answer, double probability) {}

    /** @param most classes of each place */
    public static EarlyAnswers of(OpenedModel opened, int[] tokens, int position, int most) {
        var model = opened.model();
        List<List<Guess>> likeliest = new ArrayList<>();
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var cache = new Cache(ResidualStack.needsAccumulated());
            model.forward(new int[][] {tokens}, Hooks.read(cache));
            ResidualStack stack = ResidualStack.accumulated(model, cache);
            Tensor read = stack.normalisedEach(model); // [place, 1, pos, d_model]
            Tensor unembedding = model.weights().unembedding().detach().to(DType.F64);
            Tensor bias = model.weights().bias("unembed.b_U");
            for (int place = 0; place < stack.labels().size(); place++) {
                Tensor at = read.select(0, place).select(1, position).to(DType.F64); // [1, d_model]
                Tensor product = at.matmul(unembedding);
                Tensor logits = bias == null ? product : product.plus(bias.detach());
                likeliest.add(likeliest(logits.select(0, 0).softmax(0).toDoubles(), most));
            }
            return new EarlyAnswers(position, stack.labels(), likeliest);
        }
    }

    private static List<Guess> likeliest(double[] chances, int most) {
        return IntStream.range(0, chances.length)
                .mapToObj(answer -> new Guess(answer, chances[answer]))
                .sorted(Comparator.comparingDouble(Guess::probability).reversed())
                .limit(most)
                .toList();
    }
}
