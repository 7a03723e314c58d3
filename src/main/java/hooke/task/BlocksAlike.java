package hooke.task;

import hooke.config.form.Words;
import hooke.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Whole blocks of a text, which an analysis can lay side by side: each position is answered by the next token. A question need not fill
 * one: it is the beginning of a document, as for the text itself.
 *
 * @param blocks each with one token more than the context
 */
@SuppressWarnings("ArrayRecordComponent") // changed by nobody
record BlocksAlike(Text text, Tokenizer cutter, int[][] blocks) implements FiniteTask {
    @Override
    public int dVocab() {
        return cutter.size();
    }

    @Override
    public int dVocabOut() {
        return cutter.size();
    }

    @Override
    public int nCtx() {
        return blocks[0].length - 1;
    }

    @Override
    public int size() {
        return blocks.length;
    }

    @Override
    public int[] tokens(int example) {
        return Arrays.copyOf(blocks[example], nCtx());
    }

    @Override
    public int[] answerPositions() {
        return IntStream.range(0, nCtx()).toArray();
    }

    @Override
    public int[] answers(int example) {
        return Arrays.copyOfRange(blocks[example], 1, nCtx() + 1);
    }

    @Override
    public String tokenLabel(int token) {
        return text.tokenLabel(token);
    }

    /** The text alone: what comes next stands in it. */
    @Override
    public String sentence(int[] tokens, int[] classes) {
        return Words.shown(text.text(tokens).strip().replace("\n", " ⏎ "), 120);
    }

    @Override
    public Question parseQuestion(List<String> words) {
        return text.parseQuestion(words);
    }

    @Override
    public String exampleQuestion() {
        return text.exampleQuestion();
    }
}
