package hooke.lens.life;

import hooke.hook.Hooks;
import hooke.model.Transformer;
import hooke.task.life.LifeText;
import hooke.task.life.Player;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A model that writes the most probable byte each time. It reads the whole text again for every byte, many boards at once, until each has
 * written its end or as many bytes as a right answer has.
 */
public record GreedyPlayer(Transformer model) implements Player {
    /** Logits of so many numbers at once, 64 MiB. */
    private static final int LOGITS = 1 << 24;

    @Override
    public List<String> answers(List<String> boards, LifeText text) {
        int most = Math.max(1, LOGITS / (text.length() * model.config().dVocabOut()));
        List<String> answers = new ArrayList<>();
        for (int from = 0; from < boards.size(); from += most) {
            List<String> some = boards.subList(from, Math.min(from + most, boards.size()));
            int[][] prompts =
                    some.stream().map(b -> LifeText.tokens(text.prompt(b))).toArray(int[][]::new);
            answers.addAll(continued(prompts, text.answerLength()));
        }
        return answers;
    }

    private List<String> continued(int[][] prompts, int most) {
        int[][] tokens = prompts.clone();
        var written = new StringBuilder[prompts.length];
        Arrays.setAll(written, _ -> new StringBuilder());
        for (int i = 0; i < most && !Arrays.stream(written).allMatch(GreedyPlayer::hasEnded); i++) {
            int[] next = next(tokens);
            for (int row = 0; row < tokens.length; row++) {
                tokens[row] = Arrays.copyOf(tokens[row], tokens[row].length + 1);
                tokens[row][tokens[row].length - 1] = next[row];
                if (!hasEnded(written[row])) {
                    written[row].append((char) next[row]);
                }
            }
        }
        return Arrays.stream(written).map(StringBuilder::toString).toList();
    }

    private static boolean hasEnded(StringBuilder written) {
        return !written.isEmpty() && written.charAt(written.length() - 1) == LifeText.END;
    }

    /** The most probable byte behind each text, the first of several. */
    private int[] next(int[][] tokens) {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            Tensor logits = model.forward(tokens, Hooks.NONE).select(1, tokens[0].length - 1L); // [batch, d_vocab_out]
            long[] best = logits.argmax(1).toLongs();
            return Arrays.stream(best).mapToInt(Math::toIntExact).toArray();
        }
    }
}
