package hooke.task;

import hooke.Check;
import hooke.Printable;
import hooke.config.task.TaskConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * {@code [a, b, =] -> a . b}, {@code (a . b)[i] = a[b[i]]}, over all pairs of permutations, which are numbered lexicographically. Example
 * number {@code a n! + b}.
 */
public record Permutation(TaskConfig.Permutation config) implements Configured {
    private Equation equation() {
        return new Equation(config.format(), count());
    }

    private int count() {
        return config.dVocabOut();
    }

    @Override
    public int[] tokens(int example) {
        return equation().tokens(example / count(), example % count());
    }

    @Override
    public int[] answerPositions() {
        return equation().answerPositions();
    }

    @Override
    public int[] answers(int example) {
        int[] a = images(example / count());
        int[] b = images(example % count());
        return new int[] {number(Arrays.stream(b).map(i -> a[i]).toArray())};
    }

    /** Where a permutation, by its number, sends 0, 1, ...: the digits of the number to factorial bases choose among what is left. */
    public int[] images(int number) {
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < config.elements(); i++) {
            left.add(i);
        }
        int[] images = new int[config.elements()];
        int rest = number;
        int block = count();
        for (int i = 0; i < images.length; i++) {
            block /= images.length - i;
            images[i] = left.remove(/* index */ rest / block);
            rest %= block;
        }
        return images;
    }

    /** The number of a permutation among all in lexicographic order. */
    public int number(int[] images) {
        int number = 0;
        for (int i = 0; i < images.length; i++) {
            int smallerBehind = 0;
            for (int j = i + 1; j < images.length; j++) {
                if (images[j] < images[i]) {
                    smallerBehind++;
                }
            }
            number = number * (images.length - i) + smallerBehind;
        }
        return number;
    }

    @Override
    public List<String> positionLabels() {
        return equation().positionLabels();
    }

    @Override
    public String tokenLabel(int token) {
        int element = equation().elementOf(token);
        return element < 0 ? equation().signOf(token) : word(element);
    }

    private String word(int permutation) {
        return Arrays.stream(images(permutation)).mapToObj(Integer::toString).collect(Collectors.joining());
    }

    @Override
    public String answerLabel(int answer) {
        return word(answer);
    }

    @Override
    public String exampleQuestion() {
        String identity = "012345".substring(0, config.elements());
        String reversed = new StringBuilder(identity).reverse().toString();
        return reversed + " " + reversed;
    }

    @Override
    public Question parseQuestion(List<String> words) {
        Check.that(
                words.size() == 2,
                "the question '%s' must be two permutations a b of the digits 0 to %s, as in %s %s",
                Printable.beginning(String.join(" ", words)),
                config.elements() - 1,
                word(1),
                word(count() - 1));
        return new Question.AtOnce(equation().tokens(parse(words.get(0)), parse(words.get(1))), answerPositions());
    }

    private int parse(String word) {
        int[] digits = word.chars().map(c -> c - '0').toArray();
        int[] sorted = Arrays.stream(digits).sorted().toArray();
        Check.that(
                Arrays.equals(sorted, images(0)),
                "'%s' must be a permutation: every digit from 0 to %s once, as in %s",
                word,
                config.elements() - 1,
                word(1));
        return number(digits);
    }

    @Override
    public String sentence(int[] tokens, int[] classes) {
        return word(equation().element(tokens, "a")) + " . " + word(equation().element(tokens, "b")) + " = "
                + word(classes[0]);
    }
}
