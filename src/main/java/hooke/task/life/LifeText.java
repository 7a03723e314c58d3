package hooke.task.life;

import hooke.Check;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How a board and its next generation are written: {@code @PredictNextState<0110ppp> [0000ppp]$}, a byte a token. Both boards are padded
 * behind their cells to one length, so only the number of {@code p} tells the width.
 */
public record LifeText(int padding) {
    private static final String BEFORE = "@PredictNextState<";
    private static final String BETWEEN = "> [";
    private static final String AFTER = "]$";

    /** Ends a text. */
    public static final byte END = '$';

    /** Up to and with {@code >}: what a model goes on from. */
    public String prompt(String board) {
        return BEFORE + padded(board) + ">";
    }

    /** What a right answer writes behind the prompt. */
    public String answer(String next) {
        return BETWEEN.substring(1) + padded(next) + AFTER;
    }

    /** The whole text of an example. */
    public String text(String board, String next) {
        return prompt(board) + answer(next);
    }

    private String padded(String board) {
        Check.that(
                board.length() <= padding,
                "a board of %s cells is longer than the %s that the text has room for",
                board.length(),
                padding);
        return board + "p".repeat(padding - board.length());
    }

    /** Where the board's cells begin. */
    public int question() {
        return BEFORE.length();
    }

    /** Where the text behind the prompt begins. */
    public int answer() {
        return BEFORE.length() + padding + 1;
    }

    /** Where the cells of the next generation begin. */
    public int next() {
        return BEFORE.length() + padding + BETWEEN.length();
    }

    public int length() {
        return next() + padding + AFTER.length();
    }

    /** Most bytes that a right answer has behind the prompt. */
    public int answerLength() {
        return length() - answer();
    }

    public static int[] tokens(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int[] tokens = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            tokens[i] = bytes[i] & 0xFF;
        }
        return tokens;
    }

    public static String of(int[] tokens) {
        var text = new StringBuilder(tokens.length);
        for (int token : tokens) {
            text.append((char) token);
        }
        return text.toString();
    }

    /** What stands between the first {@code [} and the next {@code ]}; empty where these are missing. */
    public static Optional<String> bracketed(String generated) {
        int from = generated.indexOf('[');
        int to = generated.indexOf(']', Math.max(0, from));
        return from < 0 || to < 0 ? Optional.empty() : Optional.of(generated.substring(from + 1, to));
    }

    /** Whether it stands in brackets, is as long as it must be, and has cells where cells belong and p behind them. */
    public static boolean isWellFormed(String generated, int cells, int padding) {
        return bracketed(generated)
                .filter(answer -> answer.length() == padding
                        && answer.substring(0, cells).matches("[01]*")
                        && answer.substring(cells).matches("p*"))
                .isPresent();
    }

    /** The board that a text begins with between the first {@code <} and the padding. */
    public static String board(String text) {
        return text.substring(text.indexOf('<') + 1).replaceFirst("[^01].*$", "");
    }

    /** So many cells of what a model wrote between the brackets: what is missing or no cell is dead. */
    public static String cells(String generated, int cells) {
        String answer = bracketed(generated).orElse("");
        var board = new StringBuilder(cells);
        for (int i = 0; i < cells; i++) {
            board.append(i < answer.length() && answer.charAt(i) == '1' ? '1' : '0');
        }
        return board.toString();
    }
}
