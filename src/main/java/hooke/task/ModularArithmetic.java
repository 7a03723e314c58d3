package hooke.task;

import hooke.Check;
import hooke.config.TaskConfig;
import hooke.config.TaskConfig.ModularArithmetic.Operation;
import java.math.BigInteger;
import java.util.List;

/** {@code [a, b, =] -> a op b (mod p)}. Example number {@code a p + b}; for division, b runs from 1. */
public record ModularArithmetic(TaskConfig.ModularArithmetic config) implements Task {
    private int p() {
        return config.modulus();
    }

    private int firstB() {
        return config.operation() == Operation.DIVIDE ? 1 : 0;
    }

    @Override
    public int size() {
        return config.size();
    }

    @Override
    public int[] tokens(int example) {
        int bs = p() - firstB();
        return new int[] {example / bs, example % bs + firstB(), p()};
    }

    @Override
    public int[] answerPositions() {
        return new int[] {2};
    }

    @Override
    public int[] answers(int example) {
        int[] ab = tokens(example);
        return new int[] {compute(ab[0], ab[1])};
    }

    private int compute(int a, int b) {
        long value = switch (config.operation()) {
            case ADD -> (long) a + b;
            case SUBTRACT -> (long) a - b;
            case MULTIPLY -> (long) a * b;
            case DIVIDE ->
                (long) a
                        * BigInteger.valueOf(b)
                                .modInverse(BigInteger.valueOf(p()))
                                .intValueExact();
        };
        return Math.floorMod(value, p());
    }

    @Override
    public List<String> positionLabels() {
        return List.of("a", "b", "=");
    }

    @Override
    public String tokenLabel(int token) {
        return token == p() ? "=" : Integer.toString(token);
    }

    @Override
    public int[] parseQuestion(List<String> words) {
        Check.that(
                words.size() == 2,
                "the question '%s' must be two residues a b, for a %s b mod %s",
                String.join(" ", words),
                config.operation().sign(),
                p());
        int[] tokens = {residue(words.get(0)), residue(words.get(1)), p()};
        Check.that(tokens[1] >= firstB(), "b (%s) must not be 0: nothing can be divided by it", tokens[1]);
        return tokens;
    }

    private int residue(String word) {
        return Numbers.parse(word, "a residue", p() - 1);
    }

    @Override
    public String sentence(int[] tokens, int[] classes) {
        return tokens[0] + " " + config.operation().sign() + " " + tokens[1] + " = " + classes[0] + " (mod " + p()
                + ")";
    }
}
