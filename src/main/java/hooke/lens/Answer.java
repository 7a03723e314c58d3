package hooke.lens;

import hooke.hook.Hooks;
import hooke.model.Transformer;
import hooke.task.Question;
import hooke.tensor.DType;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Arrays;

/**
 * What a model answers: the most probable class at each position that is asked for.
 *
 * @param tokens that the model read: those of the question, and those of its own answer that it went on from
 * @param probabilities of the classes
 */
public record Answer(int[] tokens, int[] classes, double[] probabilities) {

    public static Answer of(Transformer model, Question question) {
        return switch (question) {
            case Question.AtOnce(int[] tokens, int[] positions) -> read(model, tokens, positions);
            case Question.Continued(int[] tokens, int most, int end) -> continued(model, tokens, most, end);
        };
    }

    private static Answer continued(Transformer model, int[] question, int most, int end) {
        int[] tokens = question;
        int[] classes = new int[most];
        double[] probabilities = new double[most];
        for (int i = 0; i < most; i++) {
            Answer next = read(model, tokens, new int[] {tokens.length - 1});
            classes[i] = next.classes()[0];
            probabilities[i] = next.probabilities()[0];
            if (classes[i] == end || i == most - 1) {
                return new Answer(tokens, Arrays.copyOf(classes, i + 1), Arrays.copyOf(probabilities, i + 1));
            }
            tokens = Arrays.copyOf(tokens, tokens.length + 1);
            tokens[tokens.length - 1] = classes[i];
        }
        throw new IllegalArgumentException("a question asks for at least one token");
    }

    private static Answer read(Transformer model, int[] tokens, int[] positions) {
        int[] classes = new int[positions.length];
        double[] probabilities = new double[positions.length];
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            Tensor logits = model.forward(new int[][] {tokens}, Hooks.NONE); // [1, pos, d_vocab_out]
            for (int i = 0; i < positions.length; i++) {
                double[] chances = logits.select(0, 0)
                        .select(0, positions[i])
                        .to(DType.F64)
                        .softmax(0)
                        .toDoubles(); // [d_vocab_out]
                for (int c = 0; c < chances.length; c++) {
                    if (chances[c] > chances[classes[i]]) {
                        classes[i] = c;
                    }
                }
                probabilities[i] = chances[classes[i]];
            }
        }
        return new Answer(tokens, classes, probabilities);
    }
}
