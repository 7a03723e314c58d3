package hooke.task;

import java.util.Arrays;
import java.util.OptionalInt;

/** A task whose models learn what comes next, so that they can go on from any beginning. */
public interface SequenceTask extends Task {
    /** The tokens of a beginning; an {@link hooke.InputException} says what is wrong with it. */
    int[] tokens(String text);

    /** Tokens among these that stand for what the run's tokenizer does not know. */
    default int unknown(int[] tokens) {
        return 0;
    }

    /** Tokens as text, put together as they are. */
    String text(int[] tokens);

    /** What tokens add to the text of a beginning: behind one, a token may stand for more than alone, such as the space before a word. */
    default String continued(int[] beginning, int[] tokens) {
        int[] all = Arrays.copyOf(beginning, beginning.length + tokens.length);
        System.arraycopy(tokens, 0, all, beginning.length, tokens.length);
        return text(all).substring(text(beginning).length());
    }

    /** The tokens before a sequence that begins with nothing; empty where each needs a beginning of its own. */
    default int[] start() {
        return new int[0];
    }

    /** The token that ends a sequence. */
    OptionalInt end();
}
