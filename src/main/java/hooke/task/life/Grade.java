package hooke.task.life;

import java.util.OptionalDouble;

/**
 * One generated text against the board that is right. A cell that is missing, because the answer is short or has no brackets, is wrong.
 *
 * @param cells of the board
 * @param right cells that are
 * @param firstWrong the first cell that is not, row by row; -1 where all are right
 * @param whole whether the answer is the board, its padding included, and nothing else
 * @param wellFormed see {@link LifeText#isWellFormed}
 * @param original the original's metric: 1 less the share of its padded length at which an answer differs; a short answer is compared
 *     as far as it goes. Empty where the original stopped, without brackets, which it then counted as 0
 */
public record Grade(int cells, int right, int firstWrong, boolean whole, boolean wellFormed, OptionalDouble original) {
    /**
     * @param generated what a model wrote behind the prompt
     * @param board that is right
     */
    public static Grade of(String generated, String board, int padding) {
        String answer = LifeText.bracketed(generated).orElse("");
        String truth = board + "p".repeat(padding - board.length());
        int right = 0;
        int firstWrong = -1;
        for (int i = 0; i < board.length(); i++) {
            if (i < answer.length() && answer.charAt(i) == board.charAt(i)) {
                right++;
            } else if (firstWrong < 0) {
                firstWrong = i;
            }
        }
        int differing = 0;
        for (int i = 0; i < Math.min(answer.length(), padding); i++) {
            differing += answer.charAt(i) == truth.charAt(i) ? 0 : 1;
        }
        return new Grade(
                board.length(),
                right,
                firstWrong,
                answer.equals(truth),
                LifeText.isWellFormed(generated, board.length(), padding),
                LifeText.bracketed(generated).isEmpty()
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(1 - differing / (double) padding));
    }
}
