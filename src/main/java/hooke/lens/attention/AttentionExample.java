package hooke.lens.attention;

import hooke.lens.Examples;
import hooke.lens.OpenedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What every head attends to on an example that a person can read; or, where it is a mean, on many.
 *
 * @param name the example in words, with its right answer
 * @param tokens in words, one a position
 * @param patterns every head of every layer, in order
 */
public record AttentionExample(String name, List<String> tokens, List<AttentionPattern> patterns) {
    public AttentionExample {
        tokens = List.copyOf(tokens);
        patterns = List.copyOf(patterns);
    }

    /** Each of the examples. */
    public static List<AttentionExample> of(OpenedModel opened, Examples examples) {
        List<AttentionExample> all = new ArrayList<>();
        for (int i = 0; i < examples.n(); i++) {
            int[] tokens = examples.tokens()[i];
            all.add(new AttentionExample(
                    opened.task().sentence(tokens, examples.answers()[i]),
                    Arrays.stream(tokens).mapToObj(opened.task()::tokenLabel).toList(),
                    AttentionPattern.of(opened, tokens)));
        }
        return all;
    }
}
