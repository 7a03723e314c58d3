package hooke;

/**
 * What the user gave is wrong: one sentence that names the thing and the rule. The command line prints the sentence alone and exits
 * with 2; every other exception is a fault of the program and keeps its stack trace.
 */
public final class InputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public InputException(String sentence) {
        super(sentence);
    }

    public InputException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
