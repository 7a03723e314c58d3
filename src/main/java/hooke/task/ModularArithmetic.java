package hooke.task;

import hooke.Check;
import hooke.Printable;
import hooke.config.task.TaskConfig;
import hooke.config.task.TaskConfig.ModularArithmetic.Operation;
import java.math.BigInteger;
import java.util.List;

/** {@code [a, b, =] -> a op b (mod p)}. Example number {@code a p + b}; for division {@code a (p - 1) + b - 1}. */
public record ModularArithmetic(TaskConfig.ModularArithmetic config) implements Configured {
    private Equation equation() {
        return new Equation(config.format(), p());
    }

    private int p() {
        return config.modulus();
    }

    private int firstB() {
        return config.operation() == Operation.DIVIDE ? 1 : 0;
    }

    private int a(int example) {
        return example / (p() - firstB());
    }

    private int b(int example) {
        return example % (p() - firstB()) + firstB();
    }

    @Override
    public int[] tokens(int example) {
        return equation().tokens(a(example), b(example));
    }

    @Override
    public int[] answerPositions() {
        return equation().answerPositions();
    }

    @Override
    public int[] answers(int example) {
        return new int[] {compute(a(example), b(example))};
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
        return equation().positionLabels();
    }

    @Override
    public String tokenLabel(int token) {
        int residue = equation().elementOf(token);
        return residue < 0 ? equation().signOf(token) : Integer.toString(residue);
    }

    @Override
    public String answerLabel(int answer) {
        return Integer.toString(answer);
    }

    @Override
    public String exampleQuestion() {
        return Math.min(7, config.modulus() - 1) + " " + Math.min(16, config.modulus() - 1);
    }

    @Override
    public Question parseQuestion(List<String> words) {
        Check.that(
                words.size() == 2,
                "the question '%s' must be two residues a b, for a %s b mod %s",
                Printable.beginning(String.join(" ", words)),
                config.operation().sign(),
                p());
        int a = residue(words.get(0));
        int b = residue(words.get(1));
        Check.that(b >= firstB(), "b (%s) must not be 0: nothing can be divided by it", b);
        return new Question.AtOnce(equation().tokens(a, b), answerPositions());
    }

    private int residue(String word) {
        return Numbers.parse(word, "a residue", p() - 1);
    }

    @Override
    public String sentence(int[] tokens, int[] classes) {
        int a = equation().element(tokens, "a");
        int b = equation().element(tokens, "b");
        return a + " " + config.operation().sign() + " " + b + " = " + classes[0] + " (mod " + p() + ")";
    }
}
